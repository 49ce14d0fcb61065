import { type Environment, environments } from "#lib/settings/form-values.ts";
import { type SortColumn, sortColumns, type TlsState, tlsStates } from "./list-choices.ts";
import { type ListQuery, listQuery } from "./list-query.ts";

/** What the address of the list of connections asks for. Undefined narrows nothing. */
export interface ConnectionsQuery extends ListQuery {
  /** Undefined: by name. */
  readonly sort: { readonly by: SortColumn; readonly down: boolean } | undefined;
  readonly environment: Environment | undefined;
  readonly tls: TlsState | undefined;
  /** Those alone whose certificate ends soon, or has ended. */
  readonly expiring: boolean;
  readonly tag: string | undefined;
  /** The empty text: those in no group. */
  readonly group: string | undefined;
  /** Names of sections that are folded; the empty text is the last one, of those in no group. */
  readonly folded: readonly string[];
}

type Asked = Readonly<Record<string, string | readonly string[] | undefined>>;

/** `?search=&sort=&env=&tls=&expiring=&tag=&group=&fold=&page=` as they came; what is none of their values asks nothing. */
export function connectionsQuery(asked: Asked): ConnectionsQuery {
  const text = (name: string) => {
    const value = asked[name];
    return (Array.isArray(value) ? value[0] : value)?.slice(0, longestText);
  };
  const sort = text("sort") ?? "";
  const by = oneOf(sortColumns, sort.replace(/^-/, ""));
  const fold = asked.fold ?? [];
  return {
    ...listQuery(asked),
    sort: by && { by, down: sort.startsWith("-") },
    environment: oneOf(environments, text("env")),
    tls: oneOf(tlsStates, text("tls")),
    expiring: text("expiring") === "1",
    tag: text("tag") || undefined,
    group: text("group") === noGroup ? "" : text("group") || undefined,
    folded: (Array.isArray(fold) ? fold : [fold])
      .slice(0, mostFolded)
      .map((name) => (name === noGroup ? "" : name.slice(0, longestText))),
  };
}

/**
 * An address's own text, as a page gets it: what stands there once and what more often alike.
 * @param search of the address, as `location.search` has it
 */
export function wordsOfAddress(search: string): Readonly<Record<string, readonly string[]>> {
  const words = new Map<string, string[]>();
  // Whoever writes the address may write one word ten thousand times.
  for (const [name, value] of new URLSearchParams(search)) {
    const before = words.get(name);
    if (before === undefined) words.set(name, [value]);
    else before.push(value);
  }
  return Object.fromEntries(words);
}

/** The address of the list with this query; what it would ask anyhow is left out. */
export function connectionsPath(query: ConnectionsQuery): string {
  const { search, sort, environment, tls, expiring, tag, group, folded, page } = query;
  const words = new URLSearchParams();
  if (search !== "") words.set("search", search);
  if (sort !== undefined) words.set("sort", `${sort.down ? "-" : ""}${sort.by}`);
  if (environment !== undefined) words.set("env", environment);
  if (tls !== undefined) words.set("tls", tls);
  if (expiring) words.set("expiring", "1");
  if (tag !== undefined) words.set("tag", tag);
  if (group !== undefined) words.set("group", group || noGroup);
  for (const name of folded) words.append("fold", name || noGroup);
  if (page > 1) words.set("page", String(page));
  const text = words.toString();
  return text === "" ? "/connections" : `/connections?${text}`;
}

/** How many of the filters are set, the search apart. */
export function filtersSet({ environment, tls, expiring, tag, group }: ConnectionsQuery): number {
  return [environment, tls, expiring || undefined, tag, group].filter((one) => one !== undefined).length;
}

/** The same list with no filter and no search. */
export function withoutFilters(query: ConnectionsQuery): ConnectionsQuery {
  const none = { environment: undefined, tls: undefined, expiring: false, tag: undefined, group: undefined };
  return { ...query, ...none, search: "", page: 1 };
}

/** Stands for "in no group" in an address: no group is called so, as a name begins with no blank. */
export const noGroup = " ";
/** Stands for the section of favourites where sections are folded. */
export const favouritesSection = " favourites";

const longestText = 200;
const mostFolded = 100;

function oneOf<T extends string>(values: readonly T[], value: string | undefined): T | undefined {
  return values.find((one) => one === value);
}
