import "server-only";
import { execFile, execFileSync } from "node:child_process";
import { chown, mkdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

/** `nobody` where we are root, because PostgreSQL refuses to run as root; ourselves otherwise. */
export function serverUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  nobody ??= { uid: idOfNobody("-u"), gid: idOfNobody("-g") };
  return nobody;
}

let nobody: { readonly uid: number; readonly gid: number } | undefined;

/** The number differs between systems, and initdb wants a user that the system knows by name. */
function idOfNobody(which: "-u" | "-g"): number {
  try {
    return Number(execFileSync("id", [which, "nobody"], { encoding: "utf8" }));
  } catch (cause) {
    throw new Error("As root, the sample servers need the user nobody, which this system lacks.", { cause });
  }
}

export async function giveToServer(file: string): Promise<void> {
  const { uid, gid } = serverUser();
  if (uid !== undefined && gid !== undefined) await chown(file, uid, gid);
}

/** A new folder that is the server's alone. */
export async function makeServerFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  await giveToServer(folder);
}

/** @throws where the program fails; the message has its own words */
export async function runAsServer(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  try {
    await promisify(execFile)(program, args, { ...serverUser(), env, cwd: "/" });
  } catch (cause) {
    const output = cause instanceof Error && "stderr" in cause ? String(cause.stderr) : "";
    throw new Error(`${path.basename(program)} failed for the sample servers: ${output || cause}`, { cause });
  }
}
