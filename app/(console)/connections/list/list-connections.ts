import "server-only";
import { workspace } from "#app/_server/workspace.ts";
import type { TlsSettings } from "#lib/profiles/profile.ts";
import type { Seen } from "#lib/saved/last-seen.ts";
import type { SavedProfile } from "#lib/saved/profile-store.ts";
import { checksOfTls } from "#lib/settings/checks-of.ts";
import type { Environment } from "#lib/settings/form-values.ts";
import { type Actor, type Level, levelOf } from "#lib/team/access.ts";
import type { ListQuery } from "./list-query.ts";

/** A saved connection as the list shows it. */
export interface ListedConnection {
  readonly id: string;
  readonly rev: number;
  /** What whoever looks may do with it. */
  readonly level: Level;
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
  /** How many match the search. */
  readonly matching: number;
  /** The page that was found, from 1; the last one where a later one was asked for. */
  readonly page: number;
  readonly pages: number;
  /** Those of the page, in the order of their names. */
  readonly rows: readonly ListedConnection[];
  /** Ids of entries that are there but cannot be opened. */
  readonly damaged: readonly string[];
}

/** The search must occur in name, host, database or user. */
interface Window extends ListQuery {
  readonly pageSize: number;
  /** Who looks: what they have no access to is not there. */
  readonly actor: Actor;
  /** Those that they manage alone. */
  readonly managed?: boolean;
}

/**
 * One page of the saved connections in the order of their names.
 * @returns the page, and how many there are in all; no rows when the store is locked (the page's guard says so)
 */
export async function listConnections({
  search,
  page,
  pageSize,
  actor,
  managed = false,
}: Window): Promise<ConnectionList> {
  const opened = await workspace();
  if (!opened.ok) return nothing;
  const { profiles, grants } = opened.value;
  const [listed, book] = [await profiles.list(), await grants.read()];
  if (!listed.ok || !book.ok) return nothing;
  const level = (id: string) => levelOf(actor, book.value.of(id));
  const isSeen = (had: Level) => (managed ? had === "manage" : had !== "none");
  const damaged = await profiles.damaged();
  const wanted = search.toLowerCase();
  const everybodys = inOrder(listed.value);
  const all =
    actor.role === "owner" ? everybodys : everybodys.filter(({ profile }) => isSeen(level(profile.id)));
  const matching = wanted === "" ? all : all.filter(({ words }) => words.includes(wanted));
  const pages = Math.max(1, Math.ceil(matching.length / pageSize));
  const shown = Math.min(pages, Math.max(1, page));
  return {
    all: all.length,
    matching: matching.length,
    page: shown,
    pages,
    rows: await rowsOf(
      matching.slice((shown - 1) * pageSize, shown * pageSize).map(({ profile }) => profile),
      level,
    ),
    damaged: damaged.ok ? damaged.value.map((record) => record.id).filter((id) => level(id) !== "none") : [],
  };
}

/** These connections as the list shows them, whatever it is narrowed to; those that are there. */
export async function listedConnections(
  actor: Actor,
  ids: readonly string[],
): Promise<readonly ListedConnection[]> {
  const opened = await workspace();
  if (!opened.ok) return [];
  const [listed, book] = [await opened.value.profiles.list(), await opened.value.grants.read()];
  if (!listed.ok || !book.ok) return [];
  const level = (id: string) => levelOf(actor, book.value.of(id));
  return rowsOf(
    listed.value.filter(({ id }) => ids.includes(id) && level(id) !== "none"),
    level,
  );
}

const nothing: ConnectionList = { all: 0, matching: 0, page: 1, pages: 1, rows: [], damaged: [] };

/** A connection beside what a search looks through. */
interface Found {
  readonly profile: SavedProfile;
  readonly words: string;
}

/** Ordered once for as long as the list stays the same: of ten thousand that takes a tenth of a second. */
function inOrder(profiles: readonly SavedProfile[]): readonly Found[] {
  if (latest?.of === profiles) return latest.order;
  // What was in order before nearly is still: sorting that is a tenth of the work.
  const before = new Map(latest?.order.map(({ profile }, index) => [profile.id, index]));
  const place = ({ profile }: Found) => before.get(profile.id) ?? before.size;
  const order = profiles
    .map((profile) => ({
      profile,
      words: [profile.name, profile.host, profile.database, profile.user].join("\0").toLowerCase(),
    }))
    .sort((a, b) => place(a) - place(b))
    .sort((a, b) => byName.compare(a.profile.name, b.profile.name));
  latest = { of: profiles, order };
  return order;
}

let latest: { readonly of: readonly SavedProfile[]; readonly order: readonly Found[] } | undefined;
const byName = new Intl.Collator(undefined, { numeric: true });

async function rowsOf(
  profiles: readonly SavedProfile[],
  level: (id: string) => Level,
): Promise<readonly ListedConnection[]> {
  const opened = await workspace();
  const notes = opened.ok ? await opened.value.lastSeen.all() : new Map<string, Seen>();
  const now = Date.now();
  return profiles.map((profile) => {
    const seen = notes.get(profile.id);
    const mark = markOf(profile.tls);
    return {
      id: profile.id,
      rev: profile.rev,
      level: level(profile.id),
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
}

function markOf(tls: TlsSettings): ListedConnection["mark"] {
  const { encryption } = checksOfTls(tls);
  if (encryption === "none") return "ssl-off";
  if (tls.allowSelfSigned) return "allowSelfSigned";
  return encryption === "optional" ? "fallback" : undefined;
}
