import type { LexicalRules } from "#lib/sql/tokens.ts";

/** What the server has by name, for completion. Each is asked for when it is needed, and may be slow or fail. */
export interface Names {
  /** Schemas that are not the server's own. */
  schemas(): Promise<readonly string[]>;
  /** What can be named without a schema, in the order of the search path; or what is in a schema. */
  relations(schema?: string): Promise<readonly RelationName[]>;
  /** Columns of a relation as the statement names it. */
  columns(schema: string | undefined, table: string): Promise<readonly ColumnName[]>;
}

export interface RelationName {
  readonly schema: string;
  readonly name: string;
  /** As people call it: table, view … */
  readonly kind: string;
}

export interface ColumnName {
  readonly name: string;
  readonly type: string;
}

/** What the editor must know of the session. */
export interface SqlSession {
  readonly rules: LexicalRules;
  readonly names: Names | undefined;
}
