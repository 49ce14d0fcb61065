import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import type { z } from "zod";
import { ok, type Result } from "#lib/problems/result.ts";
import { parseBoundedJson } from "./bounded-json.ts";
import { canonicalBytes, lengthPrefixed } from "./canonical.ts";
import { highestLine } from "./highest-line.ts";
import type { StoredLog, StoredPart } from "./store.ts";

/** One line of a chained log: what was noted, with its number. */
export type Chained<T> = T & { readonly seq: number };

/** Some lines, newest first. */
export interface LogPage<T> {
  readonly entries: readonly Chained<T>[];
  /** Where the older ones end, for the next page; null when there are none. */
  readonly older: number | null;
}

/** Whether the log is as it was written. */
export type ChainState =
  | { readonly state: "whole"; readonly entries: number }
  /** The first line that does not follow from those before it: changed, taken out, or put in; and the part it stood in. */
  | { readonly state: "broken"; readonly line: number; readonly part: string }
  /** A whole part is gone, which began with that line. */
  | { readonly state: "part-missing"; readonly line: number; readonly part: string }
  /** What is there fits, but more has been there. */
  | { readonly state: "shortened"; readonly entries: number; readonly known: number };

/**
 * A log that only grows: JSON lines, in clear, each sealed with everything before it. Whoever can write where they are
 * kept can still change them, but not unnoticed.
 */
export interface ChainedLog<T> {
  /**
   * Adds a line and waits until it is safe.
   * @returns its number; or `vault-write-failed`, `vault-busy`, `vault-unsafe-permissions`
   */
  append(entry: T): Promise<Result<number>>;
  /** @param before where a page said that the older ones end; left out for the newest */
  newest(count: number, before?: number): Promise<Result<LogPage<T>>>;
  /** Hands over every line that can be read, the oldest first. */
  each(take: (entry: Chained<T>) => void): Promise<Result<void>>;
  /**
   * Follows the chain: reads everything but the closed parts that were found whole and have not changed since.
   * @param rest waited for after every few milliseconds of work, where others must not wait for this
   */
  check(rest?: () => Promise<void>): Promise<Result<ChainState>>;
}

/** Where a chain has got to. */
export interface LogEnd {
  readonly mac: string;
  readonly seq: number;
}

/** Something under another seal that says how far a log has got: whoever shortens the log cannot change it. */
export interface EndWitness {
  note(end: LogEnd): void;
  /** The last end that is under the seal. */
  signed(): LogEnd | null;
}

/**
 * The chain over the lines of a store's log.
 * @param key     what the chain is sealed with
 * @param witness told of each line that is safe, and asked when the chain is followed
 */
export function chainedLog<T extends object>(
  stored: StoredLog,
  key: Buffer,
  schema: z.ZodType<T>,
  witness?: EndWitness,
): ChainedLog<T> {
  /** Closed parts that were found whole, and what they began and ended with. */
  const checked = new Map<
    string,
    { readonly version: string; readonly from: string; readonly end: LogEnd }
  >();

  return {
    append: async (entry) => {
      let made: LogEnd | undefined;
      const written = await stored.append((last, known) => {
        // Its seal is taken as it stands: a changed one shows when the chain is followed.
        const end = last === undefined ? undefined : readSealed(last);
        const after = end === undefined || end.seq > highestLine ? 0 : end.seq;
        const seq = Math.max(after, known) + 1;
        const body = { seq, ...entry };
        const mac = sealOf(key, end?.mac ?? "", body);
        made = { mac, seq };
        return { line: JSON.stringify({ ...body, mac }), seq };
      });
      // The line may have been made anew, for who came second: the last one is the one that was written.
      if (written.ok && made?.seq === written.value) witness?.note(made);
      return written;
    },

    newest: async (count, before) => {
      const entries: Chained<T>[] = [];
      const rest = await stored.backwards((line) => {
        if (entries.length === count) return false;
        const entry = readEntry(line, schema);
        // A line that cannot be read is what `check` speaks of.
        if (entry !== undefined) entries.push(entry);
        return true;
      }, before);
      return rest.ok ? ok({ entries, older: rest.value }) : rest;
    },

    each: async (take) =>
      stored.parts(async (part) => {
        await part.lines?.((line) => {
          const entry = readEntry(line, schema);
          // A line that cannot be read is what `check` speaks of.
          if (entry !== undefined) take(entry);
          return true;
        });
        return true;
      }),

    check: async (rest) => {
      const known = await stored.known();
      const signed = witness?.signed();
      let end: LogEnd = { mac: "", seq: 0 };
      let before: string | undefined;
      let fault: ChainState | undefined;
      const read = await stored.parts(async (part) => {
        const followed = await follow(part, end, { before, signed, rest });
        if ("state" in followed) fault = followed;
        else end = followed;
        before = part.name;
        return fault === undefined;
      });
      if (!read.ok) return read;
      if (fault !== undefined) return ok(fault);
      const most = Math.max(known, signed?.seq ?? 0);
      return ok(
        end.seq < most
          ? { state: "shortened", entries: end.seq, known: most }
          : { state: "whole", entries: end.seq },
      );
    },
  };

  /** Follows the chain through a part, from the end of the one before it. A closed one that has not changed since is let be. */
  async function follow(
    part: StoredPart,
    from: LogEnd,
    { before, signed, rest }: Following,
  ): Promise<LogEnd | ChainState> {
    if (part.lines === undefined) return { state: "part-missing", line: from.seq + 1, part: part.name };
    const seen = checked.get(part.name);
    if (seen !== undefined && seen.version === part.version && seen.from === from.mac) return seen.end;
    let end = from;
    let fault: ChainState | undefined;
    await part.lines((line) => {
      // What it says is let be: the seal proves that this console wrote it, be it a later version of it.
      const found = readSealed(line);
      const fits =
        found !== undefined &&
        found.seq === end.seq + 1 &&
        isSame(found.mac, sealOf(key, end.mac, found.body)) &&
        // Lines of ours that follow an end which was cut off and forgotten.
        (found.seq !== signed?.seq || isSame(found.mac, signed.mac));
      if (fits) {
        end = { mac: found.mac, seq: found.seq };
        return true;
      }
      // When a part begins with a later line than it should, the end of the one before it is gone.
      const skips = end === from && found !== undefined && found.seq > from.seq + 1;
      fault = { state: "broken", line: end.seq + 1, part: (skips ? before : undefined) ?? part.name };
      return false;
    }, rest);
    if (fault !== undefined) return fault;
    if (part.version !== undefined) checked.set(part.name, { version: part.version, from: from.mac, end });
    return end;
  }
}

interface Following {
  /** The name of the part before. */
  readonly before: string | undefined;
  readonly signed: LogEnd | null | undefined;
  readonly rest?: (() => Promise<void>) | undefined;
}

function sealOf(key: Buffer, before: string, body: object): string {
  return createHmac("sha256", key)
    .update(lengthPrefixed([before, canonicalBytes(body)]))
    .digest("base64url");
}

function isSame(given: string, made: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(made)];
  return left.length === right.length && timingSafeEqual(left, right);
}

interface SealedLine {
  readonly seq: number;
  readonly mac: string;
  /** What was noted, and its number: all that is under the seal. */
  readonly body: object;
}

/** Takes a line apart; whether its seal fits is another matter. */
function readSealed(text: string): SealedLine | undefined {
  // Somebody else may have put it there: thousands of brackets in it would be too many for what follows.
  const json = parseBoundedJson(text, deepest)?.json;
  // A key that stands there twice would be read as the last one says, and sealed as that.
  if (JSON.stringify(json) !== text) return undefined;
  if (typeof json !== "object" || json === null || !("seq" in json) || !("mac" in json)) return undefined;
  const { mac, ...body } = json;
  if (typeof body.seq !== "number" || !Number.isSafeInteger(body.seq) || body.seq < 1) return undefined;
  return typeof mac === "string" && mac.length === sealLength ? { seq: body.seq, mac, body } : undefined;
}

const sealLength = 43;
/** Twice what is ever noted. */
const deepest = 8;

function readEntry<T extends object>(text: string, schema: z.ZodType<T>): Chained<T> | undefined {
  const sealed = readSealed(text);
  if (sealed === undefined) return undefined;
  const { seq: _, ...noted } = sealed.body as { readonly seq: number };
  const parsed = schema.safeParse(noted);
  return parsed.success ? { ...parsed.data, seq: sealed.seq } : undefined;
}
