import { vi } from "vitest";
import type { RowsAsk } from "#lib/browse/ask.ts";
import type { ColumnFacts, RelationTree, TableDetail, TablePage } from "#lib/browse/shapes.ts";

/** A console that answers what a test gives it, and what was asked of it. */
export interface BrowseConsole {
  readonly asked: { readonly what: string; readonly body: Record<string, unknown> }[];
  answer: (what: string, body: Record<string, unknown>) => unknown;
}

/** Stands in for the console at `fetch`; a `Response` is given as it is, anything else as JSON. */
export function stubConsole(answer: BrowseConsole["answer"]): BrowseConsole {
  const console: BrowseConsole = { asked: [], answer };
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const what = path.split("?")[0]?.split("/").at(-1) ?? "";
    const body = init.body === undefined ? {} : JSON.parse(String(init.body));
    console.asked.push({ what, body });
    const told = await console.answer(what, body);
    return told instanceof Response ? told : Response.json(told);
  });
  return console;
}

export const readAt = "2026-11-26T14:02:00.000Z";

export function tree(given: Partial<RelationTree> = {}): RelationTree {
  return {
    schemas: [
      { name: "public", count: 3, system: false },
      { name: "audit", count: 1, system: false },
      { name: "pg_catalog", count: 140, system: true },
    ],
    searchPath: ["public"],
    opened: {
      schema: "public",
      relations: [
        { kind: "table", name: "item", readable: true },
        { kind: "partitioned", name: "event", readable: true, partitions: 12 },
        { kind: "view", name: "salary", readable: false },
      ],
      capped: false,
    },
    total: 144,
    readAt,
    ...given,
  };
}

export function column(name: string, given: Partial<ColumnFacts> = {}): ColumnFacts {
  return {
    name,
    type: "text",
    numeric: false,
    notNull: false,
    default: null,
    generated: null,
    comment: null,
    labels: null,
    readable: true,
    ...given,
  };
}

export const columns = [column("id", { type: "bigint", numeric: true, notNull: true }), column("name")];

export function detail(given: Partial<TableDetail> = {}): TableDetail {
  return {
    schema: "public",
    name: "item",
    kind: "table",
    comment: null,
    columns,
    key: ["id"],
    estimate: 1_000_000,
    keys: [],
    indexes: [],
    references: [],
    referencedBy: [],
    triggers: [],
    policies: [],
    rowSecurityOn: false,
    rowSecurity: false,
    partitions: [],
    partitionKey: null,
    privileges: [],
    sql: "create table item ();",
    bytes: null,
    ...given,
  };
}

/** A page of a table whose ids go from 1 to 1,000, `from` its first one. */
export function page(from: number, given: Partial<TablePage> = {}): TablePage {
  const ids = Array.from({ length: 100 }, (_, index) => String(from + index));
  return {
    columns,
    order: { by: "key", columns: [{ column: "id", descending: false }] },
    rows: ids.map((id) => [id, `name ${id}`]),
    identities: ids.map((id) => ({ key: [id], place: null, version: "7" })),
    cut: [],
    before: from === 1 ? null : { by: "key", values: [String(from)] },
    after: from >= 901 ? null : { by: "key", values: [String(from + 99)] },
    position: { rows: from - 1, exact: true },
    estimate: 1_000_000,
    readAt,
    ms: 0.8,
    ...given,
  };
}

/** Answers as a table of 1,000 rows would. */
export function pageFor({ at }: Pick<RowsAsk, "at">): TablePage {
  if (at === undefined || at.to === "first") return page(1);
  if (at.to === "last") return page(901);
  if (at.to === "key") return page(Number(at.values[0]), { position: { rows: 700, exact: false } });
  const mark = at.mark.by === "key" ? Number(at.mark.values[0]) : 0;
  return page({ after: mark + 1, before: mark - 100, from: mark }[at.to]);
}
