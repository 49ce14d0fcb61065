import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { Snapshot } from "./inspect.ts";
import type { Keyring } from "./keyring.ts";
import { openSlots, type Slot } from "./slots.ts";
import type { Change } from "./vault.ts";
import type { VaultKey } from "./vault-key.ts";

/** The slots and keys after a commit, and which slot the present key opens then. */
export interface Opening {
  readonly slots: readonly Slot[];
  readonly keyring: Keyring;
  readonly slot: Slot;
}

/** @returns `vault-wrong-key` where the present key would open nothing any more */
export async function openingAfter(
  keys: Change<unknown>["keys"],
  { document, keyring, slot }: Snapshot,
  key: VaultKey,
): Promise<Result<Opening>> {
  if (keys === undefined) return ok({ slots: document.slots, keyring, slot });
  const tried = await openSlots(keys.slots, key, document.storeId);
  if (tried.state === "open") return ok({ ...keys, slot: tried.slot });
  return failed(problem("vault-wrong-key", { reason: "no-slot" }));
}
