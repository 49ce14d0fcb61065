import "server-only";
import { join } from "node:path";
import { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { readText, replaceFile, syncFolder } from "./atomic-file.ts";
import { type Disk, systemErrorCode } from "./disk.ts";

/** Where the vault of a folder was moved to, as the mark in it says; undefined where it was not. */
export async function readMark(disk: Disk, folder: string): Promise<string | undefined> {
  try {
    const parsed = markSchema.safeParse(JSON.parse(await readText(disk, markPath(folder))));
    return parsed.success ? parsed.data.to : unknownPlace;
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT" || systemErrorCode(error) === "ENOTDIR") return undefined;
    if (error instanceof SyntaxError || systemErrorCode(error) !== undefined) return unknownPlace;
    throw error;
  }
}

/** Writes the mark, or takes it away. @returns `vault-write-failed` with the step `mark` */
export async function writeMark(disk: Disk, folder: string, to: string | undefined): Promise<Result<void>> {
  const path = markPath(folder);
  try {
    if (to !== undefined) await replaceFile(disk, path, `${JSON.stringify({ to })}\n`);
    else await disk.unlink(path);
    await syncFolder(disk, folder);
    return ok(undefined);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    if (code === "ENOENT" && to === undefined) return ok(undefined);
    return failed(problem("vault-write-failed", { path, step: "mark", error: code, saved: false }));
  }
}

/** No name that a sealed document has. */
function markPath(folder: string): string {
  return join(folder, "moved-to");
}

/** A mark that cannot be read is one all the same. */
const unknownPlace = "?";

const markSchema = z.strictObject({ to: z.string().min(1).max(2048) });
