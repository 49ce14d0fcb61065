import "server-only";
import { dirname } from "node:path";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import type { VaultKey } from "#lib/vault/vault-key.ts";
import { syncFolder } from "./atomic-file.ts";
import { type Disk, nodeDisk, systemErrorCode } from "./disk.ts";

/** Makes a key file that must not be there yet. @returns `setting-invalid` with the reason `file-exists` where it is */
export async function newKeyFile(path: string, disk: Disk = nodeDisk): Promise<Result<VaultKey>> {
  const text = newRawKey();
  try {
    const handle = await disk.open(path, "wx", 0o600);
    try {
      await handle.writeFile(`${text.reveal()}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncFolder(disk, dirname(path));
    return ok({ kind: "raw", src: "raw", text });
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    if (code === "EEXIST") {
      return failed(problem("setting-invalid", { field: "key", reason: "file-exists", path }));
    }
    return failed(problem("vault-write-failed", { path, step: "key", error: code, saved: false }));
  }
}
