import { aiven } from "./aiven.ts";
import { auroraDsql } from "./aurora-dsql.ts";
import { azureCitus } from "./azure-citus.ts";
import { azurePostgres } from "./azure-postgres.ts";
import { cockroachdb } from "./cockroachdb.ts";
import { crunchyBridge } from "./crunchy-bridge.ts";
import { digitalocean } from "./digitalocean.ts";
import { googleCloudSql } from "./google-cloud-sql.ts";
import { heroku } from "./heroku.ts";
import { local } from "./local.ts";
import { neon } from "./neon.ts";
import { pgbouncer } from "./pgbouncer.ts";
import type { Provider } from "./provider.ts";
import { railway } from "./railway.ts";
import { rds } from "./rds.ts";
import { rdsProxy } from "./rds-proxy.ts";
import { render } from "./render.ts";
import { supabase } from "./supabase.ts";
import { supabasePooler } from "./supabase-pooler.ts";
import { timescale } from "./timescale.ts";
import { yugabytedb } from "./yugabytedb.ts";

/** All that are known; the first that fits a host wins, so the narrower one stands first. */
export const providers: readonly Provider[] = [
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
];

/**
 * The provider that a host name belongs to, by the whole name: `x.rds.amazonaws.com.evil.test` is not RDS.
 * @param host as typed; case and one closing dot do not count
 * @param port as typed; a hint where the host is nobody's, as PgBouncer's 6432
 */
export function recogniseProvider(host: string, port?: string | number): Provider | undefined {
  // RFC 1035 2.3.4: a name has at most 253 letters as it is written.
  if (host.length > 254) return undefined;
  const name = nameOf(host);
  const found = providers.find((provider) => provider.hosts?.test(name));
  if (found !== undefined || name === "" || port === undefined) return found;
  return providers.find((provider) => provider.ports?.includes(String(port).trim()));
}

/** The notes of a provider that hold for this host, in reading order. */
export function notesFor(provider: Provider, host: string): Provider["noteIds"] {
  const name = nameOf(host);
  const some = (provider.hostNotes ?? []).filter(({ hosts }) => hosts.test(name));
  return [...some.map(({ noteId }) => noteId), ...provider.noteIds];
}

/** The provider with this id, as in the address of a help page. */
export function findProvider(id: string): Provider | undefined {
  return providers.find((provider) => provider.id === id);
}

function nameOf(host: string): string {
  return host.trim().toLowerCase().replace(/\.$/, "");
}
