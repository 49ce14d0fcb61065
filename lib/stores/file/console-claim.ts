import "server-only";
import { unlinkSync } from "node:fs";
import { join } from "node:path";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { Claim } from "#lib/vault/store.ts";
import { type Disk, systemErrorCode } from "./disk.ts";
import { acquireLock, removeDeadWaiters } from "./lock.ts";
import { holderFacts, lifeOf } from "./lock-holder.ts";

/** One that is just ending has let go of it by then. */
const patience = 1500;
/** A holder that cannot be looked at, as in a container that was killed, is given up after 20 s of silence. */
const patienceWithUnknown = 25_000;

/** Claims a folder for the one console that serves from it, by the lock `console.lock`. */
export async function claimFolder(disk: Disk, folder: string): Promise<Result<Claim>> {
  const path = join(folder, "console.lock");
  try {
    let taken = await acquireLock(disk, path, performance.now() + patience);
    if (!("lock" in taken) && (taken.holder === undefined || (await lifeOf(taken.holder)) === "unknown")) {
      taken = await acquireLock(disk, path, performance.now() + patienceWithUnknown);
    }
    if (!("lock" in taken))
      return failed(problem("vault-in-use", { path: folder, ...holderFacts(taken.holder) }));
    const { file } = taken.lock;
    // Tidiness: no reason to stay away.
    await removeDeadWaiters(disk, path).catch((error: unknown) => {
      if (systemErrorCode(error) === undefined) throw error;
    });
    return ok({
      release: () => {
        try {
          unlinkSync(file);
        } catch (error) {
          // Where it cannot be removed it is known to be stale as soon as this process has ended.
          if (systemErrorCode(error) === undefined) throw error;
        }
      },
    });
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return failed(problem("vault-write-failed", { path, step: "lock", error: code, saved: false }));
  }
}
