import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { sealedText } from "./document.ts";
import { inspect, type Snapshot, withHelp } from "./inspect.ts";
import { rowCommit } from "./row-commit.ts";
import { openStoredRows } from "./row-form.ts";
import { newRowState, openRows } from "./row-state.ts";
import { format } from "./seal.ts";
import { isRowStore, isTextStore, type RowStore, type Store, type TextStore } from "./store.ts";
import { openStored } from "./text-form.ts";
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
 * Moves a vault to another store. Boxes, slots and keys are copied as they are: no secret is opened. The source stays as it
 * was, but for a mark that keeps everybody from saving there. It can be interrupted anywhere and be run again: what has
 * come to its new place is only a vault there when all of it has.
 * @returns `setting-invalid` with the field `to` and the reason `taken` where another vault is; `vault-in-use` where a
 *   console serves people from the source; `vault-write-failed` with the step `read-back` where the copy is not the same;
 *   what keeps the source from being opened
 */
export async function moveVault(from: Store, to: Store, key: VaultKey): Promise<Result<Moved>> {
  const claim = await from.claim();
  if (!claim.ok) return claim;
  try {
    const source = await snapshotOf(from, key);
    if (!source.ok) return source;
    if (source.value === undefined) {
      return failed(await withHelp(problem("vault-damaged", { reason: "missing" }), from, key));
    }
    const { storeId, rev } = source.value.document;
    const free = await isFree(to, source.value, key);
    if (!free.ok) return free;
    if (free.value) {
      const beside = await copyBeside(from, to, storeId);
      if (!beside.ok) return beside;
      const written = await writeRecords(to, source.value, beside.value.last);
      if (!written.ok) return written;
    }
    const there = await snapshotOf(to, key);
    if (!there.ok) return there;
    const same = await isSame(from, to, source.value, there.value);
    if (!same.ok) return same;
    if (!same.value.same || there.value === undefined) {
      const facts = { path: to.place, step: "read-back", saved: true };
      return failed(problem("vault-write-failed", facts));
    }
    const marked = await mark(from, key, to.place);
    if (!marked.ok) return marked;
    const { document } = there.value;
    await to.memory.raise(storeId, { rev: document.rev, mac: document.mac });
    const { documents, notebooks, lines } = same.value;
    return ok({ rev: rev + 1, records: document.records.length, documents, notebooks, lines });
  } finally {
    claim.value.release();
  }
}

/**
 * Takes the mark away from a vault that was moved, so that it counts again as it was then. What was saved at the new place
 * since is not in it.
 * @returns its new revision; `not-found` where it was not moved
 */
export async function undoMove(store: Store, key: VaultKey): Promise<Result<number>> {
  if (isRowStore(store)) return markRows(store, key, undefined);
  if (!isTextStore(store)) throw new RangeError("a store keeps its records as text or in rows");
  const examined = await store.records.examine();
  if (examined.ok) return failed(problem("not-found"));
  if (examined.problem.code !== "vault-moved") return examined;
  const current = await store.records.read();
  if (!current.ok) return current;
  if (current.value === undefined) return failed(problem("vault-damaged", { reason: "missing" }));
  const found = await inspect(current.value.text, key);
  if (!found.ok) return failed(await withHelp(found.problem, store, key));
  const { document } = found.value;
  // Above what was saved elsewhere since: that it counts again is what is meant.
  const rev = Math.max(document.rev, await remembered(store, document.storeId)) + 1;
  const written = await writeText(store, { ...found.value, document: { ...document, rev } }, document.rev);
  if (!written.ok) return written;
  await store.memory.raise(document.storeId, { rev, mac: written.value });
  const unmarked = await store.records.markMoved(undefined);
  return unmarked.ok ? ok(rev) : unmarked;
}

/** @returns undefined when there is none */
async function snapshotOf(store: Store, key: VaultKey): Promise<Result<Snapshot | undefined>> {
  if (isRowStore(store)) {
    const read = await store.records.read(Number.MAX_SAFE_INTEGER);
    if (!read.ok || read.value === undefined) return read.ok ? ok(undefined) : read;
    const opened = await openStoredRows(store, key);
    return opened.ok ? ok(opened.value.state.snapshot) : opened;
  }
  if (!isTextStore(store)) throw new RangeError("a store keeps its records as text or in rows");
  const examined = await store.records.examine();
  if (!examined.ok) return examined;
  const version = await store.records.version();
  if (!version.ok || version.value === undefined) return version.ok ? ok(undefined) : version;
  const opened = await openStored(store, key);
  return opened.ok ? ok(opened.value.snapshot) : opened;
}

/** Whether nothing is there yet; false for the very copy that is to be made. */
async function isFree(to: Store, { document }: Snapshot, key: VaultKey): Promise<Result<boolean>> {
  const taken = failed(problem("setting-invalid", { field: "to", reason: "taken", path: to.place }));
  const there = await snapshotOf(to, key);
  if (!there.ok) return there.problem.code === "vault-wrong-key" ? taken : there;
  if (there.value !== undefined) {
    const { storeId, rev } = there.value.document;
    return storeId === document.storeId && rev === document.rev + 1 ? ok(false) : taken;
  }
  if (isRowStore(to)) {
    const reserved = await to.records.reserve(document.storeId);
    if (!reserved.ok) return reserved;
    return reserved.value === "reserved" ? ok(true) : taken;
  }
  if (!isTextStore(to)) throw new RangeError("a store keeps its records as text or in rows");
  const prepared = await to.records.prepare();
  if (!prepared.ok) return prepared;
  const contents = await to.contents();
  if (!contents.ok) return contents;
  for (const name of contents.value.documents) {
    const found = await to.document(name).read();
    if (!found.ok) return found;
    const isOurs = typeof found.value === "object" && found.value.text.includes(document.storeId);
    if (!isOurs) return taken;
  }
  return ok(true);
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

async function writeRecords(
  to: Store,
  { document, keyring, slot }: Snapshot,
  last: string | undefined,
): Promise<Result<void>> {
  if (isTextStore(to)) {
    const next = { ...document, rev: document.rev + 1 };
    const written = await writeText(to, { document: next, keyring, slot }, undefined);
    return written.ok ? ok(undefined) : written;
  }
  if (!isRowStore(to)) throw new RangeError("a store keeps its records as text or in rows");
  const opening = { slots: [...document.slots], keyring, slot };
  const facts = { log: endOf(last), place: to.place };
  const made = await rowCommit(newRowState(document, opening), document.records, opening, facts);
  if (!made.ok) return made;
  if (made.value === undefined) throw new RangeError("a first commit is never empty");
  const begun = await to.records.begin(made.value.head, made.value.rows.put);
  return begun.ok ? ok(undefined) : begun;
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
  const said = (snapshot: Snapshot["document"] | undefined) =>
    JSON.stringify([snapshot?.storeId, snapshot?.slots, snapshot?.records]);
  let same = said(document) === said(there?.document) && there?.document.rev === document.rev + 1;
  for (const name of documents) {
    const [one, other] = [await from.document(name).read(), await to.document(name).read()];
    if (!one.ok) return one;
    if (!other.ok) return other;
    same &&= textOf(one.value) === textOf(other.value);
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

function textOf(kept: { readonly text: string } | "unchanged" | undefined): string | undefined {
  return typeof kept === "object" ? kept.text : undefined;
}

async function mark(from: Store, key: VaultKey, to: string): Promise<Result<unknown>> {
  if (isRowStore(from)) return markRows(from, key, to);
  if (!isTextStore(from)) throw new RangeError("a store keeps its records as text or in rows");
  return from.records.markMoved(to);
}

/** @param to undefined takes the mark away */
async function markRows(store: RowStore, key: VaultKey, to: string | undefined): Promise<Result<number>> {
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
