import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { inTurns } from "#lib/turns.ts";
import { openBox, placeOf, type SealedRecord } from "./document.ts";
import type { Snapshot } from "./inspect.ts";
import { keysFor } from "./key-slots.ts";
import { boxesOf, isUnused, keyUses } from "./key-use.ts";
import { renewed, without } from "./keyring.ts";
import { contentText, openContent } from "./named-document.ts";
import type { Sealer } from "./records.ts";
import { type Box, seal } from "./seal.ts";
import { resealNotebook } from "./sealed-notebook.ts";
import { isTextStore, type Store } from "./store.ts";
import type { Vault } from "./vault.ts";

/**
 * Renews the data key: in one commit all boxes of the records are sealed with a fresh one, the whole with a fresh key, and
 * every slot leads to both. The former ones stay to open with, until nothing needs them (`resealRest`, `dropUnused`).
 * @param told how many records of how many are done
 * @returns the id of the new key; `setting-invalid` with the field `key` and the reason `too-many-keys` where so many
 *   former ones are still needed that another would not fit
 */
export function renewDataKey(
  vault: Vault,
  told: (done: number, of: number) => void = () => undefined,
): Promise<Result<string>> {
  return vault.commit(async ({ document, keyring }) => {
    const { storeId } = document;
    if (keyring.dataKeys.size >= mostKeys) {
      return failed(problem("setting-invalid", { field: "key", reason: "too-many-keys" }));
    }
    const next = renewed(keyring);
    const keys = keysFor(document.slots, next, storeId);
    if (!keys.ok) return keys;
    const records: SealedRecord[] = [];
    const turn = inTurns();
    for (const record of document.records) {
      records.push(resealedRecord(record, { storeId, keyring: next }));
      told(records.length, document.records.length);
      await turn();
    }
    return ok({ records, value: next.active.id, keys: keys.value });
  });
}

/** With their slots, each of which holds them all. */
const mostKeys = 50;

/** A record whose boxes are sealed with the active key, at the same place and revision. What does not open stays as it is. */
export function resealedRecord(record: SealedRecord, { storeId, keyring }: Sealer): SealedRecord {
  const again = (box: Box, field: Parameters<typeof placeOf>[2]): Box => {
    const place = placeOf(storeId, record, field);
    const bytes = openBox(box, place, keyring);
    return bytes === undefined ? box : seal(bytes, place, box.b, keyring.active);
  };
  const secrets = Object.entries(record.secrets).map(([secret, box]) => [secret, again(box, { secret })]);
  return { ...record, meta: again(record.meta, "meta"), secrets: Object.fromEntries(secrets) };
}

/**
 * Seals with the active key whatever a former one was used for after its commit: records that came from elsewhere, the
 * documents and the notebooks. It can be stopped anywhere and be run again. Only for the process that serves people from
 * the store, or where none does: see `Store.claim`.
 */
export async function resealRest(vault: Vault, store: Store): Promise<Result<void>> {
  const snapshot = await vault.read();
  if (!snapshot.ok) return snapshot;
  const { active } = snapshot.value.keyring;
  if (snapshot.value.document.records.some((record) => boxesOf(record).some(({ k }) => k !== active.id))) {
    const resealed = await vault.commit(async ({ document, keyring }) => {
      const turn = inTurns();
      const records: SealedRecord[] = [];
      for (const record of document.records) {
        const isCurrent = boxesOf(record).every(({ k }) => k === keyring.active.id);
        records.push(isCurrent ? record : resealedRecord(record, { storeId: document.storeId, keyring }));
        await turn();
      }
      return ok({ records, value: undefined });
    });
    if (!resealed.ok) return resealed;
  }
  const contents = await store.contents();
  if (!contents.ok) return contents;
  for (const name of contents.value.documents) {
    const done = await resealDocument(name, vault, store);
    if (!done.ok) return done;
  }
  for (const owner of contents.value.notebooks) {
    const done = await resealNotebook(owner, store.notebook(owner), snapshot.value);
    if (!done.ok) return done;
  }
  return ok(undefined);
}

async function resealDocument(name: string, vault: Vault, store: Store): Promise<Result<void>> {
  const stored = store.document(name);
  /** The text with another seal; undefined where nothing is to be done. */
  async function anew(): Promise<Result<string | undefined>> {
    const snapshot = await vault.read();
    if (!snapshot.ok) return snapshot;
    const found = await stored.read();
    if (!found.ok) return found;
    if (found.value === undefined || found.value === "unchanged") return ok(undefined);
    const { text } = found.value;
    if (text.includes(`"k":"${snapshot.value.keyring.active.id}"`)) return ok(undefined);
    const opened = openContent(text, name, snapshot.value);
    return ok(opened && contentText(opened.json, name, opened.rev, snapshot.value));
  }

  const first = await anew();
  if (!first.ok || first.value === undefined) return first.ok ? ok(undefined) : first;
  let isDone = false;
  const changed = await stored.change(async () => {
    const text = await anew();
    if (!text.ok) return text;
    isDone = text.value === undefined;
    // Somebody else was quicker: nothing is written.
    return text.value === undefined ? failed(problem("not-found")) : ok(text.value);
  });
  return isDone ? ok(undefined) : changed;
}

/**
 * Lets go of the data keys that nothing needs any more: no record, document or entry, and no earlier revision. Where
 * several consoles share a store, no sooner than all of them know the new one.
 * @returns their ids
 */
export async function dropUnused(vault: Vault, store: Store): Promise<Result<readonly string[]>> {
  const now = await vault.read();
  if (!now.ok) return now;
  const before = await unusedKeys(now.value, store);
  if (!before.ok || before.value.size === 0) return before.ok ? ok([]) : before;
  return vault.commit(async (snapshot) => {
    const { document, keyring } = snapshot;
    // Counted again with no writer in between.
    const unused = await unusedKeys(snapshot, store);
    if (!unused.ok) return unused;
    const keys = keysFor(document.slots, without(keyring, unused.value), document.storeId);
    return keys.ok ? ok({ records: document.records, value: [...unused.value], keys: keys.value }) : keys;
  });
}

async function unusedKeys(snapshot: Snapshot, store: Store): Promise<Result<ReadonlySet<string>>> {
  if (snapshot.keyring.dataKeys.size === 1) return ok(new Set());
  const uses = await keyUses(snapshot, store);
  if (!uses.ok) return uses;
  const grace = isTextStore(store) ? 0 : graceOfRows;
  const isOver = (id: string) => Date.now() - (snapshot.keyring.former.get(id)?.until ?? 0) >= grace;
  return ok(new Set(uses.value.filter((use) => isUnused(use) && isOver(use.id)).map(({ id }) => id)));
}

/** A console that looks at rows may go on for half a minute with the keys that it knows, and seal with them. ms */
const graceOfRows = 120_000;
