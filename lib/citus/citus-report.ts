import type { QueryAnswer, QueryTrouble } from "#lib/session/query-answer.ts";

/** How a table lives in a Citus cluster, as `citus_tables` names it; `single` has one shard and no distribution column. */
export const citusKinds = ["distributed", "reference", "schema", "single", "local"] as const;
export type CitusKind = (typeof citusKinds)[number];

export const citusSorts = ["name", "size", "shards"] as const;
export type CitusSort = (typeof citusSorts)[number];

/** Tables on one page. */
export const citusPageSize = 10;

/** One row of `pg_dist_node`; null where the version of Citus does not keep it. */
export interface CitusNode {
  readonly name: string;
  readonly port: string;
  /** Group 0 is the coordinator's. */
  readonly group: number;
  /** `primary`, `secondary` or `unavailable`. */
  readonly role: string | null;
  readonly active: boolean | null;
  /** Whether it may hold shards of distributed tables. */
  readonly hasShards: boolean | null;
  readonly metadataSynced: boolean | null;
  /** Placements on it. */
  readonly shards: number;
  /** Bytes, as text; null where sizes are not told. */
  readonly size: string | null;
  /** The node that answers here. */
  readonly here: boolean;
}

export interface CitusTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: CitusKind;
  readonly distributionColumn: string | null;
  readonly colocation: number | null;
  readonly shards: number;
  /** Bytes of all its shards with their copies, as text; null where it is not told. */
  readonly size: string | null;
  readonly isPartition: boolean;
}

export interface CitusTables {
  readonly rows: readonly CitusTable[];
  /** That fit the search and the filter. */
  readonly matching: number;
  /** All there are, by kind. */
  readonly kinds: Readonly<Partial<Record<CitusKind, number>>>;
}

/** What the connected view shows of a Citus cluster. */
export interface CitusReport {
  /** The node's place: only the coordinator has group 0. Null where the server does not tell. */
  readonly place: "coordinator" | "worker" | null;
  readonly nodes: QueryAnswer<readonly CitusNode[]>;
  /** Why there are no sizes; null when there are. */
  readonly sizes: QueryTrouble | null;
  readonly tables: QueryAnswer<CitusTables>;
}

/** Which tables are wanted. */
export interface CitusAsk {
  /** Part of `schema.table`, in any case; empty for all. */
  readonly search: string;
  readonly kind: CitusKind | "all";
  readonly sort: CitusSort;
  /** From 0. */
  readonly page: number;
}
