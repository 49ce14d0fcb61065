import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import { openRowForm } from "./open-row-form.ts";
import { openTextForm, type TakeOver } from "./open-text-form.ts";
import { presentKey } from "./present-key.ts";
import { rowForm } from "./row-form.ts";
import { isRowStore, isTextStore, type Store } from "./store.ts";
import { textForm } from "./text-form.ts";
import { toldRevision } from "./told-revision.ts";
import { memoryOf, type Vault, vaultOn } from "./vault.ts";
import type { KeySource } from "./vault-key.ts";

export interface VaultOptions {
  /** Without it, the plaintext file of Cloak DB 0.3 is not opened. */
  readonly takeOver?: TakeOver;
}

/**
 * Opens the vault that a store keeps, or makes a new one where there has never been any.
 *
 * @returns the vault, or why it stays locked; then nothing was written. Each carries `path`; `vault-damaged` and
 *   `vault-wrong-key` also `backup`, `backupRev`, `backupSavedAt` and the `command` that puts it back, when there is an
 *   earlier revision that opens with the present key:
 *   - `vault-locked`: the key is not to be had (`reason`)
 *   - `vault-wrong-key`: the key opens no slot
 *   - `vault-damaged`: not what was written (`part`), or not there although there has been one (`reason`)
 *   - `vault-newer-version`: written by a later version of this program (`version`)
 *   - `vault-rolled-back`: this host has seen a later revision (`rev`, `highestRev`; `command` accepts the older one)
 *   - `vault-other-store`: this host has seen vaults, but never this one (`store`, `knownStores`; `command` accepts it)
 *   - `vault-unsafe-permissions`: others could read or replace it (`command` fixes it)
 *   - `vault-write-failed`, `vault-busy`: a new vault could not be written (`step`, `error`; `holder`)
 *   - `store-away`, `store-not-ready`, `store-busy`: the database that keeps it cannot be asked
 */
export async function openVault(
  store: Store,
  source: KeySource,
  { takeOver }: VaultOptions = {},
): Promise<Result<Vault>> {
  if (isTextStore(store)) {
    const found = await openTextForm(store, source, takeOver);
    if (!found.ok) return found;
    const { key, opened } = found.value;
    return ok(vaultOn(store, source, textForm(store, presentKey(key, source), opened), opened.memory));
  }
  if (!isRowStore(store)) throw new RangeError("a store keeps its records as text or in rows");
  const found = await openRowForm(store, source);
  if (!found.ok) return found;
  const { key, state, seen } = found.value;
  const form = rowForm(store, presentKey(key, source), state);
  store.told?.tell((until) => toldRevision(form.latest(), until));
  return ok(vaultOn(store, source, form, memoryOf(seen)));
}
