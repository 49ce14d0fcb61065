import "server-only";
import { z } from "zod";
import { ok, type Result } from "#lib/problems/result.ts";
import { randomId } from "#lib/random-id.ts";
import type { LexicalRules } from "#lib/sql/tokens.ts";
import type { SealedNotebook } from "#lib/vault/sealed-notebook.ts";
import { maskPasswords } from "./mask-passwords.ts";

/** A statement that has ended: what is kept of it. Never a row of its result, nor a value of its parameters. */
export interface FinishedRun {
  readonly sql: string;
  readonly connectionId: string;
  /** What it was called then. */
  readonly connection: string;
  readonly database: string;
  /** The role in force. */
  readonly role: string;
  readonly ms: number;
  /** Rows sent, or written; null where nobody knows. */
  readonly rows: number | null;
  /** What the server refused it with. */
  readonly sqlstate: string | null;
  readonly outcome: "done" | "failed" | "stopped";
  readonly readOnly: boolean;
}

export interface HistoryEntry extends FinishedRun {
  readonly id: string;
  /** When it had ended, ISO 8601 UTC. */
  readonly at: string;
  /** It was longer: this is its beginning. */
  readonly cut: boolean;
  /** Something in it was taken for a secret and left out. */
  readonly masked: boolean;
}

export interface HistoryAsk {
  /** Each of them is in the statement, or in the connection's name; any case. */
  readonly words?: string;
  readonly connectionId?: string;
  readonly failedOnly?: boolean;
  /** From one moment up to another, ISO 8601 UTC. */
  readonly from?: string;
  readonly until?: string;
  /** Goes on after this entry. */
  readonly after?: string;
  readonly most: number;
}

export interface HistoryPage {
  /** The newest first. */
  readonly entries: readonly HistoryEntry[];
  readonly more: boolean;
  /** How many there are in all, whatever was asked for. */
  readonly kept: number;
}

/** Statements that a person has run. Each person's are theirs alone; nobody else is ever given one, whatever their role. */
export interface History {
  /** For how long they are kept; 0: none is. */
  readonly days: number;
  /** Keeps one, its secrets left out, and lets old ones go. Those of a moment are written together. */
  note(userId: string, run: FinishedRun, rules?: LexicalRules): Promise<Result<void>>;
  page(userId: string, ask: HistoryAsk): Promise<Result<HistoryPage>>;
  find(userId: string, id: string): Promise<Result<HistoryEntry | undefined>>;
  /** Lets one go, or all: they are gone from the file. */
  remove(userId: string, which: string | "all"): Promise<Result<void>>;
  /** Writes at once what waits to be written. */
  flush(): Promise<void>;
}

export const historyDays = 90;
export const mostRuns = 10_000;
/** Of one statement, in UTF-16 units. */
export const longestKept = 64 * 1024;
/** Of all of a person, as they lie in the store. */
const mostBytes = 32 * 1024 * 1024;
/** So many at once are let go, so that the file is not written anew with each. */
const slack = 500;
const dayMs = 24 * 60 * 60 * 1000;
/** For so long what comes is gathered, ms: a writing costs more than the shortest statement. */
export const gatherMs = 500;
/** Whoever runs nothing for so long is read again: no memory is held for them. */
const restMs = 15 * 60 * 1000;

/**
 * @param notebookOf the sealed notebook of a user's history
 * @param limits     left out but in tests, and `days` where the host says so
 * @param now        milliseconds since 1970
 */
export function history(
  notebookOf: (userId: string) => SealedNotebook,
  limits: {
    readonly days?: number;
    readonly count?: number;
    readonly slack?: number;
    readonly gatherMs?: number;
  } = {},
  now: () => number = Date.now,
): History {
  const { days = historyDays, count = mostRuns, slack: spare = slack, gatherMs: gatherFor = 0 } = limits;
  const shelves = new Map<string, Shelf>();

  function shelfOf(userId: string): Shelf {
    const shelf = shelves.get(userId) ?? newShelf(notebookOf(userId));
    shelves.set(userId, shelf);
    return shelf;
  }

  /** One after another of a person, with all entries at hand. */
  function within<T>(userId: string, work: (shelf: OpenShelf) => Promise<Result<T>>): Promise<Result<T>> {
    const shelf = shelfOf(userId);
    const turn = shelf.queue.then(async (): Promise<Result<T>> => {
      const opened = await openShelf(shelf);
      return opened.ok ? work(opened.value) : opened;
    });
    shelf.queue = turn.catch(() => undefined);
    shelf.usedAt = now();
    for (const [id, other] of shelves) if (now() - other.usedAt > restMs) shelves.delete(id);
    return turn;
  }

  /** Whoever reads finds what was noted before. */
  function afterWriting<T>(
    userId: string,
    work: (shelf: OpenShelf) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    shelves.get(userId)?.gathering?.end();
    return within(userId, work);
  }

  /** Waits for more of the same person's. */
  function gather(userId: string, shelf: Shelf): Promise<Result<void>> {
    let end: () => void = () => undefined;
    const written = new Promise<Result<void>>((resolve) => {
      const timer = setTimeout(() => end(), gatherFor);
      end = () => {
        clearTimeout(timer);
        delete shelf.gathering;
        resolve(within(userId, write));
      };
    });
    shelf.gathering = { end, written };
    return written;
  }

  /** Those that are too old, and the oldest of too many. */
  function outlived({ entries }: OpenShelf, spared: number): ReadonlySet<string> {
    const oldest = new Date(now() - days * dayMs).toISOString();
    let left = entries.size;
    let bytes = 0;
    for (const entry of entries.values()) bytes += entry.bytes;
    const isFull = left > count + spared || bytes > mostBytes;
    const gone = new Set<string>();
    for (const [id, entry] of entries) {
      const isOld = entry.at < oldest;
      if (!isOld && !(isFull && (left > count || bytes > mostBytes * 0.9))) break;
      gone.add(id);
      left -= 1;
      bytes -= entry.bytes;
    }
    // One that is a day too old waits for others: of many a day one write a day is enough.
    const only = [...gone].every(
      (id) => (entries.get(id)?.at ?? "") >= new Date(now() - (days + 1) * dayMs).toISOString(),
    );
    return spared > 0 && !isFull && only ? new Set() : gone;
  }

  async function letGo(shelf: OpenShelf, gone: ReadonlySet<string>): Promise<Result<void>> {
    if (gone.size === 0) return ok(undefined);
    const gathered = await shelf.notebook.gather(gone);
    if (!gathered.ok) return gathered;
    for (const id of gone) shelf.entries.delete(id);
    return ok(undefined);
  }

  /** What waits goes in one writing. */
  async function write(shelf: OpenShelf): Promise<Result<void>> {
    const waiting = shelf.waiting.splice(0);
    if (waiting.length === 0) return ok(undefined);
    const written = await shelf.notebook.appendAll(waiting.map(({ id, ...content }) => [id, content]));
    if (!written.ok) return written;
    const each = Math.ceil(written.value / waiting.length);
    for (const entry of waiting) shelf.entries.set(entry.id, { ...entry, bytes: each });
    return letGo(shelf, outlived(shelf, spare));
  }

  return {
    days,

    async note(userId, run, rules) {
      if (days === 0) return ok(undefined);
      const shelf = shelfOf(userId);
      // What waits is not at rest, however long ago the last was.
      shelf.usedAt = now();
      shelf.waiting.push({ ...keptOf(run, rules), id: randomId(), at: new Date(now()).toISOString() });
      if (gatherFor === 0) return within(userId, write);
      return shelf.gathering?.written ?? gather(userId, shelf);
    },

    page: (userId, ask) =>
      afterWriting(userId, async (shelf) => {
        const tidied = await letGo(shelf, outlived(shelf, 0));
        if (!tidied.ok) return tidied;
        const words = (ask.words ?? "")
          .toLowerCase()
          .split(/\s+/)
          .filter((word) => word !== "");
        const found: HistoryEntry[] = [];
        let isAfter = ask.after === undefined;
        for (const entry of [...shelf.entries.values()].reverse()) {
          if (!isAfter) isAfter = entry.id === ask.after;
          else if (fits(entry, ask, words)) found.push(entry);
          if (found.length > ask.most) break;
        }
        return ok({
          entries: found.slice(0, ask.most),
          more: found.length > ask.most,
          kept: shelf.entries.size,
        });
      }),

    find: (userId, id) => afterWriting(userId, async ({ entries }) => ok(entries.get(id))),

    remove: (userId, which) =>
      afterWriting(userId, async (shelf) => {
        if (which !== "all" && !shelf.entries.has(which)) return ok(undefined);
        return letGo(shelf, which === "all" ? new Set(shelf.entries.keys()) : new Set([which]));
      }),

    async flush() {
      for (const { gathering } of shelves.values()) gathering?.end();
      await Promise.all([...shelves.values()].map(({ queue }) => queue));
    },
  };
}

function fits(
  entry: HistoryEntry,
  { connectionId, failedOnly, from, until }: HistoryAsk,
  words: readonly string[],
): boolean {
  if (connectionId !== undefined && entry.connectionId !== connectionId) return false;
  if (failedOnly === true && entry.outcome === "done") return false;
  if ((from !== undefined && entry.at < from) || (until !== undefined && entry.at >= until)) return false;
  if (words.length === 0) return true;
  const text = `${entry.sql}\n${entry.connection}\n${entry.database}\n${entry.sqlstate ?? ""}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function keptOf(run: FinishedRun, rules: LexicalRules | undefined): Omit<Kept, "id" | "at" | "bytes"> {
  // What is kept is its beginning, so no more is looked through.
  const sql = run.sql.slice(0, 2 * longestKept);
  const masked = maskPasswords(sql, rules);
  return {
    sql: masked.slice(0, longestKept),
    connectionId: run.connectionId,
    connection: run.connection,
    database: run.database,
    role: run.role,
    ms: run.ms,
    rows: run.rows,
    sqlstate: run.sqlstate,
    outcome: run.outcome,
    readOnly: run.readOnly,
    cut: run.sql.length > sql.length || masked.length > longestKept,
    masked: masked !== sql,
  };
}

type Kept = HistoryEntry & { readonly bytes: number };

interface Shelf {
  readonly notebook: SealedNotebook;
  readonly waiting: HistoryEntry[];
  /** While those that wait are not yet being written. */
  gathering?: { readonly end: () => void; readonly written: Promise<Result<void>> };
  queue: Promise<unknown>;
  usedAt: number;
  /** In the order they came. */
  entries?: Map<string, Kept>;
  /** As they were read. */
  others?: number;
}

interface OpenShelf extends Shelf {
  entries: Map<string, Kept>;
}

function newShelf(notebook: SealedNotebook): Shelf {
  return { notebook, waiting: [], queue: Promise.resolve(), usedAt: Number.POSITIVE_INFINITY };
}

/** While the store does not answer, with what was read before. */
async function openShelf(shelf: Shelf): Promise<Result<OpenShelf>> {
  const others = await shelf.notebook.others();
  if (!others.ok && shelf.entries === undefined) return others;
  if (shelf.entries === undefined || (others.ok && others.value !== shelf.others)) {
    const entries = new Map<string, Kept>();
    const read = await shelf.notebook.each(({ id, value, bytes }) => {
      const content = contentSchema.safeParse(value);
      if (content.success) entries.set(id, { ...content.data, id, bytes });
    });
    if (!read.ok) return read;
    shelf.entries = entries;
    shelf.others = read.value.others;
  }
  return ok(shelf as OpenShelf);
}

const contentSchema = z.strictObject({
  at: z.string(),
  sql: z.string(),
  connectionId: z.string(),
  connection: z.string(),
  database: z.string(),
  role: z.string(),
  ms: z.number(),
  rows: z.number().nullable(),
  sqlstate: z.string().nullable(),
  outcome: z.enum(["done", "failed", "stopped"]),
  readOnly: z.boolean(),
  cut: z.boolean(),
  masked: z.boolean(),
});
