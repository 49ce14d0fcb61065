import type { Filter, FilterOperator } from "#lib/browse/ask.ts";
import type { SortColumn } from "#lib/browse/shapes.ts";
import { randomIdForm } from "#lib/random-id.ts";

export const tableParts = ["rows", "columns", "keys", "references", "definition", "picture"] as const;
export type TablePart = (typeof tableParts)[number];

export interface TableName {
  readonly schema: string;
  readonly table: string;
}

/** What the connected view shows; what its address says. */
export type Place =
  | (TableName & { readonly kind: "table"; readonly part: TablePart })
  | { readonly kind: "sql"; readonly tab: string }
  | { readonly kind: "notebook"; readonly part: NotebookPart }
  | { readonly kind: "activity" }
  /** A saved query: it is filled into a SQL tab, never run. */
  | { readonly kind: "query"; readonly id: string };

/** What a person has run, and what they and others have saved. */
export const notebookParts = ["history", "queries"] as const;
export type NotebookPart = (typeof notebookParts)[number];

/**
 * Which rows of a table, and in which order. These are values, so they stand in the address's fragment, which browsers
 * send to nobody.
 */
export interface TableView {
  readonly filters: readonly Filter[];
  /** One expression of the person's own. */
  readonly where: string;
  readonly sort: readonly SortColumn[];
  /** The key of the row that the page begins with. */
  readonly row: readonly string[] | undefined;
}

export const wholeTable: TableView = { filters: [], where: "", sort: [], row: undefined };

/** The operators that a link may name: those of `filterOperators`, without the schema library behind them. */
export const operators = {
  "=": true,
  "<>": true,
  "<": true,
  "<=": true,
  ">": true,
  ">=": true,
  like: true,
  ilike: true,
  contains: true,
  in: true,
  null: false,
  "not-null": false,
} as const satisfies Readonly<Record<FilterOperator, boolean>>;

/** @returns undefined for a path that is not in this connection's view, or that nobody could have written */
export function readPlace(connectionId: string, path: string): Place | undefined {
  const base = baseOf(connectionId);
  if (path === base || path === `${base}/`) return firstPlace;
  if (!path.startsWith(`${base}/`)) return undefined;
  const [kind, ...rest] = path.slice(base.length + 1).split("/");
  const [first, second, part = "rows", ...more] = rest.map(readName);
  if (kind === "sql" && first !== undefined && second === undefined) {
    return /^[1-9]\d{0,3}$/.test(first) ? { kind, tab: first } : undefined;
  }
  if (kind === "activity" && first === undefined) return { kind };
  const notebookPart = notebookParts.find((one) => one === kind);
  if (notebookPart !== undefined && first === undefined) return { kind: "notebook", part: notebookPart };
  if (kind === "q" && first !== undefined && second === undefined) {
    return randomIdForm.test(first) ? { kind: "query", id: first } : undefined;
  }
  if (kind !== "t" || !first || !second || more.length > 0) return undefined;
  const found = tableParts.find((one) => one === part);
  return found && { kind: "table", schema: first, table: second, part: found };
}

/** Where a person is who asked for no place. */
export const firstPlace: Place = { kind: "sql", tab: "1" };

export function writePlace(connectionId: string, place: Place): string {
  const base = baseOf(connectionId);
  if (place.kind === "sql") return `${base}/sql/${place.tab}`;
  if (place.kind === "activity") return `${base}/activity`;
  if (place.kind === "notebook") return `${base}/${place.part}`;
  if (place.kind === "query") return `${base}/q/${place.id}`;
  const table = `${base}/t/${writeName(place.schema)}/${writeName(place.table)}`;
  return place.part === "rows" ? table : `${table}/${place.part}`;
}

/** @param fragment with or without its sign; what does not read as a view is left out of it */
export function readView(fragment: string): TableView {
  const given = new Map<string, string>();
  for (const pair of fragment.replace(/^#/, "").split("&")) {
    const at = pair.indexOf("=");
    const value = at < 0 ? undefined : decoded(pair.slice(at + 1));
    if (value !== undefined) given.set(pair.slice(0, at), value);
  }
  const row = listOf(given.get("row")).filter((value) => typeof value === "string");
  return {
    filters: listOf(given.get("f")).flatMap(readFilter),
    where: given.get("w") ?? "",
    sort: listOf(given.get("s")).flatMap(readSort),
    row: row.length > 0 ? row : undefined,
  };
}

/** @returns the fragment with its sign, or nothing for the whole table */
export function writeView({ filters, where, sort, row }: TableView): string {
  const parts: readonly (readonly [string, string])[] = [
    [
      "f",
      filters.length === 0
        ? ""
        : JSON.stringify(filters.map(({ column, operator, value }) => [column, operator, value])),
    ],
    ["w", where],
    [
      "s",
      sort.length === 0 ? "" : JSON.stringify(sort.map(({ column, descending }) => [column, descending])),
    ],
    ["row", row === undefined ? "" : JSON.stringify(row)],
  ];
  const written = parts
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
  return written === "" ? "" : `#${written}`;
}

export function sameTable(one: TableName, other: TableName): boolean {
  return one.schema === other.schema && one.table === other.table;
}

function baseOf(connectionId: string): string {
  return `/connections/${encodeURIComponent(connectionId)}`;
}

/** A browser takes `.` and `..` out of a path, also where they are escaped: such a name gets a sign before it. */
function writeName(name: string): string {
  return encodeURIComponent(/^(\.{1,2}$|~)/.test(name) ? `~${name}` : name);
}

function readName(segment: string): string | undefined {
  return decoded(segment)?.replace(/^~/, "");
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function listOf(text: string | undefined): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

function readFilter(given: unknown): readonly Filter[] {
  if (!Array.isArray(given)) return [];
  const [column, operator, value] = given as readonly unknown[];
  if (typeof column !== "string" || typeof operator !== "string" || !Object.hasOwn(operators, operator))
    return [];
  const known = operator as FilterOperator;
  if (!operators[known]) return [{ column, operator: known }];
  return typeof value === "string" ? [{ column, operator: known, value }] : [];
}

function readSort(given: unknown): readonly SortColumn[] {
  if (!Array.isArray(given)) return [];
  const [column, descending] = given as readonly unknown[];
  return typeof column === "string" ? [{ column, descending: descending === true }] : [];
}
