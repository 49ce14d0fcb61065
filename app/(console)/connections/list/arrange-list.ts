import type { Label } from "#lib/saved/labels.ts";
import type { Seen } from "#lib/saved/last-seen.ts";
import { type Environment, environments } from "#lib/settings/form-values.ts";
import { type ConnectionsQuery, favouritesSection } from "./connections-query.ts";
import { expiringDays, type SortColumn, type TlsState, tlsStates } from "./list-choices.ts";

/** What the order of a list goes by. */
export interface Listable {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly environment: Environment;
}

/** What is known of connections besides what is saved of each. */
export interface Beside {
  readonly seen: ReadonlyMap<string, Seen>;
  readonly labels: ReadonlyMap<string, Label>;
  readonly favourites: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A part of the list. A list without groups and favourites is one part of no kind. */
export interface Section<T> {
  readonly kind: "favourites" | "group" | "rest" | "all";
  /** Of a group; empty for the others. */
  readonly name: string;
  /** What the address folds it by. */
  readonly key: string;
  readonly folded: boolean;
  readonly rows: readonly T[];
}

/**
 * Narrows a list and puts it in its order: favourites, then the groups by name, then what is in none; each by name, or by
 * the column that is asked for. What is not known of a connection comes last, whichever way the column goes.
 * @param all in the order of their names
 */
export function arrangeList<T extends Listable>(
  all: readonly T[],
  query: ConnectionsQuery,
  beside: Beside,
): readonly Section<T>[] {
  const rows = sorted(narrowed(all, query, beside), query.sort, beside);
  const { favourites, labels } = beside;
  if (favourites.size === 0 && labels.size === 0) return [whole(rows)];
  const starred: T[] = [];
  const groups = new Map<string, T[]>();
  const rest: T[] = [];
  for (const row of rows) {
    const group = labels.get(row.id)?.group;
    if (favourites.has(row.id)) starred.push(row);
    else if (group === undefined) rest.push(row);
    else {
      const those = groups.get(group);
      if (those === undefined) groups.set(group, [row]);
      else those.push(row);
    }
  }
  if (starred.length === 0 && groups.size === 0) return [whole(rows)];
  const named = [...groups].sort(([a], [b]) => byName.compare(a, b));
  const section = (kind: Section<T>["kind"], name: string, key: string, those: readonly T[]) => ({
    kind,
    name,
    key,
    rows: those,
    folded: query.folded.includes(key),
  });
  return [
    section("favourites", "", favouritesSection, starred),
    ...named.map(([name, those]) => section("group", name, name, those)),
    section("rest", "", "", rest),
  ].filter((one) => one.rows.length > 0);
}

/** A section as one page shows it. */
export interface SectionOnPage<T> extends Section<T> {
  /** All of it, on whatever page. */
  readonly count: number;
}

/** One page of a list in sections. */
export interface ListPage<T> {
  /** From 1; the last one where a later one was asked for. */
  readonly page: number;
  readonly pages: number;
  /** Rows before this page, and those on it; what is folded counts as none. */
  readonly from: number;
  readonly shown: number;
  /** All rows that are not folded. */
  readonly open: number;
  readonly sections: readonly SectionOnPage<T>[];
}

/** Cuts a page out of a list. A folded section takes no room: it stands where its rows would have begun. */
export function pageOfList<T>(sections: readonly Section<T>[], asked: number, pageSize: number): ListPage<T> {
  const open = sections.reduce((sum, { folded, rows }) => sum + (folded ? 0 : rows.length), 0);
  const pages = Math.max(1, Math.ceil(open / pageSize));
  const page = Math.min(pages, Math.max(1, asked));
  const from = (page - 1) * pageSize;
  const to = from + pageSize;
  const onPage: SectionOnPage<T>[] = [];
  let at = 0;
  for (const section of sections) {
    const count = section.rows.length;
    if (section.folded) {
      const isHere = at >= from && (at < to || page === pages);
      if (isHere) onPage.push({ ...section, rows: [], count });
      continue;
    }
    const rows = section.rows.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (rows.length > 0) onPage.push({ ...section, rows, count });
    at += count;
  }
  return { page, pages, from, shown: Math.min(open, to) - from, open, sections: onPage };
}

/** How the TLS looked, in one word. */
export function tlsStateOf(seen: Seen | undefined): TlsState {
  if (seen === undefined) return "never";
  if (seen.problem !== null) return "failed";
  if (!seen.encrypted) return "plain";
  return seen.verified ?? "none";
}

/** Days until the server's certificate ends, parts of a day included, negative when it has; undefined where none was seen. */
export function daysLeftOf(seen: Seen | undefined, now: number): number | undefined {
  return seen?.notAfter == null ? undefined : (Date.parse(seen.notAfter) - now) / 86_400_000;
}

const byName = new Intl.Collator(undefined, { numeric: true });

function whole<T>(rows: readonly T[]): Section<T> {
  return { kind: "all", name: "", key: "", folded: false, rows };
}

function narrowed<T extends Listable>(
  all: readonly T[],
  { environment, tls, expiring, tag, group }: ConnectionsQuery,
  { seen, labels, now }: Beside,
): readonly T[] {
  const tests: ((row: T) => boolean)[] = [];
  if (environment !== undefined) tests.push((row) => row.environment === environment);
  if (tls !== undefined) tests.push(({ id }) => tlsStateOf(seen.get(id)) === tls);
  if (expiring) {
    tests.push(({ id }) => (daysLeftOf(seen.get(id), now) ?? Number.POSITIVE_INFINITY) < expiringDays);
  }
  if (tag !== undefined) tests.push(({ id }) => labels.get(id)?.tags?.includes(tag) === true);
  if (group !== undefined) tests.push(({ id }) => (labels.get(id)?.group ?? "") === group);
  return tests.length === 0 ? all : all.filter((row) => tests.every((test) => test(row)));
}

/** Sorting is stable, so that what is alike stays in the order of names. */
function sorted<T extends Listable>(
  rows: readonly T[],
  sort: ConnectionsQuery["sort"],
  { seen, now }: Beside,
): readonly T[] {
  if (sort === undefined) return rows;
  const { by, down } = sort;
  if (by === "name") return down ? rows.toReversed() : rows;
  if (by === "host") {
    const hosts = new Map(rows.map(({ id, host }) => [id, host.toLowerCase()]));
    const host = ({ id }: T) => hosts.get(id) ?? "";
    return rows.toSorted((a, b) => (host(a) === host(b) ? 0 : host(a) < host(b) === down ? 1 : -1));
  }
  const key = numberOf(by, seen, now);
  const keys = new Map(rows.map((row) => [row.id, key(row)]));
  return rows.toSorted((a, b) => {
    const [one, other] = [keys.get(a.id), keys.get(b.id)];
    if (one === undefined || other === undefined)
      return Number(one === undefined) - Number(other === undefined);
    return down ? other - one : one - other;
  });
}

function numberOf(
  by: Exclude<SortColumn, "name" | "host">,
  seen: ReadonlyMap<string, Seen>,
  now: number,
): (row: Listable) => number | undefined {
  switch (by) {
    case "environment":
      return ({ environment }) => (environment === "none" ? undefined : environments.indexOf(environment));
    case "tls":
      return ({ id }) => {
        const note = seen.get(id);
        return note && tlsStates.indexOf(tlsStateOf(note));
      };
    case "days":
      return ({ id }) => daysLeftOf(seen.get(id), now);
    case "tried":
      return ({ id }) => {
        const note = seen.get(id);
        return note && Date.parse(note.at);
      };
  }
}
