import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { inTurns } from "#lib/turns.ts";
import { type OpenedCopy, resealed } from "./backup-copy.ts";
import { byPlace, saysTheSame } from "./backup-differences.ts";
import type { Alongside } from "./collection.ts";
import { brokenBox, parseDocument, type SealedRecord, sealedText } from "./document.ts";
import { otherStore, type Snapshot } from "./inspect.ts";
import { format } from "./seal.ts";
import type { TextStore } from "./store.ts";
import type { Vault } from "./vault.ts";

/**
 * Puts what a copy says in the place of what is there, as one new revision: the present one becomes an earlier one.
 * Keys and slots stay as they are: a key that was taken away does not come back.
 * @param base the present revision that was looked at; another one meanwhile is `vault-changed-meanwhile`
 * @param also changes what comes back with it, as ending everybody's session
 * @returns the new revision
 */
export async function restoreCopy(
  vault: Vault,
  copy: OpenedCopy,
  base: number,
  also: Alongside,
): Promise<Result<number>> {
  const restored = await vault.commit(async (now) => {
    if (now.document.rev !== base) {
      return failed(problem("vault-changed-meanwhile", { currentRev: now.document.rev }));
    }
    const records = await restoredRecords(copy, now);
    if (!records.ok) return records;
    const all = also(now, records.value);
    return all.ok ? ok({ records: all.value, value: undefined }) : all;
  });
  if (!restored.ok) return restored;
  const after = await vault.read();
  return after.ok ? ok(after.value.document.rev) : after;
}

/**
 * Begins with a copy where nothing is kept, after a disk was lost. It becomes a revision above every one that this host
 * remembers, so that nothing looks rolled back.
 * @param copy one that this host's key opened
 * @returns the new revision, or `vault-other-store` where another vault is known, or, with `reason: "remains"`, may have been
 */
export async function beginWithCopy(
  store: TextStore,
  copy: OpenedCopy,
  also: Alongside,
): Promise<Result<number>> {
  const safe = await store.records.examine();
  if (!safe.ok) return safe;
  const remembered = await store.memory.recall();
  const other = otherStore(copy.document, remembered, store.place, store.hints);
  if (other !== undefined) return failed(other);
  const { storeId } = copy.document;
  const [slot] = copy.document.slots;
  if (slot === undefined) return failed(problem("vault-damaged", { reason: "content", part: "slots" }));
  const known = remembered.state === "known" ? remembered.seen[storeId] : undefined;
  const earlier = await store.records.earlier();
  const traces = await store.records.traces();
  // Of what is left, with neither a memory nor a revision of it, nobody can say whose it was.
  const hasRemains = traces.length > 0 || earlier.length > 0;
  if (known === undefined && hasRemains && !(await isOf(storeId, store))) {
    const all = [...traces, ...earlier.map(({ place }) => place)];
    const command = store.hints.beginAnew(all);
    return failed(problem("vault-other-store", { reason: "remains", path: store.place, command }));
  }
  const prepared = await store.records.prepare();
  if (!prepared.ok) return prepared;
  return store.records.replace(async (current) => {
    if (current !== undefined) return failed(problem("vault-changed-meanwhile", {}));
    const highest = Math.max(copy.document.rev, known?.rev ?? 0, ...earlier.map(({ rev }) => rev));
    const { keyring } = copy;
    const now: Snapshot = {
      document: { ...copy.document, rev: highest, records: [] },
      keyring,
      slot,
    };
    const restored = await restoredRecords(copy, now);
    if (!restored.ok) return restored;
    const all = also(now, restored.value);
    if (!all.ok) return all;
    const rev = highest + 1;
    const { slots } = copy.document;
    const records = [...all.value];
    const { document, text } = await sealedText({ format, storeId, rev, slots, records }, copy.keyring);
    return ok({
      value: rev,
      write: {
        text,
        check: async (readBack) => {
          const parsed = await parseDocument(readBack);
          if (parsed.state !== "sealed" || readBack !== text) return "text";
          return brokenBox(storeId, parsed.document.records, copy.keyring);
        },
        previous: "none",
        after: () => store.memory.raise(storeId, { rev, mac: document.mac }),
      },
    });
  });
}

/** Whether the newest earlier revision that can be read is of this vault. */
async function isOf(storeId: string, store: TextStore): Promise<boolean> {
  for (const revision of await store.records.earlier()) {
    const text = await store.records.readEarlier(revision);
    const parsed = text === undefined ? undefined : await parseDocument(text);
    if (parsed?.state === "sealed") return parsed.document.storeId === storeId;
  }
  return false;
}

/**
 * What a copy says, as records of now. One that says what it says now stays as it is; every other one gets a number that
 * no form or cache has seen.
 */
async function restoredRecords(copy: OpenedCopy, now: Snapshot): Promise<Result<readonly SealedRecord[]>> {
  const present = byPlace(now.document.records);
  const rev = now.document.rev + 1;
  const records: SealedRecord[] = [];
  const turn = inTurns();
  for (const [index, record] of copy.document.records.entries()) {
    const before = present.get(`${record.kind} ${record.id}`);
    const restored =
      before !== undefined && saysTheSame(record, copy, before, now)
        ? before
        : resealed(record, rev, copy, now.keyring);
    if (restored === undefined) {
      return failed(problem("vault-damaged", { reason: "content", part: `records.${index}` }));
    }
    records.push(restored);
    await turn();
  }
  return ok(records);
}
