import "server-only";
import * as promises from "node:fs/promises";

/**
 * The part of the file system that the vault uses. Tests hand in one that fails, or dies, at a chosen step.
 */
export type Disk = Pick<
  typeof promises,
  | "copyFile"
  | "link"
  | "lstat"
  | "mkdir"
  | "open"
  | "readdir"
  | "realpath"
  | "rename"
  | "rmdir"
  | "stat"
  | "unlink"
>;

export const nodeDisk: Disk = promises;

/** The code of a system error, as in `ENOSPC`; undefined for anything that is a mistake of ours. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
