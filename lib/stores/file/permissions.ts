import "server-only";
import type { Stats } from "node:fs";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { quoteSh } from "#lib/strings/write/quote-sh.ts";

/** What is looked at of a file or folder. */
export type Ownership = Pick<Stats, "mode" | "uid">;

/**
 * What is unsafe about a folder that holds the vault or its key: somebody else's, or open to others' writing. Who may
 * write to the folder can put another file in place of ours, whatever that file's own mode.
 */
export function folderProblem(path: string, found: Ownership): Problem | undefined {
  return ownerProblem(path, found) ?? modeProblem(path, found, 0o022, "folder-writable", "go-w");
}

/** What is unsafe about a file with secrets in it: somebody else's, or open to others at all. */
export function privateFileProblem(path: string, found: Ownership): Problem | undefined {
  return ownerProblem(path, found) ?? modeProblem(path, found, 0o077, "file-open", "600");
}

/**
 * What is unsafe about a key file that somebody mounted: as of any private file, but what belongs to root may be read
 * by its group, as libpq has it for `sslkey`. That is how systemd's credentials and the secrets of orchestrators arrive.
 */
export function keyFileProblem(path: string, found: Ownership): Problem | undefined {
  const forbidden = found.uid === 0 ? 0o037 : 0o077;
  return ownerProblem(path, found) ?? modeProblem(path, found, forbidden, "file-open", "600");
}

/** The same problem for a path that the operating system does not let us look at. */
export function closedPathProblem(path: string, error: string): Problem {
  return problem("vault-unsafe-permissions", {
    reason: "not-readable",
    path,
    error,
    command: `sudo chown -R "$(id -un)" ${quoteSh(path)}`,
  });
}

/** Windows has neither owners nor modes in this sense: `getuid` is not there. */
const ownUid = process.getuid?.();

function ownerProblem(path: string, found: Ownership): Problem | undefined {
  if (ownUid === undefined || found.uid === ownUid || found.uid === 0) return undefined;
  return problem("vault-unsafe-permissions", {
    reason: "other-owner",
    path,
    owner: found.uid,
    command: `sudo chown -R "$(id -un)" ${quoteSh(path)}`,
  });
}

function modeProblem(
  path: string,
  found: Ownership,
  forbidden: number,
  reason: string,
  change: string,
): Problem | undefined {
  if (ownUid === undefined || (found.mode & forbidden) === 0) return undefined;
  return problem("vault-unsafe-permissions", {
    reason,
    path,
    mode: (found.mode & 0o7777).toString(8).padStart(4, "0"),
    command: `chmod ${change} ${quoteSh(path)}`,
  });
}
