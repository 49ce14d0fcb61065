import "server-only";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { randomId } from "#lib/random-id.ts";
import { inTurns } from "#lib/turns.ts";
import { brokenBox, mostRecords, recordSchema, type SealedRecord } from "./document.ts";
import type { Opening } from "./opening-after.ts";
import { longestBody, recordBody, removedBody } from "./row-body.ts";
import { type RowHead, rememberedCommits, sealedHead } from "./row-head.ts";
import {
  dropCleared,
  type HeldRow,
  hiddenSum,
  putRow,
  type RowState,
  rowKey,
  rowState,
} from "./row-state.ts";
import { inRange, rowHash } from "./row-sum.ts";
import type { KeptRow, NewHead, RowChanges } from "./store.ts";

/** A commit that is ready to be sent, and what will be there then. */
export interface RowCommit {
  /** Random: nobody else's commit has it. */
  readonly id: string;
  readonly head: NewHead;
  readonly rows: RowChanges;
  readonly after: RowState;
}

/**
 * Makes a commit of what is to be there: only records that are other objects than before are written.
 * @param log the last line of the audit log that is known here
 * @returns undefined when nothing changes; `vault-write-failed` with `record` where one is too large to be kept
 */
export async function rowCommit(
  before: RowState,
  records: readonly SealedRecord[],
  opening: Opening,
  { log, place, moved, above = 0, now = Date.now() }: CommitFacts,
): Promise<Result<RowCommit | undefined>> {
  const { store } = before.kept;
  const rev = Math.max(before.kept.rev, above) + 1;
  const { keyring } = opening;
  const rows = new Map(before.rows);
  const put: KeptRow[] = [];
  const fresh: SealedRecord[] = [];
  let sum = before.sum;
  const there = new Set<string>();
  let order = lastOrder(rows);
  const turn = inTurns();
  for (const given of records) {
    const key = rowKey(given);
    if (there.has(key)) throw new RangeError("these records can stand in no vault");
    there.add(key);
    const old = rows.get(key);
    if (old?.record === given) continue;
    await turn();
    const record = recordSchema.parse(given);
    if (old?.record === undefined) order += 1;
    const row = {
      ...identity(record),
      at: rev,
      body: recordBody(record, old?.record === undefined ? order : old.order),
    };
    if (Buffer.byteLength(row.body) > longestBody) return failed(tooLarge(row, place));
    fresh.push(record);
    put.push(row);
    sum = putRow(rows, sum, {
      ...identity(record),
      at: rev,
      hash: rowHash(row, store, keyring.macKey),
      record,
      order: old?.record === undefined ? order : old.order,
      removedAt: 0,
    });
  }
  if (there.size > mostRecords) throw new RangeError("these records can stand in no vault");
  for (const [key, old] of before.rows) {
    if (old.record === undefined || there.has(key)) continue;
    const row = { ...identity(old.record), at: rev, body: removedBody(now) };
    put.push(row);
    const hash = rowHash(row, store, keyring.macKey);
    sum = putRow(rows, sum, {
      ...identity(old.record),
      at: rev,
      hash,
      record: undefined,
      order: 0,
      removedAt: now,
    });
  }
  const isSameOpening = opening.keyring === before.snapshot.keyring && opening.slots === before.head.slots;
  if (put.length === 0 && isSameOpening && moved === before.head.moved) return ok(undefined);

  const wrong = await brokenBox(store, fresh, keyring);
  if (wrong !== undefined) {
    const facts = { path: place, step: "read-back", part: wrong, saved: false };
    return failed(problem("vault-write-failed", facts));
  }
  const cleared = clearedAfter(rows, before.head.cleared, now);
  const clear = [...before.rows.values()].filter(
    (row) => row.record === undefined && row.at <= cleared && rows.get(rowKey(row)) === row,
  );
  sum = dropCleared(rows, sum, cleared);
  if (!keyring.macKey.equals(before.snapshot.keyring.macKey)) {
    sum = await resummed(rows, store, opening);
  }
  const id = randomId();
  const { head, kept } = sealedHead(
    {
      slots: [...opening.slots],
      count: rows.size,
      sum: hiddenSum(sum, { store, rev }, id, keyring),
      cleared,
      log: later(log, before.head.log),
      commits: [id, ...before.head.commits].slice(0, rememberedCommits),
      ...(moved === undefined ? {} : { moved }),
    },
    store,
    rev,
    keyring,
  );
  const after = rowState(kept, head, opening, rows, sum);
  return ok({ id, head: kept, rows: { put, clear: clear.map(({ kind, id }) => ({ kind, id })) }, after });
}

export interface CommitFacts {
  readonly log: RowHead["log"];
  /** For problems: where the vault is kept. */
  readonly place: string;
  /** Where the vault lies from now on, if not here. */
  readonly moved?: string | undefined;
  /** A revision that this one is to be above, besides that before it. */
  readonly above?: number;
  readonly now?: number;
}

/** So long what was removed leaves a row behind, by which a console that was away learns of it, ms. */
const removedFor = 7 * 24 * 60 * 60 * 1000;

/**
 * Up to which revision what was removed leaves nothing behind any more. It goes by the revision, so that every console drops
 * the same rows without being told of them.
 */
function clearedAfter(rows: ReadonlyMap<string, HeldRow>, before: number, now: number): number {
  const removed = [...rows.values()].filter(({ record }) => record === undefined).sort((a, b) => a.at - b.at);
  let cleared = before;
  let at = 0;
  while (at < removed.length) {
    const { at: revision = 0 } = removed[at] ?? {};
    let next = at;
    while (removed[next]?.at === revision) {
      if ((removed[next]?.removedAt ?? now) > now - removedFor) return cleared;
      next += 1;
    }
    cleared = Math.max(cleared, revision);
    at = next;
  }
  return cleared;
}

function lastOrder(rows: ReadonlyMap<string, HeldRow>): number {
  let last = 0;
  for (const { order } of rows.values()) last = Math.max(last, order);
  return last;
}

/** With another key each row adds another number. */
async function resummed(rows: Map<string, HeldRow>, store: string, { keyring }: Opening): Promise<bigint> {
  let sum = 0n;
  const turn = inTurns();
  for (const [key, row] of rows) {
    await turn();
    const { kind, id, rev, at } = row;
    const body = row.record === undefined ? removedBody(row.removedAt) : recordBody(row.record, row.order);
    const hash = rowHash({ kind, id, rev, at, body }, store, keyring.macKey);
    rows.set(key, { ...row, hash });
    sum += hash;
  }
  return inRange(sum);
}

function later(one: RowHead["log"], other: RowHead["log"]): RowHead["log"] {
  return (one?.seq ?? 0) > (other?.seq ?? 0) ? one : other;
}

function identity({ kind, id, rev }: SealedRecord): Pick<KeptRow, "kind" | "id" | "rev"> {
  return { kind, id, rev };
}

function tooLarge({ kind, id, body }: KeptRow, place: string): Problem {
  return problem("vault-write-failed", {
    path: place,
    step: "size",
    error: "EFBIG",
    saved: false,
    record: `${kind}/${id}`,
    bytes: Buffer.byteLength(body),
    most: longestBody,
  });
}
