import { aivenGuide } from "./aiven/guide.ts";
import { auroraDsqlGuide } from "./aurora-dsql/guide.ts";
import { azureCitusGuide } from "./azure-citus/guide.ts";
import { azurePostgresGuide } from "./azure-postgres/guide.ts";
import { cockroachdbGuide } from "./cockroachdb/guide.ts";
import { crunchyBridgeGuide } from "./crunchy-bridge/guide.ts";
import { digitaloceanGuide } from "./digitalocean/guide.ts";
import { googleCloudSqlGuide } from "./google-cloud-sql/guide.ts";
import type { ProviderGuide } from "./guide.ts";
import { herokuGuide } from "./heroku/guide.ts";
import { localGuide } from "./local/guide.ts";
import { neonGuide } from "./neon/guide.ts";
import { pgbouncerGuide } from "./pgbouncer/guide.ts";
import { railwayGuide } from "./railway/guide.ts";
import { rdsGuide } from "./rds/guide.ts";
import { rdsProxyGuide } from "./rds-proxy/guide.ts";
import { renderGuide } from "./render/guide.ts";
import { supabaseGuide } from "./supabase/guide.ts";
import { supabasePoolerGuide } from "./supabase-pooler/guide.ts";
import { timescaleGuide } from "./timescale/guide.ts";
import { yugabytedbGuide } from "./yugabytedb/guide.ts";

/** The guide of every provider; a test finds those of each. */
export const providerGuides: readonly ProviderGuide[] = [
  rdsGuide,
  rdsProxyGuide,
  auroraDsqlGuide,
  azureCitusGuide,
  azurePostgresGuide,
  supabaseGuide,
  supabasePoolerGuide,
  neonGuide,
  googleCloudSqlGuide,
  herokuGuide,
  digitaloceanGuide,
  railwayGuide,
  renderGuide,
  timescaleGuide,
  cockroachdbGuide,
  yugabytedbGuide,
  aivenGuide,
  crunchyBridgeGuide,
  pgbouncerGuide,
  localGuide,
];

/** The guide of the provider with this id. */
export function findGuide(id: string): ProviderGuide | undefined {
  return providerGuides.find((guide) => guide.id === id);
}
