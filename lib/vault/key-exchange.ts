import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import { changeSlots } from "./key-slots.ts";
import { openSlots } from "./slots.ts";
import type { Vault } from "./vault.ts";
import type { VaultKey } from "./vault-key.ts";

/** What an exchange needs to know of where the keys lie. */
export interface ExchangeSteps {
  /** Opens the vault with another key, from what is kept. */
  readonly openWith: (key: VaultKey) => Promise<Result<Vault>>;
  /** Runs when the vault opens with both keys, before the former one's slot goes. */
  readonly between?: () => Promise<Result<void>>;
}

/**
 * Exchanges the key of the vault's present slot for another one: the new one is added, the vault opened with it, and the
 * former slot taken away. Each is a commit of its own; ended anywhere, the same again goes on.
 * @returns the id of the new slot
 */
export async function exchangeKey(
  vault: Vault,
  key: VaultKey,
  { openWith, between }: ExchangeSteps,
): Promise<Result<string>> {
  const before = await vault.read();
  if (!before.ok) return before;
  const former = before.value.slot.kid;
  const known = await slotOf(vault, key);
  if (!known.ok) return known;
  if (known.value === former) return ok(former);
  const added = known.value === undefined ? await changeSlots(vault, { add: key }) : known;
  if (!added.ok) return added;
  const reopened = await openWith(key);
  if (!reopened.ok) return reopened;
  const ready = between === undefined ? ok(undefined) : await between();
  if (!ready.ok) return ready;
  return withoutSlot(reopened.value, key, former);
}

/**
 * Takes a slot away, and gives the vault's own key a fresh one: what its slot was wrapped with lay in the keyring that the
 * other slot led to.
 * @param key that of the vault's present slot
 */
export async function withoutSlot(vault: Vault, key: VaultKey, kid: string): Promise<Result<string>> {
  const now = await vault.read();
  if (!now.ok) return now;
  const changed = await changeSlots(vault, { add: key, remove: new Set([kid, now.value.slot.kid]) });
  return changed.ok ? ok(changed.value ?? "") : changed;
}

/** The id of the slot that a key opens; undefined when there is none. */
export async function slotOf(vault: Vault, key: VaultKey): Promise<Result<string | undefined>> {
  const now = await vault.read();
  if (!now.ok) return now;
  const { slots, storeId } = now.value.document;
  const outcome = await openSlots(slots, key, storeId);
  return ok(outcome.state === "open" ? outcome.slot.kid : undefined);
}
