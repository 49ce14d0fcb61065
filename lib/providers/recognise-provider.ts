import { type Provider, providers } from "./list.ts";
import { local } from "./local/provider.ts";
import { rootsIdOf } from "./provider.ts";

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

/** The packs of roots there are, each by its roots id: of all but what has no authority of its own. */
export const packIds: readonly string[] = [
  ...new Set(providers.filter(({ hosts, id }) => hosts !== null && id !== local.id).map(rootsIdOf)),
];

/** The provider with this id, as in the address of a help page. */
export function findProvider(id: string): Provider | undefined {
  return providers.find((provider) => provider.id === id);
}

function nameOf(host: string): string {
  return host.trim().toLowerCase().replace(/\.$/, "");
}
