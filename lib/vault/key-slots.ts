import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { mostSlots } from "./document.ts";
import type { Snapshot } from "./inspect.ts";
import type { Keyring } from "./keyring.ts";
import {
  isAffordable,
  newLock,
  openSlots,
  passphraseCost,
  type Slot,
  type SlotHead,
  wrapFor,
} from "./slots.ts";
import type { Change, Vault } from "./vault.ts";
import type { VaultKey } from "./vault-key.ts";

/** A way into the vault, as it may be shown. */
export interface SlotFacts {
  /** Short: enough to tell eight apart. */
  readonly id: string;
  readonly kid: string;
  readonly kind: "raw" | "passphrase" | "command";
  /** Whether the present key opens it. */
  readonly present: boolean;
}

export function slotFacts({ document, slot }: Snapshot): readonly SlotFacts[] {
  return document.slots.map(({ kid, src, kdf }) => ({
    id: shortId(kid),
    kid,
    kind: src === "cmd" ? "command" : kdf.name === "scrypt" ? "passphrase" : "raw",
    present: kid === slot.kid,
  }));
}

/** The id of a slot or data key as people write it: eight hexadecimal digits. */
export function shortId(id: string): string {
  return Buffer.from(id, "base64url").toString("hex").slice(0, 8);
}

export interface SlotChange {
  /** A key that is to open the vault as well. */
  readonly add?: VaultKey;
  /** Slots that are to go, by id. That of the present key can go only where `add` is this very key: it gets a fresh one. */
  readonly remove?: ReadonlySet<string>;
}

/**
 * Changes who may open the vault, in one commit. A key that is added was tried on what is then written.
 * @returns the id of the new slot, undefined without one; `setting-invalid` with the field `key` and the reason
 *   `same-key`, `too-many-slots` or `too-many-passphrases`, or with the field `slot` and `last-slot`, `own-slot` or
 *   `unknown-slot`; or any problem of `Vault.commit`
 */
export function changeSlots(
  vault: Vault,
  { add, remove = new Set() }: SlotChange,
): Promise<Result<string | undefined>> {
  return vault.commit(async (snapshot) => {
    const { document, keyring, slot } = snapshot;
    const { storeId } = document;
    const left = document.slots.filter(({ kid }) => !remove.has(kid));
    if (left.length + remove.size !== document.slots.length) return refused("slot", "unknown-slot");
    if (add === undefined) {
      if (left.length === 0) return refused("slot", "last-slot");
      if (remove.has(slot.kid)) return refused("slot", "own-slot");
      const keys = keysFor(left, keyring, storeId);
      return keys.ok ? ok({ records: document.records, value: undefined, keys: keys.value }) : keys;
    }
    if (left.length >= mostSlots) return refused("key", "too-many-slots");
    // So many that trying them all would keep everybody waiting who opens the vault.
    if (add.kind === "pass" && !isAffordable([...left, costliest]))
      return refused("key", "too-many-passphrases");
    const known = left.length === 0 ? undefined : await openSlots(left, add, storeId);
    if (known !== undefined && known.state !== "wrong-key") return refused("key", "same-key");
    const { head, lock } = await newLock(add);
    const locks = new Map([...keyring.locks, [head.kid, lock]]);
    const keys = keysFor([...left, head], { ...keyring, locks }, storeId);
    if (!keys.ok) return keys;
    const tried = await openSlots(keys.value.slots, add, storeId);
    if (tried.state !== "open" || tried.slot.kid !== head.kid)
      throw new Error("a slot made just now must open");
    return ok({ records: document.records, value: head.kid, keys: keys.value });
  });
}

/** Wraps a keyring for each of these slots, so that it can be another one than stands there. */
export function keysFor(
  heads: readonly (Slot | SlotHead)[],
  keyring: Keyring,
  storeId: string,
): Result<NonNullable<Change<unknown>["keys"]>> {
  const locks = new Map([...keyring.locks].filter(([kid]) => heads.some((head) => head.kid === kid)));
  const next = { ...keyring, locks };
  const slots: Slot[] = [];
  for (const head of heads) {
    const lock = locks.get(head.kid);
    // None of ours: until a second slot was added there was one, and its key is at hand.
    if (lock === undefined) return refused("slot", "without-lock");
    slots.push(wrapFor(head, lock, next, storeId));
  }
  return ok({ slots, keyring: next });
}

const costliest = { kdf: passphraseCost };

function refused(field: "key" | "slot", reason: string): Result<never> {
  return failed(problem("setting-invalid", { field, reason }));
}
