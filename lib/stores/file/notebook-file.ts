import "server-only";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { StoredNotebook } from "#lib/vault/store.ts";
import { replacePatiently, replaceProblem, syncFolder, writeWhole } from "./atomic-file.ts";
import { type Disk, systemErrorCode } from "./disk.ts";
import { openPart, openPartIfThere } from "./log-parts.ts";
import { notebookFolder } from "./notebook-folder.ts";
import { folderProblem } from "./permissions.ts";
import type { RecordsFile } from "./records-file.ts";

/** Larger ones are none of ours. */
const largestNotebook = 128 * 1024 * 1024;

/** The file `notebook/<owner>.jsonl` beside the configuration. */
export function notebookFile(
  owner: string,
  configDir: string,
  beside: RecordsFile,
  disk: Disk,
): StoredNotebook {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(owner)) throw new RangeError("no owner of a notebook");
  const folder = notebookFolder(configDir);
  const path = join(folder, `${owner}.jsonl`);

  /** Does it where the folders are safe; whatever the system refuses is a problem. */
  async function safely<T>(step: string, work: () => Promise<Result<T>>): Promise<Result<T>> {
    try {
      const safe = await beside.examine();
      if (!safe.ok) return safe;
      await disk.mkdir(folder, { recursive: true, mode: 0o700 });
      const unsafe = folderProblem(folder, await disk.stat(folder));
      return unsafe === undefined ? await work() : failed(unsafe);
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      return failed(problem("vault-write-failed", { path, step, error: code, saved: false }));
    }
  }

  return {
    place: path,
    read: () =>
      safely("read", async () => {
        const opened = await openPartIfThere(disk, path, constants.O_RDONLY);
        if (!opened.ok) return opened;
        if (opened.value === undefined) return ok([]);
        const { handle, size } = opened.value;
        try {
          if (size > largestNotebook) return failed(problem("vault-damaged", { reason: "too-large", path }));
          const lines = (await handle.readFile("utf8")).split("\n");
          // What follows the last line break is nothing, or a line that was never finished.
          lines.pop();
          return ok(lines);
        } finally {
          await handle.close();
        }
      }),
    append: (lines) =>
      safely("write", async () => {
        const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND;
        const opened = await openPart(disk, path, flags);
        if (!opened.ok) return opened;
        const { handle, size } = opened.value;
        try {
          const whole = await endOfLines(handle, size);
          if (whole < size) await handle.truncate(whole);
          try {
            await writeWhole(handle, Buffer.from(lines.map((line) => `${line}\n`).join(""), "utf8"));
            await handle.sync();
            if (size === 0) await syncFolder(disk, folder);
          } catch (error) {
            // Nobody is told that it stands there, so it should not.
            await handle.truncate(whole).catch(() => undefined);
            throw error;
          }
          return ok(undefined);
        } finally {
          // What it could say is about what was synced before.
          await handle.close().catch(() => undefined);
        }
      }),
    replace: (lines) =>
      safely("write", async () => {
        try {
          await replacePatiently(disk, path, lines.map((line) => `${line}\n`).join(""));
          return ok(undefined);
        } catch (error) {
          return failed(replaceProblem(path, error));
        }
      }),
  };
}

/** Where the last whole line ends. */
async function endOfLines(handle: FileHandle, size: number): Promise<number> {
  const piece = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - piece.length);
    const { bytesRead } = await handle.read(piece, 0, end - start, start);
    const found = piece.subarray(0, bytesRead).lastIndexOf(10);
    if (found !== -1) return start + found + 1;
    end = start;
  }
  return 0;
}
