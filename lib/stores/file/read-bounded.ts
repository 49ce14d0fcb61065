import "server-only";
import { open } from "node:fs/promises";
import type { Problem } from "#lib/problems/problem.ts";
import { keyFileProblem } from "./permissions.ts";

/** What a file that somebody named holds, or why it is not taken. */
export type BoundedFile =
  | { readonly state: "read"; readonly bytes: Buffer }
  | { readonly state: "large" }
  /** Others can read it, though it is to be private. */
  | { readonly state: "unsafe"; readonly problem: Problem }
  | { readonly state: "unreadable"; readonly error: string };

/**
 * Reads a file that somebody named, and never more of it than is taken: what claims to be small, as a device or a pipe, may
 * have no end.
 * @param most    bytes
 * @param isPrivate whether others must not be able to read it; a pipe is nobody else's
 */
export async function readBounded(
  path: string,
  most: number,
  { isPrivate = false }: { readonly isPrivate?: boolean } = {},
): Promise<BoundedFile> {
  try {
    const handle = await open(path, "r");
    try {
      const found = await handle.stat();
      const unsafe = isPrivate && found.isFile() ? keyFileProblem(path, found) : undefined;
      if (unsafe !== undefined) return { state: "unsafe", problem: unsafe };
      if (found.isFile() && found.size > most) return { state: "large" };
      const parts: Buffer[] = [];
      let size = 0;
      for (;;) {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(pieceBytes), 0, pieceBytes, null);
        if (bytesRead === 0) return { state: "read", bytes: Buffer.concat(parts) };
        parts.push(buffer.subarray(0, bytesRead));
        size += bytesRead;
        if (size > most) return { state: "large" };
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return { state: "unreadable", error: String(error.code) };
  }
}

const pieceBytes = 64 * 1024;
