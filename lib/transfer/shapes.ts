/** What the routes of exports and imports answer. Rows never stand in any of it. */

/** Forms of a file that rows can be exported as. */
export const exportFormats = ["csv", "tsv", "json-lines", "insert", "copy", "xlsx"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** How a file of each form ends. */
export const fileEndings: Readonly<Record<ExportFormat, string>> = {
  csv: "csv",
  tsv: "tsv",
  "json-lines": "jsonl",
  insert: "sql",
  copy: "sql",
  xlsx: "xlsx",
};

export type TransferState = "waiting" | "running" | "done" | "failed" | "cancelled";

/** One export or import, as whoever began it sees it. */
export interface TransferView {
  readonly id: string;
  readonly kind: "export" | "import" | "trial";
  /** The table, with its schema; null for a statement. */
  readonly table: string | null;
  readonly format: ExportFormat | "csv";
  readonly state: TransferState;
  readonly rows: number;
  readonly bytes: number;
  /** How long it has been going on, or took, ms. */
  readonly ms: number;
  /** Of the whole file, in hex, when it is done. */
  readonly sha256: string | null;
  readonly trouble: TransferTrouble | null;
}

/** What kept a transfer from its end. */
export interface TransferTrouble {
  /**
   * `server`: it said so, in `message`. `stalled`: nobody took or sent anything for a minute. `left`: the browser went
   * away. `cell`, `size`: more than a workbook can hold. Where the connection broke during COMMIT, the server was asked over
   * another: `rolled-back`: it has kept nothing; `commit`: it could not be asked; `commit-untold`: it tells no such thing.
   * Of both of these it is not known whether the rows were kept.
   */
  readonly why:
    | "server"
    | "lost"
    | "stalled"
    | "left"
    | "cell"
    | "size"
    | "changed"
    | "rolled-back"
    | "commit"
    | "commit-untold";
  readonly sqlstate: string;
  readonly message: string;
  /** The line of the file, from 1, and the column, where the server names them. */
  readonly line?: number;
  readonly column?: string;
}

/** Whether nobody knows if the rows of an import were kept. */
export function isUnknown(trouble: TransferTrouble | null): boolean {
  return trouble?.why === "commit" || trouble?.why === "commit-untold";
}

/** POST …/exports: where the file is fetched, once and within a minute. */
export interface ExportTicket {
  readonly ticket: string;
  readonly transfer: string;
}

/** POST …/imports to begin one. */
export interface ImportBegun {
  readonly id: string;
}

/** A line that could not be read, in a trial. */
export interface BadLine {
  readonly line: number;
  readonly column: string | null;
  readonly message: string;
}

/** How an import stands. */
export interface ImportStand {
  readonly state: TransferState;
  /** Bytes that the server has been given. */
  readonly bytes: number;
  /** Rows that were read, when it is over. */
  readonly rows: number | null;
  readonly ms: number;
  readonly trial: boolean;
  readonly trouble: TransferTrouble | null;
  readonly bad: readonly BadLine[];
  /** So many there were in all; `bad` has the first of them. */
  readonly badLines: number;
  /** The connection broke during COMMIT; that the rows were kept, the server has told since. */
  readonly foundOut: boolean;
  /** The server tells every line that it cannot read, not only the first. */
  readonly allBadLines: boolean;
}
