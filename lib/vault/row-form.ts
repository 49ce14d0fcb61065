import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { LogEnd } from "./chained-log.ts";
import { otherStore, rollback, rollbackOfMoved, withHelp } from "./inspect.ts";
import { openingAfter } from "./opening-after.ts";
import type { PresentKey } from "./present-key.ts";
import { type RowCommit, rowCommit } from "./row-commit.ts";
import { followedRows, openRows, type RowState, rowKey } from "./row-state.ts";
import type { Remembered, RowStore } from "./store.ts";
import type { Change, Changing, RecordsForm } from "./vault.ts";
import type { VaultKey } from "./vault-key.ts";

/** The records in rows, opened just now. */
export function rowForm(store: RowStore, key: PresentKey, first: RowState): RecordsForm {
  let latest = first;
  /** The last line of the audit log that was written here. */
  let line: LogEnd | null = null;
  let lookedAt = performance.now();
  /** When the store was found away last. */
  let awaySince = Number.NEGATIVE_INFINITY;
  let queue: Promise<unknown> = Promise.resolve();

  /** What is there now. Whoever asks meanwhile may have found a later state already: then that one stays. */
  async function pull(): Promise<Result<RowState>> {
    const from = latest;
    const asked = performance.now();
    const found = await key.opening((present) => stateAfter(store, present, from));
    if (!found.ok) return failed(await withHelp(found.problem, store, key.now()));
    lookedAt = Math.max(lookedAt, asked);
    await take(found.value, from);
    return ok(latest);
  }

  async function take(state: RowState, from: RowState): Promise<void> {
    // One that is older than the last counts where it was judged to: a person on the host let the later one be forgotten.
    if (state === latest || (from !== latest && state.kept.rev <= latest.kept.rev)) return;
    latest = state;
    const { storeId, rev, mac } = state.snapshot.document;
    await store.memory.raise(storeId, { rev, mac });
  }

  /** One after another in this process: they would only be in each other's way. */
  function inTurn<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
    const asked = performance.now();
    const turn = queue.then(() => {
      // Where the database hangs, each one before had its time: nobody is to wait for all of them.
      const isLate = performance.now() - asked > longestQueue;
      return isLate ? failed(problem("store-busy", { saved: false })) : work();
    });
    queue = turn.catch(() => undefined);
    return turn;
  }

  async function commit<T>(change: Changing<T>): Promise<Result<T>> {
    const begun = performance.now();
    let tries = 0;
    for (; tries < fewestTries || performance.now() - begun < patience; tries += 1) {
      if (tries > 0) {
        await sleep(shortestWait + Math.random() * (longestWait(tries) - shortestWait));
        // After the wait, not before it: others go on saving meanwhile.
        const now = await pull();
        if (!now.ok) return now;
      }
      const before = latest;
      const changed = await change(before.snapshot);
      const made = changed.ok ? await commitOf(before, changed.value) : changed;
      if (!changed.ok || !made.ok || made.value === undefined) {
        // What is refused, or has been done already, must be so now, and not only a while ago.
        if (lookedAt < begun) {
          const now = await pull();
          if (!now.ok) return now;
          if (now.value !== before) continue;
        }
        if (!changed.ok) return changed;
        return made.ok ? ok(changed.value.value) : made;
      }
      const sent = performance.now();
      const outcome = await write(made.value, before);
      if (!outcome.ok) return outcome;
      if (outcome.value === "written") {
        lookedAt = Math.max(lookedAt, sent);
        await take(made.value.after, before);
        return ok(changed.value.value);
      }
    }
    return failed(problem("store-busy", { tries, saved: false }));
  }

  async function commitOf(
    before: RowState,
    changed: Change<unknown>,
  ): Promise<Result<RowCommit | undefined>> {
    const opening = await openingAfter(changed.keys, before.snapshot, key.now());
    if (!opening.ok) return opening;
    return rowCommit(before, changed.records, opening.value, { log: line, place: store.place });
  }

  /**
   * Sends a commit. Where the answer was lost it is asked what became of it; as long as its head could still be written it
   * is sent again, the very same: it is written once, however often it arrives.
   */
  async function write(made: RowCommit, over: RowState): Promise<Result<"written" | "stale">> {
    const until = performance.now() + longestDoubt;
    for (let tries = 1; ; tries += 1) {
      const outcome = await store.records.commit(made.head, over.kept.rev, made.rows);
      if (outcome.ok && outcome.value === "written") return outcome;
      // Of one that was sent before, an earlier copy may have been in time.
      if (outcome.ok && tries === 1) return outcome;
      if (!outcome.ok && !isUnknown(outcome.problem) && tries === 1) return outcome;
      const became = await whatBecame(made, over, until);
      if (became !== "not-yet") {
        return became === "unknown" ? failed(doubt(outcome)) : ok(became);
      }
      if (performance.now() > until) return failed(doubt(outcome));
      await sleep(shortestWait);
    }
  }

  async function whatBecame(
    made: RowCommit,
    over: RowState,
    until: number,
  ): Promise<"written" | "stale" | "not-yet" | "unknown"> {
    for (let wait = 50; ; wait = Math.min(1000, wait * 2)) {
      const now = await pull();
      if (now.ok) return inHistory(made, over, now.value);
      if (!isOfTheWay(now.problem) || performance.now() + wait > until) return "unknown";
      await sleep(wait);
    }
  }

  return {
    latest: () => latest.snapshot,
    look: async () => {
      const { freshMs } = store.records;
      const age = performance.now() - lookedAt;
      const isAway = age < longestAway && performance.now() - awaySince < freshMs;
      if (age < freshMs || isAway) return ok(latest.snapshot);
      const now = await pull();
      if (now.ok) return ok(now.value.snapshot);
      if (!isOfTheWay(now.problem) || age >= longestAway) return now;
      awaySince = performance.now();
      return ok(latest.snapshot);
    },
    commit: (change) => inTurn(() => commit(change)),
    knownFrom: () =>
      awaySince > lookedAt ? Date.now() - Math.round(performance.now() - lookedAt) : undefined,
    auditEnd: {
      note: (end) => {
        if (end.seq > (line?.seq ?? 0)) line = end;
      },
      signed: () => latest.head.log,
    },
  };
}

/** Once, and eight times again; and more where that took less than so long, ms: others are quick then. */
const fewestTries = 9;
const patience = 5000;
const shortestWait = 5;
const longestWait = (tries: number) => Math.min(200, 10 * 2 ** tries);

/** So long a save waits for others of this console, ms. */
const longestQueue = 30_000;

/** So long it is tried to learn what became of a commit, ms. */
const longestDoubt = 10_000;

/** So long pages are answered with what was read last while the store is away, ms. */
const longestAway = 30_000;

function isOfTheWay({ code }: Problem): boolean {
  return code === "store-away" || code === "store-busy" || code === "store-conflict";
}

function isUnknown({ facts }: Problem): boolean {
  return facts.sent === true;
}

function doubt(outcome: Result<unknown>): Problem {
  const facts = outcome.ok ? {} : outcome.problem.facts;
  return problem("store-away", { ...facts, sent: true });
}

/** Whether a commit was written, by what is there now. */
function inHistory(
  { id, head, after, rows }: RowCommit,
  over: RowState,
  now: RowState,
): "written" | "stale" | "not-yet" | "unknown" {
  const since = now.kept.rev - head.rev;
  if (now.kept.rev === over.kept.rev) return "not-yet";
  const there = now.head.commits[since];
  if (there !== undefined) return there === id ? "written" : "stale";
  // So many commits later: what that revision wrote and nobody has written over since is ours or not.
  for (const row of rows.put) {
    const found = now.rows.get(rowKey(row));
    if (found?.at === head.rev) return found.hash === after.rows.get(rowKey(row))?.hash ? "written" : "stale";
  }
  return "unknown";
}

/** Reads what is kept and opens it. */
export async function openStoredRows(
  store: RowStore,
  key: VaultKey,
): Promise<Result<{ readonly state: RowState; readonly seen: Remembered }>> {
  // The memory first: it never runs ahead of what is kept, so a commit between the two reads cannot look like a rollback.
  const seen = await store.memory.recall();
  const read = await store.records.read(0);
  if (!read.ok) return read;
  if (read.value === undefined) return failed(problem("vault-damaged", { reason: "missing" }));
  const state = await openRows(read.value, key);
  if (!state.ok) return state;
  const wrong = wrongNow(store, state.value, seen);
  return wrong === undefined ? ok({ state: state.value, seen }) : failed(wrong);
}

/** The state that follows from one that was open. */
async function stateAfter(store: RowStore, key: VaultKey, from: RowState): Promise<Result<RowState>> {
  const seen = await store.memory.recall();
  const read = await store.records.read(from.kept.rev);
  if (!read.ok) return read;
  if (read.value === undefined) return failed(problem("vault-damaged", { reason: "missing" }));
  const { head } = read.value;
  if (head.store !== from.kept.store) {
    const others = { ...from.snapshot.document, storeId: head.store };
    const wrong = otherStore(others, withState(seen, from, store.place), store.place, store.hints);
    if (wrong !== undefined) return failed(wrong);
  }
  const isAsItWas = head.store === from.kept.store && head.rev === from.kept.rev;
  if (isAsItWas && head.body === from.kept.body) {
    // Another console of this host may have seen more.
    const trouble = wrongNow(store, from, seen);
    return trouble === undefined ? ok(from) : failed(trouble);
  }
  const followed = head.store === from.kept.store ? await followedRows(from, read.value) : undefined;
  if (followed === undefined || followed.kept.rev <= from.kept.rev) {
    const opened = await openStoredRows(store, key);
    if (!opened.ok) return opened;
    const wrong = wrongNow(store, opened.value.state, withState(opened.value.seen, from, store.place));
    return wrong === undefined ? ok(opened.value.state) : failed(wrong);
  }
  const wrong = wrongNow(store, followed, seen);
  return wrong === undefined ? ok(followed) : failed(wrong);
}

function wrongNow(store: RowStore, { head, snapshot }: RowState, seen: Remembered): Problem | undefined {
  const { document } = snapshot;
  // Where it was moved to it was saved since: of course this one is older.
  if (head.moved !== undefined) {
    const older = rollbackOfMoved(document, seen, store.place, store.hints);
    return older ?? problem("vault-moved", { to: head.moved });
  }
  return otherStore(document, seen, store.place, store.hints) ?? rollback(document, seen, store.hints);
}

/** What this process has seen counts as well, unless a person let the host forget everything. */
function withState(remembered: Remembered, { snapshot }: RowState, place: string): Remembered {
  if (remembered.state === "nothing") return remembered;
  const { storeId, rev, mac } = snapshot.document;
  const seen = remembered.state === "known" ? remembered.seen : {};
  const known = seen[storeId];
  return known !== undefined && known.rev >= rev
    ? remembered
    : { state: "known", seen: { ...seen, [storeId]: { rev, mac, place: known?.place ?? place } } };
}
