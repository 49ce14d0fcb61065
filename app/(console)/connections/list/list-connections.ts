import "server-only";
import { workspace } from "#app/_server/workspace.ts";
import type { TlsSettings } from "#lib/profiles/profile.ts";
import type { Seen } from "#lib/saved/last-seen.ts";
import type { SavedProfile } from "#lib/saved/profile-store.ts";
import { checksOfTls } from "#lib/settings/checks-of.ts";
import type { Environment } from "#lib/settings/form-values.ts";
import { type Actor, type Level, levelOf } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";
import {
  arrangeList,
  type Beside,
  daysLeftOf,
  type Listable,
  type ListPage,
  pageOfList,
  type SectionOnPage,
  tlsStateOf,
} from "./arrange-list.ts";
import type { ConnectionsQuery } from "./connections-query.ts";
import type { TlsState } from "./list-choices.ts";
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
  readonly tls: TlsState;
  /** The name of who tried it last, where that is known. */
  readonly triedBy?: string;
  readonly group?: string;
  readonly tags: readonly string[];
  readonly favourite: boolean;
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
  const everybodys = inOrder(listed.value);
  const all =
    actor.role === "owner" ? everybodys : everybodys.filter(({ profile }) => isSeen(level(profile.id)));
  const matching = searched(all, search);
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
      { ...(await notesOf(opened.value)), favourites: new Set() },
    ),
    damaged: damaged.ok ? damaged.value.map((record) => record.id).filter((id) => level(id) !== "none") : [],
  };
}

/** The list of connections as its page shows it. */
export interface ConnectionsPage extends Omit<ListPage<ListedConnection>, "sections"> {
  readonly all: number;
  /** How many match the search and the filters. */
  readonly matching: number;
  readonly sections: readonly SectionOnPage<ListedConnection>[];
  /** Names of all groups and tags of what whoever looks can see, in order. */
  readonly groups: readonly string[];
  readonly tags: readonly string[];
  readonly damaged: readonly string[];
}

/**
 * One page of what this person can see, in sections.
 * @returns no rows when the store is locked (the page's guard says so)
 */
export async function connectionsPage(
  actor: Actor,
  query: ConnectionsQuery,
  pageSize: number,
): Promise<ConnectionsPage> {
  const found = await seenBy(actor);
  if (found === undefined) return emptyPage;
  const { all, level, beside, damaged } = found;
  const sections = arrangeList(searched(all, query.search), query, beside);
  const { sections: onPage, ...page } = pageOfList(sections, query.page, pageSize);
  const rows = await rowsOf(
    onPage.flatMap((section) => section.rows).map(({ profile }) => profile),
    level,
    beside,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    ...page,
    all: all.length,
    matching: sections.reduce((sum, section) => sum + section.rows.length, 0),
    sections: onPage.map((section) => ({
      ...section,
      rows: section.rows.flatMap(({ id }) => byId.get(id) ?? []),
    })),
    ...labelNames(all, beside),
    damaged,
  };
}

/** All that match, on whatever page, in the list's order: to be tested. */
export async function matchingConnections(
  actor: Actor,
  query: ConnectionsQuery,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const found = await seenBy(actor);
  if (found === undefined) return [];
  return arrangeList(searched(found.all, query.search), query, found.beside)
    .flatMap((section) => section.rows)
    .map(({ id, name }) => ({ id, name }));
}

/** What somebody can see, in the order of names, with what is known of it. */
async function seenBy(actor: Actor): Promise<
  | {
      readonly all: readonly Found[];
      readonly level: (id: string) => Level;
      readonly beside: Beside;
      readonly damaged: readonly string[];
    }
  | undefined
> {
  const opened = await workspace();
  if (!opened.ok) return undefined;
  const { profiles, grants, favourites } = opened.value;
  const [listed, book] = [await profiles.list(), await grants.read()];
  if (!listed.ok || !book.ok) return undefined;
  const level = (id: string) => levelOf(actor, book.value.of(id));
  const sees = (id: string) => actor.role === "owner" || level(id) !== "none";
  const damaged = await profiles.damaged();
  const starred = await favourites.of(actor.id);
  const everybodys = inOrder(listed.value);
  return {
    all: actor.role === "owner" ? everybodys : everybodys.filter(({ id }) => sees(id)),
    level,
    beside: { ...(await notesOf(opened.value)), favourites: starred.ok ? starred.value : new Set() },
    damaged: damaged.ok ? damaged.value.map(({ id }) => id).filter(sees) : [],
  };
}

async function notesOf({ labels, lastSeen }: Workspace): Promise<Omit<Beside, "favourites">> {
  const labelled = await labels.all();
  return {
    seen: await lastSeen.all(),
    labels: labelled.ok ? labelled.value : new Map(),
    now: Date.now(),
  };
}

function searched(all: readonly Found[], search: string): readonly Found[] {
  const wanted = search.toLowerCase();
  return wanted === "" ? all : all.filter(({ words }) => words.includes(wanted));
}

/** A name that stands on nothing they can see is not told to them. */
function labelNames(
  all: readonly Found[],
  { labels }: Beside,
): { readonly groups: readonly string[]; readonly tags: readonly string[] } {
  const groups = new Set<string>();
  const tags = new Set<string>();
  if (labels.size > 0) {
    for (const { id } of all) {
      const label = labels.get(id);
      if (label?.group !== undefined) groups.add(label.group);
      for (const tag of label?.tags ?? []) tags.add(tag);
    }
  }
  return { groups: [...groups].sort(byName.compare), tags: [...tags].sort(byName.compare) };
}

/** The names of all groups and tags of what this person can see, in order. */
export async function knownLabels(
  actor: Actor,
): Promise<{ readonly groups: readonly string[]; readonly tags: readonly string[] }> {
  const found = await seenBy(actor);
  return found === undefined ? { groups: [], tags: [] } : labelNames(found.all, found.beside);
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
    { ...(await notesOf(opened.value)), favourites: new Set() },
  );
}

const emptyPage: ConnectionsPage = {
  all: 0,
  matching: 0,
  page: 1,
  pages: 1,
  from: 0,
  shown: 0,
  open: 0,
  sections: [],
  groups: [],
  tags: [],
  damaged: [],
};
const nothing: ConnectionList = { all: 0, matching: 0, page: 1, pages: 1, rows: [], damaged: [] };

/** A connection beside what a search looks through. */
interface Found extends Listable {
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
      id: profile.id,
      name: profile.name,
      host: profile.host,
      environment: profile.environment,
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
  { seen: notes, labels, favourites, now }: Beside,
): Promise<readonly ListedConnection[]> {
  const names = await namesOf(profiles.flatMap(({ id }) => notes.get(id)?.by ?? []));
  return profiles.map((profile) => {
    const seen = notes.get(profile.id);
    const mark = markOf(profile.tls);
    const label = labels.get(profile.id);
    const daysLeft = daysLeftOf(seen, now);
    const triedBy = seen?.by === undefined ? undefined : names.get(seen.by);
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
      tls: tlsStateOf(seen),
      tags: label?.tags ?? [],
      favourite: favourites.has(profile.id),
      ...(label?.group === undefined ? {} : { group: label.group }),
      ...(seen === undefined ? {} : { seen }),
      ...(triedBy === undefined ? {} : { triedBy }),
      ...(daysLeft === undefined ? {} : { daysLeft }),
      ...(mark === undefined ? {} : { mark }),
    };
  });
}

/** Of users by their ids; who is no longer known has none. */
async function namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const opened = await workspace();
  const names = new Map<string, string>();
  if (!opened.ok) return names;
  for (const id of new Set(ids)) {
    const found = await opened.value.users.find(id);
    if (found.ok && found.value !== undefined) names.set(id, found.value.name);
  }
  return names;
}

function markOf(tls: TlsSettings): ListedConnection["mark"] {
  const { encryption } = checksOfTls(tls);
  if (encryption === "none") return "ssl-off";
  if (tls.allowSelfSigned) return "allowSelfSigned";
  return encryption === "optional" ? "fallback" : undefined;
}
