import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { randomId } from "#lib/random-id.ts";
import { rollback, withHelp } from "./inspect.ts";
import { newKeyring } from "./keyring.ts";
import { openStoredRows } from "./row-form.ts";
import { parseHead, sealedHead } from "./row-head.ts";
import { hiddenSum, type RowState } from "./row-state.ts";
import { makeSlot } from "./slots.ts";
import type { Remembered, RowStore } from "./store.ts";
import { withTold } from "./told-revision.ts";
import type { KeySource, VaultKey } from "./vault-key.ts";

/** The rows as they were found, what this host remembered of them, and the key that opened them. */
export interface OpenedRows {
  readonly key: VaultKey;
  readonly state: RowState;
  readonly seen: Remembered;
}

/** As `openVault`, where the records are rows. */
export async function openRowForm(store: RowStore, source: KeySource): Promise<Result<OpenedRows>> {
  const ready = await store.records.examine();
  if (!ready.ok) return ready;
  let kept = await store.records.read(0);
  if (!kept.ok) return kept;
  if (kept.value === undefined) {
    const begun = await begin(store, source);
    if (!begun.ok) return begun;
    kept = await store.records.read(0);
    if (!kept.ok) return kept;
  }
  // What needs no key to be seen is said first: with a lost key as well, it is the worse news.
  const head = kept.value && parseHead(kept.value.head.body);
  if (head?.state === "newer") {
    return failed(problem("vault-newer-version", { path: store.place, version: head.version }));
  }
  if (head?.state === "damaged") {
    const trouble = problem("vault-damaged", { reason: "content", part: head.part });
    return failed(await withHelp(trouble, store, undefined));
  }
  const key = await source.load();
  if (!key.ok) return key;
  if (key.value === undefined) {
    return failed(problem("vault-locked", { reason: "key-file-missing", path: source.place ?? "" }));
  }
  // Before the rows are read: a revision that is told of by then is there, or was set back.
  const told = await store.told?.hear();
  // Read before the memory: what another console writes meanwhile is found by the second read.
  const opened = await openStoredRows(store, key.value);
  if (!opened.ok) return failed(await withHelp(opened.problem, store, key.value));
  const { state, seen } = opened.value;
  const { storeId, rev, mac } = state.snapshot.document;
  const known = withTold(seen, told?.ok ? told.value : [], state.snapshot);
  const older = rollback(state.snapshot.document, known, store.hints);
  if (older !== undefined) return failed(older);
  await store.memory.raise(storeId, { rev, mac });
  return ok({ key: key.value, state, seen });
}

/** Writes the first head, where this host has never seen a vault: an empty one in the place of a lost one would hide the loss. */
async function begin(store: RowStore, source: KeySource): Promise<Result<void>> {
  const given = await source.load();
  if (!given.ok) return given;
  if ((await store.memory.recall()).state !== "nothing") {
    return failed(await withHelp(problem("vault-damaged", { reason: "missing" }), store, undefined));
  }
  const key = await source.loadOrMake();
  if (!key.ok) return key;
  const keyring = newKeyring();
  const storeId = randomId();
  const commit = randomId();
  const place = { store: storeId, rev: 1 };
  const { head, kept } = sealedHead(
    {
      slots: [await makeSlot(keyring, key.value, storeId)],
      count: 0,
      sum: hiddenSum(0n, place, commit, keyring),
      cleared: 0,
      log: null,
      commits: [commit],
    },
    storeId,
    1,
    keyring,
  );
  const begun = await store.records.begin(kept, []);
  if (!begun.ok) return begun;
  // Of two consoles that began at once one was quicker: what it made is opened like any other.
  if (begun.value === "begun") await store.memory.raise(storeId, { rev: 1, mac: head.mac });
  return ok(undefined);
}
