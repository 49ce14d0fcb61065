import { aiven } from "./aiven/provider.ts";
import { auroraDsql } from "./aurora-dsql/provider.ts";
import { azureCitus } from "./azure-citus/provider.ts";
import { azurePostgres } from "./azure-postgres/provider.ts";
import { cockroachdb } from "./cockroachdb/provider.ts";
import { crunchyBridge } from "./crunchy-bridge/provider.ts";
import { digitalocean } from "./digitalocean/provider.ts";
import { googleCloudSql } from "./google-cloud-sql/provider.ts";
import { heroku } from "./heroku/provider.ts";
import { local } from "./local/provider.ts";
import { neon } from "./neon/provider.ts";
import { pgbouncer } from "./pgbouncer/provider.ts";
import type { ProviderData } from "./provider.ts";
import { railway } from "./railway/provider.ts";
import { rds } from "./rds/provider.ts";
import { rdsProxy } from "./rds-proxy/provider.ts";
import { render } from "./render/provider.ts";
import { supabase } from "./supabase/provider.ts";
import { supabasePooler } from "./supabase-pooler/provider.ts";
import { timescale } from "./timescale/provider.ts";
import { yugabytedb } from "./yugabytedb/provider.ts";

/** All that are known; the first that fits a host wins, so the narrower one stands first. */
const list = [
  rdsProxy,
  rds,
  auroraDsql,
  azureCitus,
  azurePostgres,
  supabase,
  supabasePooler,
  neon,
  googleCloudSql,
  heroku,
  digitalocean,
  railway,
  render,
  timescale,
  cockroachdb,
  yugabytedb,
  aiven,
  crunchyBridge,
  pgbouncer,
  local,
] as const satisfies readonly ProviderData[];

/** The one list of ids; facts and guides are keyed by it (`pages.ts`), so that none can be forgotten. */
export type ProviderId = (typeof list)[number]["id"];

export interface Provider extends ProviderData {
  readonly id: ProviderId;
}

export const providers: readonly Provider[] = list;
