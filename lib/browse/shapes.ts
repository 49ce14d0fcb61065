/** What the routes of a connection's data answer. Values are the server's own text, from end to end. */

/** As `pg_class.relkind` tells them apart; partitions stand under their parent. */
export type RelationKind =
  | "table"
  | "partitioned"
  | "view"
  | "materialized-view"
  | "foreign-table"
  | "sequence";

export interface Relation {
  readonly kind: RelationKind;
  readonly name: string;
  /** Whether this role may read it. */
  readonly readable: boolean;
  /** Of a partitioned table: how many partitions it has, of all depths. */
  readonly partitions?: number;
}

export interface SchemaSummary {
  readonly name: string;
  /** Relations shown in it, partitions not counted. */
  readonly count: number;
  /** The server's own: `pg_catalog`, `information_schema`, `pg_toast`, temporary ones of others. */
  readonly system: boolean;
}

/** POST …/relations without a schema: all schemas, and what is in the first of the search path. */
export interface RelationTree {
  readonly schemas: readonly SchemaSummary[];
  /** Of this session, in order; those that exist. */
  readonly searchPath: readonly string[];
  readonly opened: OpenedSchema | null;
  /** Relations in all. Above `mostListed` only search and opened schemas are offered. */
  readonly total: number;
  /** ISO 8601, when it was read. */
  readonly readAt: string;
}

/** POST …/relations with a schema. */
export interface OpenedSchema {
  readonly schema: string;
  readonly relations: readonly Relation[];
  /** There are more than are listed: search instead. */
  readonly capped: boolean;
}

/** POST …/relations with a search text: the best matches first, at most 200. */
export interface FoundRelations {
  readonly found: readonly (Relation & { readonly schema: string })[];
  readonly capped: boolean;
}

/** POST …/relations with names: those of them that have a size, bytes. */
export interface RelationSizes {
  readonly sizes: readonly { readonly schema: string; readonly name: string; readonly bytes: number }[];
}

export interface ColumnFacts {
  readonly name: string;
  /** As `format_type` writes it. */
  readonly type: string;
  /** Right-aligned in a grid. */
  readonly numeric: boolean;
  readonly notNull: boolean;
  /** The expression of its default, or of what generates it. */
  readonly default: string | null;
  readonly generated: "stored" | "virtual" | "identity-always" | "identity-default" | null;
  readonly comment: string | null;
  /** Labels of an enum, in their order. */
  readonly labels: readonly string[] | null;
  /** Whether this role may read it. */
  readonly readable: boolean;
}

export interface KeyFacts {
  readonly name: string;
  readonly kind: "primary" | "unique" | "exclusion" | "check" | "not-null";
  readonly columns: readonly string[];
  readonly definition: string;
}

export interface IndexFacts {
  readonly name: string;
  readonly definition: string;
  readonly bytes: number | null;
  /** Scans since the statistics were reset; null where the server does not count. */
  readonly scans: number | null;
  readonly valid: boolean;
}

export interface ReferenceFacts {
  readonly name: string;
  /** Columns here, and those they meet there, in the same order. */
  readonly columns: readonly string[];
  readonly schema: string;
  readonly table: string;
  readonly foreignColumns: readonly string[];
  readonly definition: string;
}

/** POST …/table: what a relation is. */
export interface TableFacts {
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
  readonly comment: string | null;
  readonly columns: readonly ColumnFacts[];
  /** The columns that pages are ordered and rows are found by; null where there is none. */
  readonly key: readonly string[] | null;
  /** As the server's statistics have it; null: not analysed yet, or not told. */
  readonly estimate: number | null;
}

/** POST …/result-tables `{ oids }`: a relation that columns of a result come from. */
export interface ResultTable extends Pick<TableFacts, "schema" | "name" | "kind" | "key"> {
  readonly oid: number;
  /** It is another session's: nobody else reads it. */
  readonly temporary: boolean;
  /** By their numbers, which stay when others are dropped. */
  readonly columns: readonly { readonly number: number; readonly name: string }[];
}

/** POST …/table with `detail: true`: the same, and its structure. */
export interface TableDetail extends TableFacts {
  readonly keys: readonly KeyFacts[];
  readonly indexes: readonly IndexFacts[];
  /** What this table refers to, and what refers to it. */
  readonly references: readonly ReferenceFacts[];
  readonly referencedBy: readonly ReferenceFacts[];
  readonly triggers: readonly {
    readonly name: string;
    readonly definition: string;
    readonly enabled: boolean;
  }[];
  readonly policies: readonly { readonly name: string; readonly definition: string }[];
  /** Whether the policies have an effect at all, whoever asks. */
  readonly rowSecurityOn: boolean;
  /** Whether row security hides rows from this role: it passes by owners and superusers. */
  readonly rowSecurity: boolean;
  readonly partitions: readonly { readonly schema: string; readonly name: string; readonly bound: string }[];
  readonly partitionKey: string | null;
  readonly privileges: readonly { readonly grantee: string; readonly privileges: readonly string[] }[];
  /** The statement that would make it again, as far as the catalogue tells. */
  readonly sql: string;
  readonly bytes: { readonly table: number; readonly indexes: number; readonly toast: number } | null;
}

/** How the rows of a page are ordered; stands above the grid. */
export type PageOrder =
  /** By these columns, the key last: pages are found by value. */
  | { readonly by: "key"; readonly columns: readonly SortColumn[] }
  /** Where they lie: no key, a table. */
  | { readonly by: "storage" }
  /** By number: views, foreign tables. */
  | { readonly by: "number"; readonly columns: readonly SortColumn[] };

export interface SortColumn {
  readonly column: string;
  readonly descending: boolean;
}

/** A value: the server's text, or SQL's NULL. */
export type Value = string | null;

/** Which row it is: the values of the key, or its place in storage; what later checks and reads it again. */
export interface RowIdentity {
  readonly key: readonly Value[] | null;
  readonly place: { readonly tableoid: string; readonly ctid: string } | null;
  /** `xmin`, or a hash of the row where there is none. */
  readonly version: string | null;
}

/** POST …/rows: one page of a relation. */
export interface TablePage {
  readonly columns: readonly ColumnFacts[];
  readonly order: PageOrder;
  readonly rows: readonly (readonly Value[])[];
  readonly identities: readonly RowIdentity[];
  /** Cut values: row, column, and the length of the whole, in characters or bytes. */
  readonly cut: readonly { readonly row: number; readonly column: number; readonly length: number }[];
  /** Marks to go on from; null at the end. Opaque to the page: it gives them back. */
  readonly before: PageMark | null;
  readonly after: PageMark | null;
  /** Of the first row: rows before it. */
  readonly position: { readonly rows: number; readonly exact: boolean } | null;
  /** Rows that the filter leaves, as the planner thinks; null where it does not tell. */
  readonly estimate: number | null;
  readonly readAt: string;
  readonly ms: number;
}

/**
 * Where a page begins: values of the order's columns, a block of the storage, or a number of rows. `rows`: how many come
 * before it, where that was counted on the way from the beginning. `included`: the row of the mark belongs to what is asked
 * for, since the page that would have had it beside it was empty.
 */
export type PageMark =
  | {
      readonly by: "key";
      readonly values: readonly Value[];
      readonly rows?: number;
      readonly included?: boolean;
    }
  | { readonly by: "storage"; readonly block: number; readonly tableoid: string; readonly rows?: number }
  | { readonly by: "number"; readonly rows: number };

/** POST …/count: `rows` is null when it took longer than it was allowed to. */
export interface RowCount {
  readonly rows: number | null;
  readonly ms: number;
}

/** What keeps a page from being read: the server's words, and the filter they are about where that is known. */
export interface PageTrouble {
  readonly filter: number | "where" | null;
  readonly sqlstate: string;
  readonly message: string;
  /** The plan would read so many rows: asked first. */
  readonly expected?: number;
}
