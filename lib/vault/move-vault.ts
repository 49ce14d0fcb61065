import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { sealedText } from "./document.ts";
import { inspect, otherStore, rollback, rollbackOfMoved, type Snapshot, withHelp } from "./inspect.ts";
import { rowCommit } from "./row-commit.ts";
import { newRowState, openRows, type RowState } from "./row-state.ts";
import { format } from "./seal.ts";
import { isRowStore, isTextStore, type Store, type TextStore } from "./store.ts";
import type { VaultKey } from "./vault-key.ts";

/** What was copied. */
export interface Moved {
  readonly rev: number;
  readonly records: number;
  readonly documents: number;
  readonly notebooks: number;
  readonly lines: number;
}

/**
 * Moves a vault to another store. Boxes, slots and keys are copied as they are: no secret is opened. First the source gets
 * a mark that keeps everybody from opening it, so that nothing is saved there meanwhile; else it stays as it was. It can be
 * interrupted anywhere and be run again: what has come to its new place is only a vault there when all of it has.
 * @param settleMs so long other consoles may need to see the mark
 * @returns `setting-invalid` with the field `to` and the reason `taken` where another vault is; `vault-in-use` where a
 *   console serves people from the source; `vault-moved` where it was moved elsewhere; `vault-write-failed` with the step
 *   `read-back` where the copy is not the same; what keeps the source from being opened
 */
export async function moveVault(
  from: Store,
  to: Store,
  key: VaultKey,
  { settleMs = 2000 }: { readonly settleMs?: number } = {},
): Promise<Result<Moved>> {
  const claim = await from.claim();
  if (!claim.ok) return claim;
  try {
    const source = await marked(from, to, key, settleMs);
    if (!source.ok) return source;
    const there = await opened(to, key);
    if (!there.ok) return there;
    const isThere = there.value?.moved === undefined && there.value !== undefined;
    if (!isThere) {
      const { storeId } = source.value.snapshot.document;
      const beside = await copyBeside(from, to, storeId);
      if (!beside.ok) return beside;
      const written = await writeRecords(to, source.value.snapshot, there.value, beside.value.last);
      if (!written.ok) return written;
    }
    return await arrived(from, to, source.value.snapshot, key);
  } finally {
    claim.value.release();
  }
}

/** The source with the mark on it, when the target has been found fit. */
async function marked(from: Store, to: Store, key: VaultKey, settleMs: number): Promise<Result<Found>> {
  const found = await opened(from, key);
  if (!found.ok) return found;
  if (found.value === undefined) {
    return failed(await withHelp(problem("vault-damaged", { reason: "missing" }), from, key));
  }
  const { moved, wrong, snapshot } = found.value;
  if (moved !== undefined && moved !== to.place) {
    return failed(problem("vault-moved", { path: from.place, to: moved }));
  }
  if (wrong !== undefined) return failed(await withHelp(wrong, from, key));
  const fit = await isFit(to, snapshot, key);
  if (!fit.ok) return fit;
  if (moved === to.place) return ok(found.value);
  const mark = isTextStore(from)
    ? await from.records.markMoved(to.place)
    : await markRows(from, key, to.place);
  if (!mark.ok) return mark;
  if (isRowStore(from)) await sleep(settleMs);
  const now = await opened(from, key);
  if (!now.ok) return now;
  return now.value === undefined ? failed(problem("vault-damaged", { reason: "missing" })) : ok(now.value);
}

/** Reads back what was copied, and lets it count. */
async function arrived(from: Store, to: Store, source: Snapshot, key: VaultKey): Promise<Result<Moved>> {
  const there = await opened(to, key);
  if (!there.ok) return there;
  const same = await isSame(from, to, source, there.value?.snapshot);
  if (!same.ok) return same;
  if (!same.value.same || there.value === undefined || there.value.moved !== undefined) {
    return failed(problem("vault-write-failed", { path: to.place, step: "read-back", saved: true }));
  }
  const { storeId, rev, mac, records } = there.value.snapshot.document;
  await to.memory.raise(storeId, { rev, mac });
  const { documents, notebooks, lines } = same.value;
  return ok({ rev, records: records.length, documents, notebooks, lines });
}

/**
 * Takes the mark away from a vault that was moved, so that it counts again as it was then. What was saved at the new place
 * since is not in it.
 * @returns its new revision; `not-found` where it was not moved; `vault-rolled-back` where this host has seen a later one
 *   here, and not elsewhere, `vault-other-store` where it is another vault: the mark says nothing of either
 */
export async function undoMove(store: Store, key: VaultKey): Promise<Result<number>> {
  const found = await opened(store, key);
  if (!found.ok) return found;
  if (found.value?.moved === undefined) return failed(problem("not-found"));
  const putHere = await putInPlace(store, found.value);
  if (putHere !== undefined) return failed(await withHelp(putHere, store, key));
  if (isRowStore(store)) return markRows(store, key, undefined);
  const { document } = found.value.snapshot;
  // Above what was saved elsewhere since: that it counts again is what is meant.
  const rev = Math.max(document.rev, await remembered(store, document.storeId)) + 1;
  const again = { ...found.value.snapshot, document: { ...document, rev } };
  const written = await writeText(textOf(store), again, document.rev);
  if (!written.ok) return written;
  await store.memory.raise(document.storeId, { rev, mac: written.value });
  const unmarked = await textOf(store).records.markMoved(undefined);
  return unmarked.ok ? ok(rev) : unmarked;
}

/** What is wrong with a vault that was moved, apart from that it was saved where it was moved to since. */
async function putInPlace(store: Store, { snapshot, wrong }: Found): Promise<Problem | undefined> {
  if (wrong?.code !== "vault-rolled-back") return wrong;
  return rollbackOfMoved(snapshot.document, await store.memory.recall(), store.place, store.hints);
}

/** A vault as it was found, whether or not it was moved from there. */
interface Found {
  readonly snapshot: Snapshot;
  /** Where to. */
  readonly moved: string | undefined;
  /** Why it would not be opened, apart from that. */
  readonly wrong: Problem | undefined;
  /** Where it lies in rows. */
  readonly state?: RowState;
}

/** @returns undefined when there is none */
async function opened(store: Store, key: VaultKey): Promise<Result<Found | undefined>> {
  const seen = await store.memory.recall();
  const wrongWith = ({ document }: Snapshot) =>
    otherStore(document, seen, store.place, store.hints) ?? rollback(document, seen, store.hints);
  if (isRowStore(store)) {
    const read = await store.records.read(0);
    if (!read.ok || read.value === undefined) return read.ok ? ok(undefined) : read;
    const state = await openRows(read.value, key);
    if (!state.ok) return failed(await withHelp(state.problem, store, key));
    const { snapshot, head } = state.value;
    return ok({ snapshot, moved: head.moved, wrong: wrongWith(snapshot), state: state.value });
  }
  const { records } = textOf(store);
  const examined = await records.examine();
  const isMoved = !examined.ok && examined.problem.code === "vault-moved";
  if (!examined.ok && !isMoved) return examined;
  const current = await records.read();
  if (!current.ok || current.value === undefined) return current.ok ? ok(undefined) : current;
  const snapshot = await inspect(current.value.text, key);
  if (!snapshot.ok) return failed(await withHelp(snapshot.problem, store, key));
  const moved = isMoved ? String(examined.problem.facts.to) : undefined;
  return ok({ snapshot: snapshot.value, moved, wrong: wrongWith(snapshot.value) });
}

/** Whether the target is empty, has what was moved from there once, or has the very copy that is to be made. */
async function isFit(to: Store, { document }: Snapshot, key: VaultKey): Promise<Result<void>> {
  const taken = failed(problem("setting-invalid", { field: "to", reason: "taken", path: to.place }));
  const there = await opened(to, key);
  if (!there.ok) return there.problem.code === "vault-wrong-key" ? taken : there;
  if (there.value !== undefined) {
    const { snapshot, moved } = there.value;
    const isSame = said(snapshot.document) === said(document);
    return snapshot.document.storeId === document.storeId && (moved !== undefined || isSame)
      ? ok(undefined)
      : taken;
  }
  if (isRowStore(to)) {
    const reserved = await to.records.reserve(document.storeId);
    if (!reserved.ok) return reserved;
    return reserved.value === "reserved" ? ok(undefined) : taken;
  }
  const prepared = await textOf(to).records.prepare();
  if (!prepared.ok) return prepared;
  const contents = await to.contents();
  if (!contents.ok) return contents;
  for (const name of contents.value.documents) {
    const found = await to.document(name).read();
    if (!found.ok) return found;
    const isOurs = typeof found.value === "object" && found.value.text.includes(document.storeId);
    if (!isOurs) return taken;
  }
  return ok(undefined);
}

/** The documents, notebooks and lines. @returns the last line of the audit log */
async function copyBeside(
  from: Store,
  to: Store,
  storeId: string,
): Promise<Result<{ readonly last: string | undefined }>> {
  const contents = await from.contents();
  if (!contents.ok) return contents;
  for (const name of contents.value.documents) {
    const found = await from.document(name).read();
    if (!found.ok) return found;
    if (typeof found.value !== "object") continue;
    const written = await to.document(name).write(found.value.text);
    if (!written.ok) return written;
  }
  for (const owner of contents.value.notebooks) {
    const lines = await from.notebook(owner).read();
    if (!lines.ok) return lines;
    const notebook = to.notebook(owner);
    // Read first: a handle writes over what it knows.
    const before = await notebook.read();
    if (!before.ok) return before;
    const written = await notebook.replace(lines.value);
    if (!written.ok) return written;
  }
  const lines = await linesOf(from, storeId);
  if (!lines.ok) return lines;
  const there = await linesOf(to, storeId);
  if (!there.ok) return there;
  const log = to.log(auditLog, storeId);
  for (const line of lines.value.slice(there.value.length)) {
    const written = await log.append(() => ({ line, seq: endOf(line)?.seq ?? 0 }));
    if (!written.ok) return written;
  }
  return ok({ last: lines.value.at(-1) });
}

/** @param over what was moved from there once */
async function writeRecords(
  to: Store,
  { document, keyring, slot }: Snapshot,
  over: Found | undefined,
  last: string | undefined,
): Promise<Result<void>> {
  const before = over?.snapshot.document.rev ?? 0;
  const above = Math.max(document.rev, before, await remembered(to, document.storeId));
  if (!isRowStore(to)) {
    const next = { ...document, rev: above + 1 };
    const written = await writeText(textOf(to), { document: next, keyring, slot }, over && before);
    if (!written.ok) return written;
    return over === undefined ? ok(undefined) : textOf(to).records.markMoved(undefined);
  }
  const opening = { slots: [...document.slots], keyring, slot };
  const facts = { log: endOf(last), place: to.place, above };
  const state = over?.state ?? newRowState(document, opening);
  const made = await rowCommit(state, document.records, opening, facts);
  if (!made.ok) return made;
  if (made.value === undefined) throw new RangeError("a first commit is never empty");
  const { head, rows } = made.value;
  const written =
    over?.state === undefined
      ? await to.records.begin(head, rows.put)
      : await to.records.commit(head, over.state.kept.rev, rows);
  return written.ok ? ok(undefined) : written;
}

/** @param over the revision that is there and becomes an earlier one; @returns the seal */
function writeText(
  store: TextStore,
  { document, keyring }: Snapshot,
  over: number | undefined,
): Promise<Result<string>> {
  return store.records.replace(async (current) => {
    if (current !== undefined && over === undefined) {
      return failed(problem("setting-invalid", { field: "to", reason: "taken", path: store.place }));
    }
    const { storeId, rev } = document;
    const parts = { format, storeId, rev, slots: document.slots, records: document.records } as const;
    const { document: next, text } = await sealedText(parts, keyring);
    return ok({
      value: next.mac,
      write: {
        text,
        check: async (readBack) => (readBack === text ? undefined : "text"),
        previous: over === undefined ? "none" : { keepAs: over },
        after: async () => undefined,
      },
    });
  });
}

async function isSame(
  from: Store,
  to: Store,
  { document }: Snapshot,
  there: Snapshot | undefined,
): Promise<Result<Omit<Moved, "rev" | "records"> & { readonly same: boolean }>> {
  const contents = await from.contents();
  if (!contents.ok) return contents;
  const { documents, notebooks } = contents.value;
  let same = there !== undefined && said(document) === said(there.document);
  for (const name of documents) {
    const [one, other] = [await from.document(name).read(), await to.document(name).read()];
    if (!one.ok) return one;
    if (!other.ok) return other;
    same &&= keptText(one.value) === keptText(other.value);
  }
  for (const owner of notebooks) {
    const [one, other] = [await from.notebook(owner).read(), await to.notebook(owner).read()];
    if (!one.ok) return one;
    if (!other.ok) return other;
    same &&= JSON.stringify(one.value) === JSON.stringify(other.value);
  }
  const [one, other] = [await linesOf(from, document.storeId), await linesOf(to, document.storeId)];
  if (!one.ok) return one;
  if (!other.ok) return other;
  same &&= JSON.stringify(one.value) === JSON.stringify(other.value);
  return ok({ same, documents: documents.length, notebooks: notebooks.length, lines: one.value.length });
}

/** All that is the same in both forms. */
function said({ storeId, slots, records }: Snapshot["document"]): string {
  return JSON.stringify([storeId, slots, records]);
}

function textOf(store: Store): TextStore {
  if (!isTextStore(store)) throw new RangeError("a store keeps its records as text or in rows");
  return store;
}

function keptText(kept: { readonly text: string } | "unchanged" | undefined): string | undefined {
  return typeof kept === "object" ? kept.text : undefined;
}

/** @param to undefined takes the mark away */
async function markRows(given: Store, key: VaultKey, to: string | undefined): Promise<Result<number>> {
  const store = given;
  if (!isRowStore(store)) throw new RangeError("a store keeps its records as text or in rows");
  for (let tries = 1; tries <= 8; tries += 1) {
    const read = await store.records.read(0);
    if (!read.ok) return read;
    if (read.value === undefined) return failed(problem("vault-damaged", { reason: "missing" }));
    const found = await openRows(read.value, key);
    if (!found.ok) return failed(await withHelp(found.problem, store, key));
    const { head, snapshot, kept } = found.value;
    if (to === undefined && head.moved === undefined) return failed(problem("not-found"));
    const { document, keyring, slot } = snapshot;
    const above = to === undefined ? await remembered(store, document.storeId) : 0;
    const opening = { slots: document.slots, keyring, slot };
    const facts = { log: head.log, place: store.place, moved: to, above };
    const made = await rowCommit(found.value, document.records, opening, facts);
    if (!made.ok) return made;
    if (made.value === undefined) return ok(kept.rev);
    const done = await store.records.commit(made.value.head, kept.rev, made.value.rows);
    if (!done.ok) return done;
    if (done.value === "stale") continue;
    const { rev, mac } = made.value.after.snapshot.document;
    if (to === undefined) await store.memory.raise(document.storeId, { rev, mac });
    return ok(rev);
  }
  return failed(problem("store-busy", { saved: false }));
}

async function remembered(store: Store, storeId: string): Promise<number> {
  const memory = await store.memory.recall();
  return memory.state === "known" ? (memory.seen[storeId]?.rev ?? 0) : 0;
}

const auditLog = "audit";

async function linesOf(store: Store, storeId: string): Promise<Result<readonly string[]>> {
  const lines: string[] = [];
  const read = await store.log(auditLog, storeId).parts(async (part) => {
    await part.lines?.((line) => lines.push(line) > 0);
    return true;
  });
  return read.ok ? ok(lines) : read;
}

/** Number and seal of a line of the audit log. */
function endOf(line: string | undefined): { readonly seq: number; readonly mac: string } | null {
  if (line === undefined) return null;
  const { seq, mac }: { readonly seq: number; readonly mac: string } = JSON.parse(line);
  return { seq, mac };
}
