import type { CarrySource } from "#lib/carry/carried-entry.ts";
import type { PlannedEntry } from "#lib/carry/import-plan.ts";

/** An entry of a file, as the page shows it: in words, and without any secret. */
export interface ShownEntry extends Pick<PlannedEntry, "name" | "place" | "outcome" | "act" | "choices"> {
  /** What becomes of it. */
  readonly state: string;
  /** What is to be known of it, a sentence a line. */
  readonly lines: readonly string[];
}

/** A connection that can be taken out. */
export interface Exportable {
  readonly id: string;
  readonly name: string;
  /** Only then its secrets can come along. */
  readonly manages: boolean;
  /** How many of its secrets the caller gave, and how many are others': those stay. */
  readonly mine: number;
  readonly others: number;
}

/** What an import did, or would do. */
export interface ImportAnswered {
  readonly source: CarrySource;
  readonly sealed: boolean;
  readonly entries: readonly ShownEntry[];
  /** Something is refused only until the caller confirms who they are. */
  readonly wantsConfirmation: boolean;
  /** The ids of what is new; null where nothing was written. */
  readonly created: readonly string[] | null;
}
