import "server-only";
import type { BoundedFile } from "#lib/stores/file/read-bounded.ts";
import { quoteSh } from "#lib/strings/write/quote-sh.ts";
import { say } from "./words.ts";

/** Why a file that was named is not taken, in a sentence. */
export function notTaken(file: string, found: Exclude<BoundedFile, { readonly state: "read" }>): string {
  if (found.state === "unsafe") {
    const { reason, command } = found.problem.facts;
    return reason === "file-open"
      ? say("keys.refused.file-open", { path: quoteSh(file) })
      : say("cli.usage.fileOwner", { file, command: String(command) });
  }
  const reason = found.state === "large" ? "EFBIG" : found.error;
  return say("cli.usage.fileUnreadable", { file, reason });
}
