import type { RowIdentity, Value } from "#lib/browse/shapes.ts";

/**
 * What a table's changes are, and what becomes of them: what the routes `POST /api/connections/ID/changes/…` and
 * `…/look-up` are asked and answer. Values are the server's own text, from end to end, and stand in bodies only.
 *
 * A page of changes is built on these facts of `lib/browse/shapes.ts`:
 * - `TablePage.columns`: a row's values stand in this order; `ColumnFacts.name`, `type`, `notNull`, `default`,
 *   `generated`, `labels` say what its editor is.
 * - `TablePage.identities[row]`: given back as it is, in `row`. It travels with the row, never its index.
 * - `TablePage.rows[row]` and `TablePage.cut`: what the person saw. A cut value is not editable until it was fetched whole
 *   (`POST …/value`); in `seen` it is told as it was shown, with its length.
 * - `TableFacts.key`: goes into `ChangeSet.key`. Of a view the person names the columns instead, and the page puts their
 *   values into `row.key`.
 * - the `timeZone` that the page was read with: keys and values are read in the same one.
 *
 * The statements to review are written in the browser, by `reviewSql(set)` of `lib/change/review-sql.ts`: one text a change.
 */

/** What a cell becomes: a value in the server's text, NULL, or what the column has by default. */
export type Cell = Value | { readonly default: true };

/** A cell by the name of its column. */
export interface CellChange {
  readonly column: string;
  readonly value: Cell;
}

/** A row as its page showed it: every readable column's value in their order, and which of them are cut (`TablePage.cut`). */
export interface SeenRow {
  readonly values: readonly Value[];
  readonly cut: readonly { readonly column: number; readonly length: number }[];
}

/**
 * One row's change. `seen` is wanted where the row has no key (`RowIdentity.key` is null): a place alone could meanwhile be
 * another row's. With a key it may be left out.
 */
export type RowChange =
  | {
      readonly kind: "update";
      readonly row: RowIdentity;
      readonly seen?: SeenRow | undefined;
      /** Only what changes, each column once. */
      readonly cells: readonly CellChange[];
    }
  | { readonly kind: "delete"; readonly row: RowIdentity; readonly seen?: SeenRow | undefined }
  /** What is not named becomes the column's default. */
  | { readonly kind: "insert"; readonly cells: readonly CellChange[] };

/** POST …/changes/try and …/changes/apply: at most 1,000 changes of one table, 4 MB as JSON. */
export interface ChangeSet {
  readonly schema: string;
  readonly table: string;
  /** Of the connection, as the page shows it: changes never go where a later edit points to. */
  readonly rev: number;
  /**
   * By `randomId()`, new for each set, and anew when the set was edited. Who has lost the answer of an apply asks again
   * with the same id and the same set: where the first was applied, or nobody knows, it is answered that for ten minutes,
   * and nothing is done twice; where it changed nothing, it is done now.
   */
  readonly id: string;
  /** Names of what `RowIdentity.key` holds: `TableFacts.key`, or of a view what the person named; null: by place. */
  readonly key: readonly string[] | null;
  readonly changes: readonly RowChange[];
  readonly timeZone?: string | undefined;
}

/** Why a relation, or one of its columns, is not to be changed here. Words: `changes.notEditable.<reason>`. */
export type NotEditable =
  /** A materialized view, a sequence, a foreign table (or a table with foreign parts), a catalogue of the server's own. */
  | "materialized-view"
  | "sequence"
  | "foreign-table"
  | "catalogue"
  /** A view that the server does not pass changes on from (joins, groups, DISTINCT …). */
  | "view"
  /** It has neither a key nor a place in storage, or its rows cannot be told apart in their version. */
  | "no-identity"
  /** A column of the key may not be read. */
  | "key-unreadable"
  /** The server is a standby, or the database or role is set to read-only. */
  | "read-only-server"
  /** This person may only read here, or writing on Production is locked (as `mayWrite` has it). */
  | "read-access"
  | "production-locked"
  /** No privilege for it. */
  | "privilege"
  /** A rule of the table does something else instead. */
  | "rule"
  /** Of a column: it is worked out, or an identity that is always the server's. */
  | "generated"
  | "identity-always"
  /** Of a column of a view: an expression, not a column of a table. */
  | "view-column";

/** POST …/changes/editable `{ schema, table }`: what can be changed here, decided in one place. */
export interface Editable {
  /** Each null where it can be done, else why not: the one line "Not editable: …". */
  readonly update: NotEditable | null;
  readonly insert: NotEditable | null;
  readonly delete: NotEditable | null;
  /** In the order of `TableFacts.columns`. */
  readonly columns: readonly {
    readonly name: string;
    /** Why a cell of a row that is there, or of a new one, takes no value; null where it does. */
    readonly update: NotEditable | null;
    readonly insert: NotEditable | null;
    /** A new row needs a value of it: it takes no NULL, and neither it nor its domain has a default. */
    readonly required: boolean;
  }[];
  /**
   * What finds a row: the key, its place in storage (told with `seen`), or, of a view, columns that the person has to name
   * first; null where nothing does.
   */
  readonly by: "key" | "place" | "named" | null;
  readonly key: readonly string[] | null;
  /** Foreign keys, for look-ups. */
  readonly references: readonly {
    readonly columns: readonly string[];
    readonly schema: string;
    readonly table: string;
    readonly foreignColumns: readonly string[];
  }[];
  /** A change of one of these columns may move a row to another partition. */
  readonly partitionColumns: readonly string[];
  /** What a change may set off that a rollback does not undo, or that changes what is stored. */
  readonly triggers: readonly string[];
  readonly rowSecurity: boolean;
}

/** POST …/changes/editable. */
export interface EditableAsk {
  readonly schema: string;
  readonly table: string;
}

/** What the server has stored for one change, as `RETURNING` told it. */
export interface StoredRow {
  /** Which of the set's changes. */
  readonly change: number;
  /** In the order of the readable columns, cut like a page's; null of a row that was deleted. */
  readonly row: SeenRow | null;
  /** By which it is changed next; its version is null where only reading it again tells. */
  readonly identity: RowIdentity | null;
  /** Columns that were not stored as they were typed: rounded, cut, spelled in another way, or set by a trigger. */
  readonly differs: readonly {
    readonly column: string;
    /** Left out where the column was not touched, and changed all the same. */
    readonly typed?: Cell | undefined;
    readonly stored: Value;
  }[];
  /** The partition it now lies in, where it moved. */
  readonly movedTo: string | null;
}

/** What keeps a row from being changed: it is not the one that was seen, or something of the server's stood in the way. */
export interface Conflict {
  readonly change: number;
  readonly why: /** Another version now: `now` is what it is. */
    | "changed"
    /** There is none of that key now, or this role does not see it. */
    | "gone"
    /** Without a key: another row, or none, lies where it lay. It is to be looked for again. */
    | "moved"
    /** It is as it was seen, and was not changed: `reasons` are what may have kept it. */
    | "unchanged"
    /** It was as it was seen until an earlier change of the same set touched it (a cascade, a trigger). */
    | "own-change"
    /** More than one row would have been changed. */
    | "several";
  /** What the row is now, for "you saw, is now, yours"; null where there is none to show. */
  readonly now: SeenRow | null;
  /** Of the row as it is now. To go over it, the page puts it into the change: the new version is then the check. */
  readonly identity: RowIdentity | null;
  /** For `unchanged`: row security hides or forbids it, a trigger returned NULL, a rule did something else. */
  readonly reasons: readonly ("row-security" | "trigger" | "rule")[];
}

/** What the server said, made fit to be shown. */
export interface ChangeTrouble {
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
}

/**
 * 200 of …/changes/try and …/changes/apply: what became of it. But for `applied` and `unknown` nothing was changed.
 * What keeps a set from being begun (rights, the connection, its revision) is a problem like every other route's.
 */
export type ChangeAnswer =
  /** All of it would have been done, and was rolled back. */
  | {
      readonly outcome: "tried";
      readonly stored: readonly StoredRow[];
      /** What a rollback has not undone, as far as is known. */
      readonly notUndone: readonly ("sequences" | "triggers" | "locks")[];
      readonly notices: readonly string[];
      readonly ms: number;
    }
  | {
      readonly outcome: "applied";
      readonly stored: readonly StoredRow[];
      /** The connection broke while it was committed; that it was, the server has told since. */
      readonly foundOut: boolean;
      /** The inverse statements, as a draft; null where what it was is too long to be written down. */
      readonly undo: string | null;
      readonly notices: readonly string[];
      readonly ms: number;
    }
  | { readonly outcome: "conflict"; readonly conflicts: readonly Conflict[] }
  /** The server refused one of the changes, or, where `change` is null, the whole when it was committed. */
  | {
      readonly outcome: "refused";
      readonly change: number | null;
      readonly error: ChangeTrouble;
      /** 40001, 40P01, 55P03: nothing is wrong with the set; the same may be asked again. */
      readonly again: boolean;
    }
  /** The relation, or one of the columns, is not to be changed (any longer). `column` null: the relation. */
  | {
      readonly outcome: "not-editable";
      readonly change: number | null;
      readonly column: string | null;
      readonly why: NotEditable;
    }
  /** Key or columns are not as the page knows them: it is to be read again. */
  | { readonly outcome: "table-changed" }
  /** The connection broke, and nothing was changed: either before COMMIT, or the server has told since (`foundOut`). */
  | { readonly outcome: "lost"; readonly foundOut: boolean }
  /** The connection broke while it was committed, and the server could not tell since what became of it. */
  | { readonly outcome: "unknown"; readonly why: "no-function" | "unreachable" };

/** POST …/look-up: rows of the table that a foreign key refers to. */
export interface LookUpAsk {
  /** The referenced table and columns: `Editable.references`. */
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
  /** Begins a value of the key, or is part of the text beside it; empty: the first rows. */
  readonly search: string;
  readonly timeZone?: string | undefined;
}

/** 200 of …/look-up; 422 with a `PageTrouble` for what the server refuses, 57014 where it took longer than 2 s. */
export interface LookUp {
  /** The column whose text stands beside the key, where there is one. */
  readonly label: string | null;
  /** At most 50. */
  readonly rows: readonly { readonly key: readonly Value[]; readonly label: Value }[];
  /** There are more: the search is to be narrowed. */
  readonly more: boolean;
}
