import "server-only";
import { constants } from "node:fs";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { NumberedLine, StoredLog } from "#lib/vault/store.ts";
import { syncFolder, writeWhole } from "./atomic-file.ts";
import { type Disk, systemErrorCode } from "./disk.ts";
import { headFile } from "./head-file.ts";
import { endOf, longestLine } from "./log-lines.ts";
import { closedParts, type OpenPart, openPart, partPath } from "./log-parts.ts";
import { backwards, eachPart } from "./log-reading.ts";
import type { RecordsFile } from "./records-file.ts";
import type { VaultFolders } from "./vault-folders.ts";

export interface LogOptions {
  /** A part that has grown to so many bytes is closed, and another one begun. */
  readonly partBytes: number;
}

/** So many lines at most are written in one piece. */
const mostAtOnce = 500;

/**
 * The file `<name>.jsonl` beside the configuration (lower-case letters and hyphens), and the closed parts of the log. The
 * number of its last line is kept a second time in the state folder: from the files alone nobody can tell that their end
 * is gone.
 *
 * Lines that wait at the same time are written and synced together: one lock, one sync, however many.
 */
export function logFile(
  name: string,
  storeId: string,
  { configDir, stateDir }: VaultFolders,
  beside: RecordsFile,
  disk: Disk,
  { partBytes }: LogOptions,
): StoredLog {
  const path = partPath(configDir, name);
  const head = headFile(disk, stateDir, name, storeId);
  const place = { disk, folder: configDir, name, head };
  const waiting: WaitingLine[] = [];
  /** How the log ended when this process wrote to it last. */
  let left: (End & { readonly inode: bigint }) | undefined;
  let remembered: Promise<void> = Promise.resolve();

  /** Writes for all that wait, and answers each. */
  async function writeWaiting(): Promise<Result<void>> {
    const lines = waiting.splice(0, mostAtOnce);
    for (const line of lines) line.taken = true;
    try {
      const trouble = await writeTogether(lines);
      if (!trouble.ok) for (const line of lines) line.resolve(trouble);
    } catch (error) {
      const code = systemErrorCode(error);
      const trouble = code === undefined ? undefined : failed(writeProblem(path, code));
      for (const line of lines) trouble === undefined ? line.reject(error) : line.resolve(trouble);
    }
    return ok(undefined);
  }

  async function writeTogether(lines: readonly WaitingLine[]): Promise<Result<void>> {
    const opened = await openToAppend();
    if (!opened.ok) return opened;
    const { handle, size, inode } = opened.value;
    try {
      const found = await endNow(opened.value);
      if (!found.ok) return found;
      const { whole, part } = found.value;
      const made = numbered(lines, found.value.line, found.value.seq);
      const last = made.at(-1);
      if (last === undefined) return ok(undefined);
      // What a killed process left unfinished was never answered for.
      if (whole < size) await handle.truncate(whole);
      const bytes = Buffer.concat(made.map((one) => one.bytes));
      try {
        await writeWhole(handle, bytes);
        await handle.sync();
        if (size === 0) await syncFolder(disk, configDir);
      } catch (error) {
        // Nobody is told that they stand there, so they should not.
        await handle.truncate(whole).catch(() => undefined);
        throw error;
      }
      left = { inode, whole: whole + bytes.length, line: last.text, seq: last.seq, part };
      // They are on the disk: whoever waits need not wait for the head, which may lag. Whoever asks for it does.
      const written = head.write({ seq: last.seq, part });
      remembered = written.catch(() => undefined);
      for (const { line, seq } of made) line.resolve(ok(seq));
      await written;
      return ok(undefined);
    } finally {
      await handle.close();
    }
  }

  /** What the next line follows. Where nobody has written since this process did, it knows. */
  async function endNow({ handle, size, inode }: OpenPart): Promise<Result<End>> {
    if (left?.inode === inode && left.whole === size) return ok(left);
    const known = await head.read();
    const { line, whole } = await endOf(handle, size);
    const before = line === undefined ? await lastClosed(known.part) : ok({ line, part: known.part });
    // A number that was given is never given again, whoever has cut the files and the head meanwhile.
    return before.ok ? ok({ ...before.value, whole, seq: Math.max(known.seq, left?.seq ?? 0) }) : before;
  }

  /** The part that lines are added to: one that has grown enough is closed first. */
  async function openToAppend(): Promise<Result<OpenPart>> {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND;
    const opened = await openPart(disk, path, flags);
    if (!opened.ok || opened.value.size < partBytes) return opened;
    const { handle, size } = opened.value;
    try {
      const { whole } = await endOf(handle, size);
      if (whole < size) {
        await handle.truncate(whole);
        await handle.sync();
      }
    } finally {
      await handle.close();
    }
    const closed = await closedParts(disk, configDir, name);
    const number = numberAfter(closed, (await head.read()).part);
    await disk.rename(path, partPath(configDir, name, number));
    // Safe before the next one gets this name: by no failure of the power may one stand where the other was.
    await syncFolder(disk, configDir);
    return openPart(disk, path, flags);
  }

  /** What the present part goes on from while it is empty. */
  async function lastClosed(knownPart: number): Promise<Result<Before>> {
    const closed = await closedParts(disk, configDir, name);
    const part = numberAfter(closed, knownPart);
    const number = closed.at(-1);
    if (number === undefined) return ok({ line: undefined, part });
    const opened = await openPart(disk, partPath(configDir, name, number), constants.O_RDONLY);
    if (!opened.ok) return opened;
    const { handle, size } = opened.value;
    const { line } = await endOf(handle, size).finally(() => handle.close());
    return ok({ line, part });
  }

  return {
    known: async () => {
      await remembered;
      return (await head.read()).seq;
    },
    append: (next) =>
      new Promise((resolve, reject) => {
        const line: WaitingLine = { next, resolve, reject, taken: false };
        waiting.push(line);
        // Each asks for its own turn and has its own deadline; whoever's turn comes first writes for all.
        const asked = beside.exclusively(writeWaiting, () => (line.taken ? ok(undefined) : undefined));
        const withdraw = (tell: () => void) => {
          if (line.taken) return;
          waiting.splice(waiting.indexOf(line), 1);
          tell();
        };
        asked.then(
          (outcome) => {
            if (!outcome.ok) withdraw(() => resolve(outcome));
          },
          (error: unknown) => withdraw(() => reject(error)),
        );
      }),
    backwards: (take, before) => backwards(place, take, before),
    parts: (take) => eachPart(place, take),
  };
}

/** The number of the part that lines are added to: one that was taken away keeps its own. */
function numberAfter(closed: readonly number[], knownPart: number): number {
  return Math.max((closed.at(-1) ?? 0) + 1, knownPart);
}

/** The line that the next one follows, and the number of the part that it will stand in. */
interface Before {
  readonly line: string | undefined;
  readonly part: number;
}

interface End extends Before {
  /** Where the last whole line ends. */
  readonly whole: number;
  /** The highest number that was given, as far as it is known. */
  readonly seq: number;
}

interface WaitingLine {
  readonly next: (last: string | undefined, known: number) => NumberedLine;
  readonly resolve: (outcome: Result<number>) => void;
  readonly reject: (error: unknown) => void;
  taken: boolean;
}

/** Each made of the one before it. One that cannot be made is answered at once and keeps nobody else from theirs. */
function numbered(lines: readonly WaitingLine[], last: string | undefined, known: number) {
  const made: {
    readonly line: WaitingLine;
    readonly text: string;
    readonly bytes: Buffer;
    readonly seq: number;
  }[] = [];
  let [before, highest] = [last, known];
  for (const line of lines) {
    try {
      const { line: text, seq } = line.next(before, highest);
      const bytes = Buffer.from(`${text}\n`, "utf8");
      if (bytes.length > longestLine) throw new RangeError("a line of the log is too long");
      made.push({ line, text, bytes, seq });
      [before, highest] = [text, seq];
    } catch (error) {
      line.reject(error);
    }
  }
  return made;
}

function writeProblem(path: string, code: string) {
  return problem("vault-write-failed", { path, step: "write", error: code, saved: false });
}
