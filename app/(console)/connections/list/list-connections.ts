import "server-only";
import { workspace } from "#app/_server/workspace.ts";
import type { TlsSettings } from "#lib/profiles/profile.ts";
import type { Seen } from "#lib/saved/last-seen.ts";
import { checksOfTls } from "#lib/settings/checks-of.ts";
import type { Environment } from "#lib/settings/form-values.ts";

/** A saved connection as the list shows it. */
export interface ListedConnection {
  readonly id: string;
  readonly rev: number;
  readonly name: string;
  readonly environment: Environment;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly seen?: Seen;
  /** Days until the server's certificate ends, parts of a day included; negative when it has. */
  readonly daysLeft?: number;
  /** A standing mark: what this connection gives up by its settings. */
  readonly mark?: "allowSelfSigned" | "ssl-off" | "fallback";
  readonly unparsed: boolean;
}

export interface ConnectionList {
  readonly all: number;
  /** All of them, in no order. */
  readonly rows: readonly ListedConnection[];
  readonly matching: readonly ListedConnection[];
  /** Ids of entries that are there but cannot be opened. */
  readonly damaged: readonly string[];
}

/**
 * The saved connections in the order of their names.
 * @param search text that must occur in name, host, database or user; empty for all
 * @returns how many there are, and those that match; no rows when the store is locked (the page's guard says so)
 */
export async function listConnections(search: string): Promise<ConnectionList> {
  const opened = await workspace();
  if (!opened.ok) return { all: 0, rows: [], matching: [], damaged: [] };
  const listed = await opened.value.profiles.list();
  if (!listed.ok) return { all: 0, rows: [], matching: [], damaged: [] };
  const damaged = await opened.value.profiles.damaged();
  const notes = await opened.value.lastSeen.all();
  const now = Date.now();
  const rows = listed.value.map((profile): ListedConnection => {
    const seen = notes.get(profile.id);
    const mark = markOf(profile.tls);
    return {
      id: profile.id,
      rev: profile.rev,
      name: profile.name,
      environment: profile.environment,
      host: profile.host,
      port: profile.port,
      database: profile.database,
      user: profile.user,
      unparsed: profile.imported?.unparsed !== undefined,
      ...(seen === undefined ? {} : { seen }),
      ...(seen?.notAfter == null ? {} : { daysLeft: (Date.parse(seen.notAfter) - now) / 86_400_000 }),
      ...(mark === undefined ? {} : { mark }),
    };
  });
  const wanted = search.toLowerCase();
  const matching = rows.filter((row) =>
    [row.name, row.host, row.database, row.user].some((text) => text.toLowerCase().includes(wanted)),
  );
  return {
    all: rows.length,
    rows,
    damaged: damaged.ok ? damaged.value.map((record) => record.id) : [],
    matching: matching.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true })),
  };
}

function markOf(tls: TlsSettings): ListedConnection["mark"] {
  const { encryption } = checksOfTls(tls);
  if (encryption === "none") return "ssl-off";
  if (tls.allowSelfSigned) return "allowSelfSigned";
  return encryption === "optional" ? "fallback" : undefined;
}
