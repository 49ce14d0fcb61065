import "server-only";
import { join } from "node:path";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { type Disk, systemErrorCode } from "./disk.ts";

/**
 * The names of the documents and notebooks that a folder holds. A file of another name is somebody else's.
 * @returns `vault-write-failed` with the step `list` where the folder cannot be read
 */
export async function folderContents(
  folder: string,
  disk: Disk,
): Promise<Result<{ readonly documents: readonly string[]; readonly notebooks: readonly string[] }>> {
  try {
    return ok({
      documents: await names(disk, folder, /^([a-z][a-z-]{0,31})\.json$/, "config"),
      notebooks: await names(disk, join(folder, "notebook"), /^([A-Za-z0-9_-]{1,64})\.jsonl$/),
    });
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return failed(problem("vault-write-failed", { path: folder, step: "list", error: code, saved: false }));
  }
}

async function names(disk: Disk, folder: string, form: RegExp, besides?: string): Promise<readonly string[]> {
  const found = await disk.readdir(folder).catch((error: unknown): string[] => {
    if (systemErrorCode(error) === "ENOENT") return [];
    throw error;
  });
  return found.flatMap((name) => form.exec(name)?.[1] ?? []).filter((name) => name !== besides);
}
