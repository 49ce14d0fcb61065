import { aivenFacts } from "./aiven/facts.ts";
import { aivenGuide } from "./aiven/guide.ts";
import { auroraDsqlFacts } from "./aurora-dsql/facts.ts";
import { auroraDsqlGuide } from "./aurora-dsql/guide.ts";
import { azureCitusFacts } from "./azure-citus/facts.ts";
import { azureCitusGuide } from "./azure-citus/guide.ts";
import { azurePostgresFacts } from "./azure-postgres/facts.ts";
import { azurePostgresGuide } from "./azure-postgres/guide.ts";
import { cockroachdbFacts } from "./cockroachdb/facts.ts";
import { cockroachdbGuide } from "./cockroachdb/guide.ts";
import { crunchyBridgeFacts } from "./crunchy-bridge/facts.ts";
import { crunchyBridgeGuide } from "./crunchy-bridge/guide.ts";
import { digitaloceanFacts } from "./digitalocean/facts.ts";
import { digitaloceanGuide } from "./digitalocean/guide.ts";
import { googleCloudSqlFacts } from "./google-cloud-sql/facts.ts";
import { googleCloudSqlGuide } from "./google-cloud-sql/guide.ts";
import type { ProviderGuide } from "./guide.ts";
import { herokuFacts } from "./heroku/facts.ts";
import { herokuGuide } from "./heroku/guide.ts";
import type { ProviderId } from "./list.ts";
import { localFacts } from "./local/facts.ts";
import { localGuide } from "./local/guide.ts";
import { neonFacts } from "./neon/facts.ts";
import { neonGuide } from "./neon/guide.ts";
import { pgbouncerFacts } from "./pgbouncer/facts.ts";
import { pgbouncerGuide } from "./pgbouncer/guide.ts";
import type { ProviderFacts } from "./provider-facts.ts";
import { railwayFacts } from "./railway/facts.ts";
import { railwayGuide } from "./railway/guide.ts";
import { rdsFacts } from "./rds/facts.ts";
import { rdsGuide } from "./rds/guide.ts";
import { rdsProxyFacts } from "./rds-proxy/facts.ts";
import { rdsProxyGuide } from "./rds-proxy/guide.ts";
import { renderFacts } from "./render/facts.ts";
import { renderGuide } from "./render/guide.ts";
import { supabaseFacts } from "./supabase/facts.ts";
import { supabaseGuide } from "./supabase/guide.ts";
import { supabasePoolerFacts } from "./supabase-pooler/facts.ts";
import { supabasePoolerGuide } from "./supabase-pooler/guide.ts";
import { timescaleFacts } from "./timescale/facts.ts";
import { timescaleGuide } from "./timescale/guide.ts";
import { yugabytedbFacts } from "./yugabytedb/facts.ts";
import { yugabytedbGuide } from "./yugabytedb/guide.ts";

/** What is known of each provider besides what the form needs. Not for the browser: it would only weigh there. */
export const providerFacts: Readonly<Record<ProviderId, ProviderFacts>> = {
  "rds-proxy": rdsProxyFacts,
  rds: rdsFacts,
  "aurora-dsql": auroraDsqlFacts,
  "azure-citus": azureCitusFacts,
  "azure-postgres": azurePostgresFacts,
  supabase: supabaseFacts,
  "supabase-pooler": supabasePoolerFacts,
  neon: neonFacts,
  "google-cloud-sql": googleCloudSqlFacts,
  heroku: herokuFacts,
  digitalocean: digitaloceanFacts,
  railway: railwayFacts,
  render: renderFacts,
  timescale: timescaleFacts,
  cockroachdb: cockroachdbFacts,
  yugabytedb: yugabytedbFacts,
  aiven: aivenFacts,
  "crunchy-bridge": crunchyBridgeFacts,
  pgbouncer: pgbouncerFacts,
  local: localFacts,
};

/** The guide of each provider. Neither for the browser: the help pages are written on the server. */
export const providerGuides: Readonly<Record<ProviderId, ProviderGuide>> = {
  "rds-proxy": rdsProxyGuide,
  rds: rdsGuide,
  "aurora-dsql": auroraDsqlGuide,
  "azure-citus": azureCitusGuide,
  "azure-postgres": azurePostgresGuide,
  supabase: supabaseGuide,
  "supabase-pooler": supabasePoolerGuide,
  neon: neonGuide,
  "google-cloud-sql": googleCloudSqlGuide,
  heroku: herokuGuide,
  digitalocean: digitaloceanGuide,
  railway: railwayGuide,
  render: renderGuide,
  timescale: timescaleGuide,
  cockroachdb: cockroachdbGuide,
  yugabytedb: yugabytedbGuide,
  aiven: aivenGuide,
  "crunchy-bridge": crunchyBridgeGuide,
  pgbouncer: pgbouncerGuide,
  local: localGuide,
};
