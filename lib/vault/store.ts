import "server-only";
import type { Result } from "#lib/problems/result.ts";

/**
 * What keeps a vault. It is given sealed text and cannot read it; whether that lies in files or in tables is its own
 * affair. Whatever a store cannot do it says as `vault-write-failed`, `vault-busy`, `vault-unsafe-permissions` or
 * `vault-damaged`, with facts in its own terms.
 */
export interface Store {
  /** Where things are kept, as people on the host would say it. It is shown, never taken apart. */
  readonly place: string;
  readonly records: StoredRecords | StoredRows;
  /** One text of its own beside the records: lower-case letters and hyphens. */
  document(name: string): StoredDocument;
  /** Lines that are only added to. `storeId` is the vault whose last line is remembered. */
  log(name: string, storeId: string): StoredLog;
  /** Lines of a notebook. `owner` is the id of the person whose it is, or says what else is in it. */
  notebook(owner: string): StoredNotebook;
  /** The names of all documents and notebooks that are kept: what a key may still be needed for. */
  contents(): Promise<
    Result<{ readonly documents: readonly string[]; readonly notebooks: readonly string[] }>
  >;
  /** A short text that a person or program on this host may be told, and nobody else. */
  note(name: string): StoredNote;
  /**
   * Says that this process serves people from the store, as long as it lives: where one alone may, two would gather each
   * other's notebooks. Programs that only look or change something need no claim.
   * @returns `vault-in-use`, with who does; `vault-write-failed` where nobody can say so
   */
  claim(): Promise<Result<Claim>>;
  readonly memory: RevisionMemory;
  readonly hints: RecoveryHints;
  /**
   * Tries whether something could be written now, in every place that a sign-in needs. It waits for nobody.
   * @returns `vault-write-failed`, `vault-unsafe-permissions` or `vault-damaged`, as the write itself would
   */
  tryOut(): Promise<Result<void>>;
  /**
   * By how many seconds the store's clock is ahead of this host's, negative where it is behind; what the answer took is on
   * nobody's side. Left out where the store has no clock of its own.
   * @param now this host's clock, left out but in tests
   */
  readonly clockAhead?: (now?: () => number) => Promise<Result<number>>;
  /** The kind of network file system that it all lies on, where locks and syncs may not mean much; else null. */
  networkKind(): Promise<string | null>;
}

/** Sessions and links are judged by each console's clock: so far apart from the store's it may be, seconds. */
export const clocksMayDiffer = 30;

/** A store that keeps the records as one text. */
export interface TextStore extends Store {
  readonly records: StoredRecords;
}

/** A store that keeps each record for itself. */
export interface RowStore extends Store {
  readonly records: StoredRows;
  /** What the consoles that share it tell one another. Left out where they cannot. */
  readonly told?: {
    /** What this one tells from now on, while it serves people; given until when that is good, ms since 1970. */
    tell(say: (until: number) => string): void;
    /** What those that serve people tell, this one too. */
    hear(): Promise<Result<readonly string[]>>;
  };
}

export function isTextStore(store: Store): store is TextStore {
  return store.records.form === "text";
}

export function isRowStore(store: Store): store is RowStore {
  return store.records.form === "rows";
}

/** A text and the version it had. Versions are only compared: another one means that something was written. */
export interface Kept {
  readonly text: string;
  readonly version: string;
}

/** The sealed records with all that belongs to them, as one text that is replaced as a whole. */
export interface StoredRecords {
  readonly form: "text";
  /** What is unsafe about the place, whether or not anything is kept there yet; or `vault-moved`. */
  examine(): Promise<Result<void>>;
  /** Makes room for a first revision. */
  prepare(): Promise<Result<void>>;
  /** The present version, cheaply; undefined when nothing is kept. */
  version(): Promise<Result<string | undefined>>;
  read(): Promise<Result<Kept | undefined>>;
  /**
   * Replaces the text with no other writer in between: reads it afresh, asks `plan` what to write, and keeps either the
   * old text or the new one, whatever happens.
   * @returns the plan's own problem, or `vault-write-failed` with `step` and `saved`; what was not saved changed nothing
   */
  replace<T>(plan: (current: Kept | undefined) => Promise<Result<Plan<T>>>): Promise<Result<T>>;
  /** Revisions that were replaced and can still be read, the newest first. */
  earlier(): Promise<readonly EarlierRevision[]>;
  readEarlier(revision: EarlierRevision): Promise<string | undefined>;
  /**
   * Puts another text in an earlier revision's place, or takes it away, with no writer in between. What it held is made
   * unreadable as far as the store can.
   * @returns `vault-write-failed` or `vault-busy`
   */
  rewriteEarlier(revision: EarlierRevision, text: string | undefined): Promise<Result<void>>;
  /** What lies beside the records and can only be there because there has been a vault: places, as people say them. */
  traces(): Promise<readonly string[]>;
  /** Clears away what a killed writer left, if anything. */
  tidy(): Promise<Result<void>>;
  /** Says that the vault lies elsewhere now, so that nobody goes on with this copy; or, with undefined, no longer. */
  markMoved(to: string | undefined): Promise<Result<void>>;
}

export interface EarlierRevision {
  /** What a person on the host calls it. */
  readonly place: string;
  readonly rev: number;
  readonly bytes: number;
  /** When that revision was written, ISO 8601 UTC, by the store's clock. Decides nothing but thinning. */
  readonly savedAt: string;
}

export interface Plan<T> {
  readonly value: T;
  /** Undefined leaves everything as it is. */
  readonly write?: {
    readonly text: string;
    /** What is wrong with the text as it was read back; undefined when it is good. */
    check(readBack: string): Promise<string | undefined>;
    /**
     * What becomes of the text that is replaced: kept as an earlier revision, or made unreadable as far as the store can
     * because it held secrets in clear.
     */
    readonly previous: { readonly keepAs: number } | "overwrite" | "none";
    /** Runs when the new text is safe, before any other writer, with its version. */
    after(version: string): Promise<void>;
  };
}

/** The sealed records one by one, with a head that is written anew by each commit. */
export interface StoredRows {
  readonly form: "rows";
  /** So long what was read last counts as what is there now, ms: nobody asks again before. */
  readonly freshMs: number;
  /** Whether the place is fit to be read and written. */
  examine(): Promise<Result<void>>;
  /**
   * The head as it is kept now, and the rows that were written after a revision of it; both of one moment.
   * @param after 0 for all rows
   * @returns undefined when there is no vault
   */
  read(after: number): Promise<Result<KeptRows | undefined>>;
  /**
   * Says whose the place is to be, before anything else is written there: it still counts as empty then. For a vault that
   * comes from elsewhere.
   */
  reserve(store: string): Promise<Result<"reserved" | "taken">>;
  /**
   * Writes rows and then the first head, unless there is a vault already. Interrupted, there is no head, and so no vault;
   * the next time takes away what was left.
   */
  begin(head: NewHead, rows: readonly KeptRow[]): Promise<Result<"begun" | "taken">>;
  /**
   * Writes a head over the one of revision `over`, and rows with it: all or nothing.
   * @returns `stale` when another head is there, or somebody else was writing at the same time: nothing was written then.
   *   A problem with the fact `sent: true` where it may have been written, or may yet be. The very same commit can be tried
   *   again then: of the two one at most finds the head that it is written over
   */
  commit(head: NewHead, over: number, rows: RowChanges): Promise<Result<"written" | "stale">>;
}

/** A head with its revision. What it says is for the vault alone. */
export interface NewHead {
  readonly store: string;
  readonly rev: number;
  readonly body: string;
}

/** A record as it is kept, or what is left of a removed one. */
export interface KeptRow {
  readonly kind: string;
  readonly id: string;
  /** The record's own revision. */
  readonly rev: number;
  /** The head's revision when it was written. */
  readonly at: number;
  readonly body: string;
}

export interface KeptRows {
  readonly head: NewHead;
  readonly rows: readonly KeptRow[];
}

export interface RowChanges {
  /** Put in the place of those of the same kind and id, or added. */
  readonly put: readonly KeptRow[];
  /** Taken away for good. */
  readonly clear: readonly { readonly kind: string; readonly id: string }[];
}

/** One text that is replaced as a whole, without earlier revisions. */
export interface StoredDocument {
  /** For problems that name it. */
  readonly place: string;
  /** @param known a version that the caller still has: then nothing is read when it is the present one */
  read(known?: string): Promise<Result<Kept | "unchanged" | undefined>>;
  /**
   * Puts a text in its place, whole or not at all. It waits for nobody: of two that write at once the later one stays.
   */
  write(text: string): Promise<Result<void>>;
  /** The highest revision of it in this vault that the host remembers, apart from the document: 0 for none. */
  known(storeId: string): Promise<number>;
  /** Remembers a revision unless a higher one is known. Never fails: what was written stays, and what was not is no worse. */
  remember(storeId: string, rev: number): Promise<void>;
  /** Reads, changes and writes with no other `change` in between. */
  change(edit: () => Promise<Result<string>>): Promise<Result<void>>;
}

/** Lines in the order they came. What they say, and whether they belong together, is for the caller to know. */
export interface StoredLog {
  /**
   * Adds a line, with no other one in between, and waits until it is safe.
   * @param next makes the line of the last one (undefined for the first) and the highest number that is remembered
   */
  append(next: (last: string | undefined, known: number) => NumberedLine): Promise<Result<number>>;
  /**
   * Hands over whole lines, the newest first, until `take` says that it needs no more.
   * @param before where a page said that the older ones begin; left out for the newest
   * @returns where the first line that was not taken begins, as only the store understands it; null when all were taken
   */
  backwards(take: (line: string) => boolean, before?: number): Promise<Result<number | null>>;
  /**
   * Hands over the parts that it lies in, in order, until `take` says that it needs no more. Each is good only until the
   * next one comes.
   */
  parts(take: (part: StoredPart) => Promise<boolean>): Promise<Result<void>>;
  /** The highest number that was ever given, as far as this host remembers: 0 for none. */
  known(): Promise<number>;
}

/** A piece of a log. Lines are added to the last one only. */
export interface StoredPart {
  /** What a person on the host calls it. */
  readonly name: string;
  /** Another one whenever the part was changed; undefined for the one that lines are added to. */
  readonly version: string | undefined;
  /**
   * Hands over its lines in order until `take` says that it needs no more; undefined where the part is gone. `rest` is
   * waited for after every few milliseconds of them.
   */
  readonly lines:
    | ((take: (line: string) => boolean, rest?: () => Promise<void>) => Promise<void>)
    | undefined;
}

export interface NumberedLine {
  readonly line: string;
  readonly seq: number;
}

/**
 * Lines that are added one by one, and gathered anew when most of them are over. A handle writes them one call after
 * another, over what it read last: where another console wrote meanwhile it says `store-conflict`, and nothing was written.
 */
export interface StoredNotebook {
  /** For problems that name it. */
  readonly place: string;
  /** All whole lines in order: a last one that a killed process left unfinished was never answered for. */
  read(): Promise<Result<readonly string[]>>;
  /**
   * Adds lines and waits until they are safe; of a killed process the first of them may stand there.
   * @returns `vault-write-failed` or `vault-unsafe-permissions`, `store-conflict`
   */
  append(lines: readonly string[]): Promise<Result<void>>;
  /** Puts these lines in the place of all that are there, whole or not at all. */
  replace(lines: readonly string[]): Promise<Result<void>>;
  /** What others wrote; left out where nobody else may. */
  readonly others?: {
    /** How often it was found that somebody else had written since this handle read or wrote: a number that only rises. */
    found(): number;
    /** Looks whether somebody has since. @returns as `found` from then on */
    look(): Promise<Result<number>>;
  };
}

/** A note for this host: a one-time token, or the hash of one. */
export interface StoredNote {
  /** Where a person on the host finds it. */
  readonly place: string;
  /** @returns undefined when there is none */
  read(): Promise<{ readonly text: string; readonly writtenAt: number } | undefined>;
  /** Puts it in the place of any older one. @throws the system's error */
  write(text: string): Promise<void>;
  /** Takes it away. Of several that do so at once, one alone is told that it had it. */
  take(): Promise<boolean>;
}

export interface Claim {
  /** Gives it up, at once: also when the process is about to end. */
  release(): void;
}

/** The highest revision that this host has seen of a vault, with the seal it had. */
export interface SeenRevision {
  readonly rev: number;
  readonly mac: string;
  /** Where it lay when it was seen last, as `Store.place` says it; the memory adds it. */
  readonly place?: string | undefined;
}

/**
 * What this host has seen, kept apart from the vault: from what is kept alone nobody can tell that an older copy was put
 * back.
 */
export interface RevisionMemory {
  recall(): Promise<Remembered>;
  /**
   * Remembers a revision that is safely kept, unless a higher one is known, and where it lies. Never fails: a save that
   * happened stays.
   */
  raise(storeId: string, seen: SeenRevision): Promise<void>;
}

/** What is remembered: revisions by store id, nothing at all, or something that cannot be read. */
export type Remembered =
  | { readonly state: "known"; readonly seen: Readonly<Record<string, SeenRevision>> }
  | { readonly state: "nothing" }
  | { readonly state: "unreadable" };

/** Commands for a person on the host, to be copied as they are. */
export interface RecoveryHints {
  /** Lets an older revision, or another vault, be what counts from now on. */
  forget(): string;
  /** Lets a new vault begin where one has been; what is left of that one is moved aside, not deleted. */
  beginAnew(traces: readonly string[]): string;
  /** Puts an earlier revision back; what is there now is moved aside, not deleted. */
  putBack(earlier: EarlierRevision, nothingThere: boolean): string;
}
