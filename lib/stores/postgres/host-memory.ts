import "server-only";
import { mkdir } from "node:fs/promises";
import type { StorePin } from "#lib/env.ts";
import type { RevisionMemory } from "#lib/vault/store.ts";
import { nodeDisk, systemErrorCode } from "../file/disk.ts";
import { type HeadFile, headFile } from "../file/head-file.ts";
import { raiseGuard, readGuard } from "../file/revision-guard.ts";

/** What this host remembers of a vault that is kept elsewhere: in its state folder, where nobody at the database reaches. */
export interface HostMemory {
  readonly revisions: RevisionMemory;
  /** The highest number of a log, or revision of a document. */
  head(name: string, storeId: string): HeadFile;
}

/**
 * @param place where the vault lies
 * @param pin   what counts as remembered on a host that remembers nothing
 */
export function hostMemory(stateDir: string, place: string, pin: StorePin | undefined): HostMemory {
  return {
    revisions: {
      recall: async () => {
        const remembered = await readGuard(stateDir, nodeDisk);
        if (remembered.state !== "nothing" || pin === undefined) return remembered;
        // The pinned revision itself is taken, whatever its seal: nobody writes a seal into a variable.
        return { state: "known", seen: { [pin.storeId]: { rev: pin.rev - 1, mac: "" } } };
      },
      raise: async (storeId, seen) => {
        if (await isThere(stateDir)) await raiseGuard(stateDir, storeId, seen, place, nodeDisk);
      },
    },
    head: (name, storeId) => {
      const file = headFile(nodeDisk, stateDir, name, storeId);
      return {
        read: file.read,
        write: async (head) => {
          if (await isThere(stateDir)) await file.write(head);
        },
      };
    },
  };
}

/** What cannot be remembered undoes nothing. */
async function isThere(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}
