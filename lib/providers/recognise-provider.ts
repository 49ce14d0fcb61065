import { auroraDsql } from "./aurora-dsql.ts";
import { azureCitus } from "./azure-citus.ts";
import { azurePostgres } from "./azure-postgres.ts";
import { local } from "./local.ts";
import { neon } from "./neon.ts";
import type { Provider } from "./provider.ts";
import { rds } from "./rds.ts";
import { supabase } from "./supabase.ts";

/** All that are known; the first that fits a host wins, so the narrower one stands first. */
export const providers: readonly Provider[] = [
  rds,
  auroraDsql,
  azureCitus,
  azurePostgres,
  supabase,
  neon,
  local,
];

/**
 * The provider that a host name belongs to, by the whole name: `x.rds.amazonaws.com.evil.test` is not RDS.
 * @param host as typed; case and one closing dot do not count
 */
export function recogniseProvider(host: string): Provider | undefined {
  // RFC 1035 2.3.4: a name has at most 253 letters as it is written.
  if (host.length > 254) return undefined;
  const name = host.trim().toLowerCase().replace(/\.$/, "");
  return providers.find((provider) => provider.hosts.test(name));
}

/** The provider with this id, as in the address of a help page. */
export function findProvider(id: string): Provider | undefined {
  return providers.find((provider) => provider.id === id);
}
