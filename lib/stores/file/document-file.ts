import "server-only";
import { constants } from "node:fs";
import { dirname, join } from "node:path";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { largestFile } from "#lib/vault/document.ts";
import type { Kept, StoredDocument } from "#lib/vault/store.ts";
import { replacePatiently, replaceProblem } from "./atomic-file.ts";
import { type Disk, systemErrorCode } from "./disk.ts";
import { headFile } from "./head-file.ts";
import { closedPathProblem, privateFileProblem } from "./permissions.ts";
import type { RecordsFile } from "./records-file.ts";
import type { VaultFolders } from "./vault-folders.ts";

/** The file `<name>.json` beside the configuration: lower-case letters and hyphens. */
export function documentFile(
  name: string,
  { configDir, stateDir }: VaultFolders,
  beside: RecordsFile,
  disk: Disk,
): StoredDocument {
  if (!/^[a-z][a-z-]{0,31}$/.test(name) || name === "config") throw new RangeError(`no file name: ${name}`);
  const path = join(configDir, `${name}.json`);
  const head = (storeId: string) => headFile(disk, stateDir, name, storeId);

  return {
    place: path,
    read: (known) => readDocument(disk, path, known),
    write: async (text) => {
      const safe = await beside.examine();
      return safe.ok ? replace(disk, path, text) : safe;
    },
    known: async (storeId) => (await head(storeId).read()).seq,
    remember: async (storeId, rev) => {
      const memory = head(storeId);
      // Whoever wrote before may remember after.
      if ((await memory.read()).seq < rev) await memory.write({ seq: rev, part: 1 });
    },
    change: (edit) =>
      beside.exclusively(async () => {
        const text = await edit();
        return text.ok ? replace(disk, path, text.value) : text;
      }),
  };
}

async function replace(disk: Disk, path: string, text: string): Promise<Result<void>> {
  try {
    await replacePatiently(disk, path, text);
    return ok(undefined);
  } catch (error) {
    return failed(replaceProblem(path, error));
  }
}

async function readDocument(
  disk: Disk,
  path: string,
  known: string | undefined,
): Promise<Result<Kept | "unchanged" | undefined>> {
  try {
    const found = await disk.lstat(path, { bigint: true });
    const unsafe = privateFileProblem(path, { mode: Number(found.mode), uid: Number(found.uid) });
    if (unsafe !== undefined) return failed(unsafe);
    if (!found.isFile() || found.size > BigInt(largestFile)) {
      return failed(problem("vault-damaged", { reason: "not-a-file", path }));
    }
    const stampOf = (stats: typeof found) => `${stats.dev}:${stats.ino}:${stats.size}:${stats.ctimeNs}`;
    if (stampOf(found) === known) return ok("unchanged");
    const handle = await disk.open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const version = stampOf(await handle.stat({ bigint: true }));
      return ok({ text: await handle.readFile("utf8"), version });
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT") return ok(undefined);
    if (code === "EACCES" || code === "EPERM") return failed(closedPathProblem(dirname(path), code));
    throw error;
  }
}
