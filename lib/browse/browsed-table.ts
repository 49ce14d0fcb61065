import "server-only";
import type { QueryLimits } from "#lib/session/query.ts";
import type { RelationKind, TableFacts } from "./shapes.ts";

/** A relation as its pages need it: what it is, and what their statements are made of. */
export interface BrowsedTable extends TableFacts {
  readonly columns: readonly BrowsedColumn[];
  readonly oid: string;
  /** This role may read every column of it, and so its system columns. */
  readonly readable: boolean;
  /** It or a part of it lies elsewhere, where there are no system columns to speak of. */
  readonly isForeign: boolean;
  /** Rows of more than one table show in it: partitions, children. */
  readonly hasParts: boolean;
}

export type BrowsedColumn = TableFacts["columns"][number] & {
  /** Its type with the schema, where that is not the system's. */
  readonly fullType: string;
  /** The type beneath its domains, for a cast: without a length, since a cast to one would cut. */
  readonly cast: string;
  /** How long values of it are sent: whole, by their first characters, or by their first bytes. */
  readonly long: "no" | "text" | "bytes";
  /** LIKE takes it as it is. */
  readonly isText: boolean;
  /** Where its operators are, if not in pg_catalog. */
  readonly operatorSchema: string | null;
};

/** `pg_class.relkind`. */
export const relationKinds: Readonly<Record<string, RelationKind>> = {
  r: "table",
  t: "table",
  p: "partitioned",
  v: "view",
  m: "materialized-view",
  f: "foreign-table",
  S: "sequence",
};

/** Its rows lie here, and this role may read all of them: they have system columns. */
export function isStored({
  kind,
  isForeign,
  readable,
}: Pick<BrowsedTable, "kind" | "isForeign" | "readable">): boolean {
  return ["table", "partitioned", "materialized-view"].includes(kind) && !isForeign && readable;
}

/** For what a catalogue says of one relation. */
export const factsLimits: QueryLimits = {
  timeoutMs: 10_000,
  lockTimeoutMs: 2_000,
  bytes: 16 * 1024 * 1024,
};
