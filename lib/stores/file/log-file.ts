import "server-only";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { NumberedLine, StoredLog } from "#lib/vault/store.ts";
import { syncFolder, writeWhole } from "./atomic-file.ts";
import { type Disk, systemErrorCode } from "./disk.ts";
import { readHead, writeHead } from "./log-head.ts";
import { endOf, linesBackwards, linesForward, longestLine } from "./log-lines.ts";
import { closedPathProblem, privateFileProblem } from "./permissions.ts";
import type { RecordsFile } from "./records-file.ts";
import type { VaultFolders } from "./vault-folders.ts";

/** So many lines at most are written in one piece. */
const mostAtOnce = 500;

/**
 * The file `<name>.jsonl` beside the configuration: lower-case letters and hyphens. The number of its last line is kept
 * a second time in the state folder: from the file alone nobody can tell that its end is gone.
 *
 * Lines that wait at the same time are written and synced together: one lock, one sync, however many.
 */
export function logFile(
  name: string,
  storeId: string,
  folders: VaultFolders,
  beside: RecordsFile,
  disk: Disk,
): StoredLog {
  const path = join(folders.configDir, `${name}.jsonl`);
  const headPath = join(folders.stateDir, `${name}-head.json`);
  const known = async () => (await readHead(disk, headPath, storeId)).seq;
  const waiting: WaitingLine[] = [];

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
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND;
    const opened = await openPrivate(disk, path, flags);
    if (!opened.ok) return opened;
    const { handle, size } = opened.value;
    try {
      const end = await endOf(handle, size);
      const made = numbered(lines, end.line, await known());
      const last = made.at(-1);
      if (last === undefined) return ok(undefined);
      // What a killed process left unfinished was never answered for.
      if (end.whole < size) await handle.truncate(end.whole);
      try {
        await writeWhole(handle, Buffer.concat(made.map(({ bytes }) => bytes)));
        await handle.sync();
        if (size === 0) await syncFolder(disk, dirname(path));
      } catch (error) {
        // Nobody is told that they stand there, so they should not.
        await handle.truncate(end.whole).catch(() => undefined);
        throw error;
      }
      await writeHead(disk, headPath, storeId, { seq: last.seq });
      for (const { line, seq } of made) line.resolve(ok(seq));
      return ok(undefined);
    } finally {
      await handle.close();
    }
  }

  return {
    known,
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
    backwards: (take, before) =>
      reading(disk, path, null as number | null, async (handle, size) => {
        let end = Math.min(before ?? size, size);
        for await (const { text, start } of linesBackwards(handle, end)) {
          if (!take(text)) return end;
          end = start;
        }
        return null;
      }),
    forwards: (take) =>
      reading(disk, path, undefined, async (handle, size) => {
        for await (const text of linesForward(handle, size)) if (!take(text)) return;
      }),
  };
}

interface WaitingLine {
  readonly next: (last: string | undefined, known: number) => NumberedLine;
  readonly resolve: (outcome: Result<number>) => void;
  readonly reject: (error: unknown) => void;
  taken: boolean;
}

/** Each made of the one before it. One that cannot be made is answered at once and keeps nobody else from theirs. */
function numbered(lines: readonly WaitingLine[], last: string | undefined, known: number) {
  const made: { readonly line: WaitingLine; readonly bytes: Buffer; readonly seq: number }[] = [];
  let [before, highest] = [last, known];
  for (const line of lines) {
    try {
      const { line: text, seq } = line.next(before, highest);
      const bytes = Buffer.from(`${text}\n`, "utf8");
      if (bytes.length > longestLine) throw new RangeError("a line of the log is too long");
      made.push({ line, bytes, seq });
      [before, highest] = [text, seq];
    } catch (error) {
      line.reject(error);
    }
  }
  return made;
}

async function reading<R>(
  disk: Disk,
  path: string,
  nothing: R,
  work: (handle: FileHandle, size: number) => Promise<R>,
): Promise<Result<R>> {
  try {
    const opened = await openPrivate(disk, path, constants.O_RDONLY);
    if (!opened.ok) return opened;
    try {
      return ok(await work(opened.value.handle, opened.value.size));
    } finally {
      await opened.value.handle.close();
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT") return ok(nothing);
    if (code === "EACCES" || code === "EPERM") return failed(closedPathProblem(dirname(path), code));
    throw error;
  }
}

async function openPrivate(
  disk: Disk,
  path: string,
  flags: number,
): Promise<Result<{ readonly handle: FileHandle; readonly size: number }>> {
  const handle = await disk.open(path, flags | (constants.O_NOFOLLOW ?? 0), 0o600);
  const found = await handle.stat();
  const unsafe = found.isFile()
    ? privateFileProblem(path, found)
    : problem("vault-damaged", { reason: "not-a-file", path });
  if (unsafe === undefined) return ok({ handle, size: found.size });
  await handle.close();
  return failed(unsafe);
}

function writeProblem(path: string, code: string) {
  return problem("vault-write-failed", { path, step: "write", error: code, saved: false });
}
