import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { inTurns } from "#lib/turns.ts";
import { mostRecords, type SealedRecord } from "./document.ts";
import type { Contents, Snapshot } from "./inspect.ts";
import type { Keyring } from "./keyring.ts";
import { readRow } from "./row-body.ts";
import {
  isHeadWhole,
  type ParsedHead,
  parseHead,
  type RowHead,
  rowFormat,
  rowFormVersion,
} from "./row-head.ts";
import { inRange, rowHash, sumMask, sumText } from "./row-sum.ts";
import { openSlots, type Slot } from "./slots.ts";
import type { KeptRow, KeptRows, NewHead } from "./store.ts";
import type { VaultKey } from "./vault-key.ts";

/** A vault in rows at one revision, found whole. */
export interface RowState {
  readonly kept: NewHead;
  readonly head: RowHead;
  /** By `rowKey`. */
  readonly rows: ReadonlyMap<string, HeldRow>;
  /** Over all rows, in clear. */
  readonly sum: bigint;
  readonly snapshot: Snapshot;
}

/** A row without its text, which is long and can be made again. */
export interface HeldRow extends Omit<KeptRow, "body"> {
  readonly hash: bigint;
  /** Undefined for what is left of a removed one. */
  readonly record: SealedRecord | undefined;
  /** Where it stands among the others. */
  readonly order: number;
  /** When it was removed, ms; 0 for one that was not. */
  readonly removedAt: number;
}

export function rowKey({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind}/${id}`;
}

/**
 * Opens a vault of which all rows were read.
 * @returns `vault-damaged` with the fact `part`, `vault-wrong-key` or `vault-newer-version`
 */
export async function openRows({ head: kept, rows }: KeptRows, key: VaultKey): Promise<Result<RowState>> {
  const parsed = sealedHeadOf(parseHead(kept.body));
  if (!parsed.ok) return parsed;
  const head = parsed.value;
  const opened = await openSlots(head.slots, key, kept.store);
  switch (opened.state) {
    case "wrong-key":
      return failed(problem("vault-wrong-key", { reason: "no-slot" }));
    case "damaged":
      return damaged(`slot ${opened.kid}`);
  }
  const { keyring, slot } = opened;
  if (!isHeadWhole(head, kept, keyring)) return damaged("head.mac");
  return withRows({ kept, head, keyring, slot }, new Map(), 0n, rows);
}

/** What comes before the first commit of a vault that was made elsewhere. */
export function newRowState(document: Contents, opening: Pick<Snapshot, "keyring" | "slot">): RowState {
  const { storeId, rev, slots, mac } = document;
  const head: RowHead = {
    format: rowFormat,
    v: rowFormVersion,
    slots: [...slots],
    count: 0,
    sum: sumText(0n),
    cleared: 0,
    log: null,
    commits: [],
    mac,
  };
  return rowState({ store: storeId, rev, body: "" }, head, opening, new Map(), 0n);
}

/**
 * What became of a vault that was open, by what was written since.
 * @returns undefined where all has to be read again to be opened: its slots or keys are others, or the rows do not come
 *   to the sum
 */
export async function followedRows(
  before: RowState,
  { head: kept, rows }: KeptRows,
): Promise<RowState | undefined> {
  const parsed = parseHead(kept.body);
  if (parsed.state !== "sealed" || !hasSameSlots(parsed.head, before.head)) return undefined;
  const { keyring, slot } = before.snapshot;
  if (!isHeadWhole(parsed.head, kept, keyring)) return undefined;
  if (rows.some(({ at }) => at <= before.kept.rev)) return undefined;
  const given = { kept, head: parsed.head, keyring, slot };
  const followed = await withRows(given, before.rows, before.sum, rows);
  return followed.ok ? followed.value : undefined;
}

/** Puts a row in the place of the one that is held, and carries the sum on. */
export function putRow(rows: Map<string, HeldRow>, sum: bigint, row: HeldRow): bigint {
  const key = rowKey(row);
  const old = rows.get(key)?.hash ?? 0n;
  rows.set(key, row);
  return inRange(sum - old + row.hash);
}

/** Drops what is left of the records that were removed so early, and carries the sum on. */
export function dropCleared(rows: Map<string, HeldRow>, sum: bigint, cleared: number): bigint {
  let left = sum;
  for (const [key, row] of rows) {
    if (row.record !== undefined || row.at > cleared) continue;
    rows.delete(key);
    left -= row.hash;
  }
  return inRange(left);
}

/** What stands in a head for the sum. */
export function hiddenSum(
  sum: bigint,
  { store, rev }: Pick<NewHead, "store" | "rev">,
  commit: string,
  keyring: Keyring,
): string {
  return sumText(sum + sumMask(store, rev, commit, keyring.macKey));
}

/** The state with its records in their order. */
export function rowState(
  kept: NewHead,
  head: RowHead,
  opening: Pick<Snapshot, "keyring" | "slot">,
  rows: ReadonlyMap<string, HeldRow>,
  sum: bigint,
): RowState {
  const records = [...rows.values()]
    .filter((row): row is HeldRow & { readonly record: SealedRecord } => row.record !== undefined)
    .sort((a, b) => a.order - b.order || (rowKey(a) < rowKey(b) ? -1 : 1))
    .map(({ record }) => record);
  const { slots, mac } = head;
  const document: Contents = {
    storeId: kept.store,
    rev: kept.rev,
    v: rowFormVersion,
    slots,
    records,
    mac,
  };
  const { keyring, slot } = opening;
  return { kept, head, rows, sum, snapshot: { document, keyring, slot } };
}

async function withRows(
  given: {
    readonly kept: NewHead;
    readonly head: RowHead;
    readonly keyring: Keyring;
    readonly slot: Slot;
  },
  before: ReadonlyMap<string, HeldRow>,
  sumBefore: bigint,
  read: readonly KeptRow[],
): Promise<Result<RowState>> {
  const { kept, head, keyring } = given;
  if (read.length > 2 * mostRecords) return damaged("head.count");
  const rows = new Map(before);
  const news = new Set<string>();
  let sum = sumBefore;
  const turn = inTurns();
  for (const row of read) {
    await turn();
    const key = rowKey(row);
    const held = heldRow(row, kept.store, keyring);
    const isDouble = news.has(key);
    if (held === undefined || isDouble || row.at > kept.rev) return damaged(key);
    news.add(key);
    sum = putRow(rows, sum, held);
  }
  sum = dropCleared(rows, sum, head.cleared);
  if (rows.size !== head.count) return damaged("head.count");
  const [commit = ""] = head.commits;
  if (hiddenSum(sum, kept, commit, keyring) !== head.sum) return damaged("head.sum");
  return ok(rowState(kept, head, given, rows, sum));
}

function heldRow(row: KeptRow, storeId: string, keyring: Keyring): HeldRow | undefined {
  const read = readRow(row);
  if (read === undefined) return undefined;
  const { kind, id, rev, at } = row;
  const hash = rowHash(row, storeId, keyring.macKey);
  return read.record === undefined
    ? { kind, id, rev, at, hash, record: undefined, order: 0, removedAt: read.removedAt }
    : { kind, id, rev, at, hash, record: read.record, order: read.order, removedAt: 0 };
}

function hasSameSlots(one: RowHead, other: RowHead): boolean {
  return JSON.stringify(one.slots) === JSON.stringify(other.slots);
}

function sealedHeadOf(parsed: ParsedHead): Result<RowHead> {
  switch (parsed.state) {
    case "sealed":
      return ok(parsed.head);
    case "newer":
      return failed(problem("vault-newer-version", { version: parsed.version }));
    case "damaged":
      return damaged(parsed.part);
  }
}

function damaged(part: string): Result<never> {
  return failed(problem("vault-damaged", { reason: "content", part }));
}
