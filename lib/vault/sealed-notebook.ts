import "server-only";
import { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { processWide } from "#lib/process-wide.ts";
import { inTurns } from "#lib/turns.ts";
import { afterConflicts } from "./after-conflicts.ts";
import { boxSchema, openBox } from "./document.ts";
import type { Snapshot } from "./inspect.ts";
import { type Place, seal } from "./seal.ts";
import type { StoredNotebook } from "./store.ts";

/**
 * What one person keeps beside the records, or one matter that is written line by line: entries with an id, of which the
 * last one counts. Each is sealed by itself and bound to its owner, its id and its number, so that none can be taken for
 * another's or stand in another place.
 */
export interface SealedNotebook {
  /**
   * Hands over the last entry of each id, opened; what does not open is left out and counted.
   * @returns how many bytes all lines take, how many do not open, and `others` as of this moment
   */
  each(
    take: (entry: NotebookEntry) => void,
  ): Promise<Result<{ readonly bytes: number; readonly broken: number; readonly others: number }>>;
  /**
   * Another number than the last reading's where others wrote since, so that it is to be read again. It is looked for at
   * most once a second; where this console alone writes it never changes.
   */
  others(): Promise<Result<number>>;
  /** The last entry of an id; undefined when there is none. */
  find(id: string): Promise<Result<NotebookEntry | undefined>>;
  /** Adds an entry and waits until it is safe. @returns how many bytes it takes */
  append(id: string, value: unknown): Promise<Result<number>>;
  /** Adds several in one writing. @returns how many bytes they take */
  appendAll(entries: readonly (readonly [id: string, value: unknown])[]): Promise<Result<number>>;
  /** Leaves the last entry of each id, as it is, and none of these ids. @returns how many bytes are left */
  gather(gone: ReadonlySet<string>): Promise<Result<number>>;
}

export interface NotebookEntry {
  readonly id: string;
  /** JSON, as it was given; what it looks like is for the caller to check. */
  readonly value: unknown;
  readonly bytes: number;
}

/** @param snapshot the vault as it is now: its keys and its id */
export function sealedNotebook(
  owner: string,
  stored: StoredNotebook,
  snapshot: () => Promise<Result<Snapshot>>,
): SealedNotebook {
  /** The number of the last entry, once it is known. */
  let last: number | undefined;
  /** When it was read last, or looked whether others wrote; on the clock of `performance.now()`. */
  let lookedAt = Number.NEGATIVE_INFINITY;

  /** The lines that count, by id: a number that does not rise is of a line that was put back. */
  async function lines(): Promise<Result<Lines>> {
    const asked = performance.now();
    const read = await stored.read();
    if (!read.ok) return read;
    lookedAt = asked;
    const latest = new Map<string, string>();
    let bytes = 0;
    let [highest, broken] = [0, 0];
    for (const line of read.value) {
      bytes += line.length + 1;
      const head = headForm.exec(line);
      const number = Number(head?.[2] ?? 0);
      if (head?.[1] === undefined || number <= highest) {
        broken += 1;
        continue;
      }
      highest = number;
      latest.set(head[1], line);
    }
    last = Math.max(last ?? 0, highest);
    return ok({ latest, bytes, broken, others: stored.others?.found() ?? 0 });
  }

  function opened(line: string, { document, keyring }: Snapshot): NotebookEntry | undefined {
    const parsed = lineSchema.safeParse(jsonOf(line));
    if (!parsed.success || parsed.data.n !== parsed.data.box.b) return undefined;
    const { i: id, box } = parsed.data;
    const json = openBox(box, placeOf(document.storeId, owner, id), keyring)?.toString("utf8");
    return json === undefined ? undefined : { id, value: JSON.parse(json), bytes: line.length + 1 };
  }

  /** Where another console wrote to it meanwhile its numbers are taken: all is read, and others are given. */
  function appendAll(entries: readonly (readonly [string, unknown])[]): Promise<Result<number>> {
    return afterConflicts(async () => {
      const added = await addOver(entries);
      if (!added.ok) last = undefined;
      return added;
    });
  }

  async function addOver(entries: readonly (readonly [string, unknown])[]): Promise<Result<number>> {
    const vault = await snapshot();
    if (!vault.ok) return vault;
    if (last === undefined) {
      const found = await lines();
      if (!found.ok) return found;
    }
    const { document, keyring } = vault.value;
    let number = last ?? 0;
    const added = entries.map(([id, value]) => {
      number += 1;
      const place = placeOf(document.storeId, owner, id);
      const box = seal(Buffer.from(JSON.stringify(value), "utf8"), place, number, keyring.active);
      return JSON.stringify({ i: id, n: number, box });
    });
    const written = await stored.append(added);
    if (!written.ok) return written;
    last = number;
    return ok(added.reduce((bytes, line) => bytes + line.length + 1, 0));
  }

  const inOrder = <T>(work: () => Promise<T>) => inOrderAt(stored.place, work);

  return {
    each: async (take) => {
      const vault = await snapshot();
      if (!vault.ok) return vault;
      const found = await inOrder(lines);
      if (!found.ok) return found;
      let { broken } = found.value;
      // Thousands of them take a while: others get their turn in between.
      const turn = inTurns();
      for (const line of found.value.latest.values()) {
        const entry = opened(line, vault.value);
        if (entry === undefined) broken += 1;
        else take(entry);
        await turn();
      }
      return ok({ bytes: found.value.bytes, broken, others: found.value.others });
    },
    others: async () => {
      const { others } = stored;
      if (others === undefined) return ok(0);
      return inOrder(async () => {
        const asked = performance.now();
        if (asked - lookedAt < goodForMs) return ok(others.found());
        const looked = await others.look();
        if (looked.ok) lookedAt = asked;
        return looked;
      });
    },
    find: async (id) => {
      const vault = await snapshot();
      if (!vault.ok) return vault;
      const found = await inOrder(lines);
      if (!found.ok) return found;
      const line = found.value.latest.get(id);
      if (line === undefined) return ok(undefined);
      const entry = opened(line, vault.value);
      if (entry !== undefined) return ok(entry);
      return failed(problem("vault-damaged", { reason: "content", path: stored.place }));
    },
    append: (id, value) => inOrder(() => appendAll([[id, value]])),
    appendAll: (entries) => inOrder(() => appendAll(entries)),
    gather: (gone) =>
      inOrder(() =>
        afterConflicts(async () => {
          const found = await lines();
          if (!found.ok) return found;
          const kept = ordered(found.value.latest, gone);
          const replaced = await stored.replace(kept);
          return replaced.ok ? ok(kept.reduce((bytes, line) => bytes + line.length + 1, 0)) : replaced;
        }),
      ),
  };
}

/**
 * Seals anew, at its place and with its number, every entry of a notebook that another key than the active one was used
 * for. What does not open stays as it is. Only for the process that writes the notebook.
 */
export function resealNotebook(
  owner: string,
  stored: StoredNotebook,
  { document: { storeId }, keyring }: Snapshot,
): Promise<Result<void>> {
  const reseal = async (): Promise<Result<void>> => {
    const read = await stored.read();
    if (!read.ok) return read;
    const turn = inTurns();
    const next: string[] = [];
    let isAnother = false;
    for (const line of read.value) {
      await turn();
      const parsed = keyOfLine(line) === keyring.active.id ? undefined : lineSchema.safeParse(jsonOf(line));
      const { i: id, n, box } = parsed?.data ?? {};
      const place = id === undefined ? undefined : placeOf(storeId, owner, id);
      const bytes = place && box && openBox(box, place, keyring);
      if (bytes === undefined || place === undefined || box === undefined) {
        next.push(line);
        continue;
      }
      isAnother = true;
      next.push(JSON.stringify({ i: id, n, box: seal(bytes, place, box.b, keyring.active) }));
    }
    return isAnother ? stored.replace(next) : ok(undefined);
  };
  return inOrderAt(stored.place, () => afterConflicts(reseal));
}

/** The id of the key that a line was sealed with. */
export function keyOfLine(line: string): string | undefined {
  return keyForm.exec(line)?.[1];
}

const keyForm = /"box":\{"k":"([A-Za-z0-9_-]{11})"/;

/** In the order of their numbers: of those of an id the last one stands where the last one was. */
function ordered(latest: ReadonlyMap<string, string>, gone: ReadonlySet<string>): readonly string[] {
  return [...latest]
    .filter(([id]) => !gone.has(id))
    .map(([, line]) => line)
    .sort((a, b) => numberOf(a) - numberOf(b));
}

/** One after another at a place in this process, whoever asks: who reads and replaces must meet no line in between. */
function inOrderAt<T>(place: string, work: () => Promise<T>): Promise<T> {
  const queues = processWide("notebook turns", () => new Map<string, Promise<unknown>>());
  const turn = (queues.get(place) ?? Promise.resolve()).then(work);
  queues.set(
    place,
    turn.catch(() => undefined),
  );
  return turn;
}

/** So long what was read counts as what is there, ms. */
const goodForMs = 1000;

interface Lines {
  readonly latest: ReadonlyMap<string, string>;
  readonly bytes: number;
  readonly broken: number;
  readonly others: number;
}

const headForm = /^\{"i":"([A-Za-z0-9_-]{1,64})","n":([1-9]\d{0,15}),"box":\{/;

function numberOf(line: string): number {
  return Number(headForm.exec(line)?.[2] ?? 0);
}

const lineSchema = z.strictObject({ i: z.string(), n: z.int(), box: boxSchema });

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function placeOf(storeId: string, owner: string, id: string): Place {
  return { storeId, kind: "notebook", recordId: owner, field: id };
}
