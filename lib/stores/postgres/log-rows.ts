import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import { afterConflicts } from "#lib/vault/after-conflicts.ts";
import { highestLine } from "#lib/vault/highest-line.ts";
import type { NumberedLine, StoredLog } from "#lib/vault/store.ts";
import type { HostMemory } from "./host-memory.ts";
import type { KeptIn } from "./kept-in.ts";
import { writtenOnce } from "./written-once.ts";

/**
 * The lines of a log as rows of `cloak_log`, which the console's role can add to and not change. A line's place is its
 * number: of two consoles that add at once one finds the place taken, and reads the other's line before it tries again.
 *
 * Lines that wait at the same time are written by one statement: all of them or none.
 */
export function logRows(
  name: string,
  storeId: string,
  { link, place }: KeptIn,
  memory: HostMemory,
): StoredLog {
  // The trail of a vault bears its name; the table has no other column for one.
  const store = name === "audit" ? storeId : `${storeId}/${name}`;
  const head = memory.head(name, storeId);
  const waiting: WaitingLine[] = [];
  let writing = false;
  /** How the log ended when this process wrote to it last. */
  let left: End | undefined;
  let remembered: Promise<void> = Promise.resolve();

  async function writeWaiting(): Promise<void> {
    if (writing) return;
    writing = true;
    try {
      while (waiting.length > 0) await writeTogether(waiting.splice(0, mostAtOnce));
    } finally {
      writing = false;
    }
  }

  async function writeTogether(lines: readonly WaitingLine[]): Promise<void> {
    try {
      const written = await afterConflicts(() => add(lines), mostTries);
      for (const [index, line] of lines.entries()) {
        const seq = written.ok ? written.value[index] : undefined;
        line.resolve(seq === undefined ? (written as Result<number>) : ok(seq));
      }
    } catch (error) {
      for (const line of lines) line.reject(error);
    }
  }

  /** Adds the lines behind the last one that is known here, or `store-conflict` where that is not the last any more. */
  async function add(lines: readonly WaitingLine[]): Promise<Result<readonly number[]>> {
    const end = left === undefined ? await endNow() : ok(left);
    if (!end.ok) return end;
    const known = (await head.read()).seq;
    const made = numbered(lines, end.value, known);
    const written = await insert(made, end.value.seq);
    if (!written.ok) {
      left = undefined;
      return written;
    }
    const last = made.at(-1);
    if (last !== undefined) {
      left = { line: last.line, seq: last.seq };
      // It is safe in the database: whoever waits need not wait for the head, which may lag. Whoever asks for it does.
      remembered = head.write({ seq: last.seq, part: 1 }).catch(() => undefined);
    }
    return ok(made.map(({ seq }) => seq));
  }

  async function insert(made: readonly NumberedLine[], after: number): Promise<Result<void>> {
    const [numbers, texts] = [made.map(({ seq }) => seq), made.map(({ line }) => line)];
    return writtenOnce(
      async () => {
        const written = await link.query(insertLines, [store, numbers, texts, after]);
        return written.ok ? ok(written.value.length === made.length) : written;
      },
      async () => {
        const found = await link.query(readLines, [store, numbers]);
        if (!found.ok) return found;
        if (found.value.length === 0) return ok("not-yet");
        // A line is like no other.
        const isOurs =
          found.value.length === made.length && found.value.every(({ body }) => texts.includes(body ?? ""));
        return ok(isOurs ? "ours" : "theirs");
      },
    );
  }

  async function endNow(): Promise<Result<End>> {
    const found = await link.query(readLast, [store]);
    if (!found.ok) return found;
    const [row] = found.value;
    return ok(
      row === undefined ? { line: undefined, seq: 0 } : { line: row.body ?? "", seq: Number(row.seq) },
    );
  }

  async function forward(take: (line: string) => boolean, rest?: () => Promise<void>): Promise<Result<void>> {
    for (let after = 0; ; ) {
      const found = await link.query(readForward, [store, after]);
      if (!found.ok) return found;
      for (const { body } of found.value) if (!take(body ?? "")) return ok(undefined);
      const last = found.value.at(-1);
      if (last === undefined || found.value.length < pageLines) return ok(undefined);
      after = Number(last.seq);
      await rest?.();
    }
  }

  return {
    append: (next) =>
      new Promise((resolve, reject) => {
        waiting.push({ next, resolve, reject });
        void writeWaiting();
      }),
    backwards: async (take, before) => {
      for (let end = before ?? Number.MAX_SAFE_INTEGER; ; ) {
        const found = await link.query(readBackwards, [store, end]);
        if (!found.ok) return found;
        for (const { seq, body } of found.value) {
          if (!take(body ?? "")) return ok(Number(seq) + 1);
          end = Number(seq);
        }
        if (found.value.length < pageLines) return ok(null);
      }
    },
    parts: async (take) => {
      let trouble: Result<void> = ok(undefined);
      const lines = async (line: (text: string) => boolean, rest?: () => Promise<void>) => {
        trouble = await forward(line, rest);
      };
      await take({ name: `${place}#${name}`, version: undefined, lines });
      return trouble;
    },
    known: async () => {
      await remembered;
      return (await head.read()).seq;
    },
  };
}

interface WaitingLine {
  readonly next: (last: string | undefined, known: number) => NumberedLine;
  readonly resolve: (outcome: Result<number>) => void;
  readonly reject: (error: unknown) => void;
}

interface End {
  readonly line: string | undefined;
  readonly seq: number;
}

/** Each made of the one before it. */
function numbered(lines: readonly WaitingLine[], end: End, known: number): readonly NumberedLine[] {
  let last = end.line;
  let highest = Math.max(known, end.seq);
  return lines.map(({ next }) => {
    const made = next(last, highest);
    last = made.line;
    highest = Math.max(highest, made.seq);
    return made;
  });
}

const mostAtOnce = 20;
/** An act waits for its line, so it is worth more tries than a save. */
const mostTries = 20;
const pageLines = 500;

const insertLines = `
  insert into cloak_log (store, seq, body)
  select $1, u.seq, u.body from unnest($2::bigint[], $3::text[]) as u(seq, body)
    where not exists (select 1 from cloak_log l where l.store = $1 and l.seq > $4::bigint and l.seq <= ${highestLine})
  returning seq`;
const readLines = "select seq, body from cloak_log where store = $1 and seq = any($2::bigint[])";
const readLast = `
  select seq, body from cloak_log where store = $1 and seq <= ${highestLine} order by seq desc limit 1`;
const readForward = `select seq, body from cloak_log where store = $1 and seq > $2::bigint order by seq limit ${pageLines}`;
const readBackwards = `
  select seq, body from cloak_log where store = $1 and seq < $2::bigint order by seq desc limit ${pageLines}`;
