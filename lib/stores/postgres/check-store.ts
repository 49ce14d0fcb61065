import "server-only";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { randomId } from "#lib/random-id.ts";
import { clocksMayDiffer } from "#lib/vault/store.ts";
import { clockAhead } from "./clock-ahead.ts";
import { clearAway } from "./console-presence.ts";
import type { StoreLink } from "./query.ts";
import { nameRow, storedRows } from "./rows.ts";

/** What a console needs of the database that keeps its vault, in the order in which it is tried. */
export const storeNeeds = ["connect", "records", "live", "log", "log-kept", "clock"] as const;
export type StoreNeed = (typeof storeNeeds)[number];

export interface StoreFinding {
  readonly need: StoreNeed;
  readonly ok: boolean;
  /** Why not; null where it is. */
  readonly problem: Problem | null;
}

/**
 * Tries each kind of statement that a console sends, with rows of its own that it takes away again or never commits.
 * @param now the console's clock, milliseconds since 1970
 * @returns a finding for each need; without a connection there is the first alone
 */
export async function checkStore(link: StoreLink, now = Date.now): Promise<readonly StoreFinding[]> {
  const findings: StoreFinding[] = [];
  for (const need of storeNeeds) {
    const tried = await tries[need](link, now);
    findings.push({ need, ok: tried.ok, problem: tried.ok ? null : tried.problem });
    if (need === "connect" && !tried.ok) break;
  }
  return findings;
}

const tries: Readonly<Record<StoreNeed, (link: StoreLink, now: () => number) => Promise<Result<void>>>> = {
  connect: async (link) => done(await link.query("select 1 as one")),
  records: tryRecords,
  live: tryLive,
  log: tryLog,
  "log-kept": tryToChangeTheLog,
  clock: compareClocks,
};

async function tryRecords(link: StoreLink): Promise<Result<void>> {
  const [name, store] = [`check ${randomId()}`, randomId()];
  const rows = storedRows(link, { name });
  const row = (id: string) => ({ kind: "check", id, rev: 1, at: 2, body: "check" });
  const head = (rev: number) => ({ store, rev, body: "check" });
  try {
    const begun = await rows.begin(head(1), []);
    if (!begun.ok) return begun;
    const added = await rows.commit(head(2), 1, { put: [row("a"), row("b")], clear: [] });
    if (!added.ok) return added;
    const cleared = await rows.commit(head(3), 2, { put: [], clear: [{ kind: "check", id: "a" }] });
    if (!cleared.ok) return cleared;
    const stale = await rows.commit(head(3), 2, { put: [row("c")], clear: [] });
    const read = stale.ok ? await rows.read(0) : stale;
    if (!stale.ok || !read.ok) return read.ok ? ok(undefined) : read;
    const isRight = stale.value === "stale" && read.value?.head.rev === 3 && read.value.rows.length === 1;
    return isRight ? ok(undefined) : failed(problem("store-not-ready", { reason: "wrong-answer" }));
  } finally {
    await Promise.allSettled([
      link.query("delete from cloak_record where store = $1", [store]),
      link.query("delete from cloak_head where store = any($1::text[])", [[store, nameRow(name)]]),
    ]);
  }
}

async function tryLive(link: StoreLink): Promise<Result<void>> {
  const store = `check ${randomId()}`;
  const put = `
    insert into cloak_live as l (store, kind, id, rev, until, body) values ($1, 'check', 'a', 1, $2::bigint, '')
    on conflict (store, kind, id) do update set rev = l.rev + 1 returning rev`;
  for (let turn = 0; turn < 2; turn += 1) {
    const written = await link.query(put, [store, 1]);
    if (!written.ok) return written;
  }
  const taken = await link.query("delete from cloak_live where store = $1 returning body", [store]);
  if (!taken.ok) return taken;
  return clearAway(link);
}

/** A console's role cannot take a line back: this one is never committed. */
async function tryLog(link: StoreLink): Promise<Result<void>> {
  const undone = problem("cancelled");
  const tried = await link.transaction(async (query) => {
    const added = await query("insert into cloak_log (store, seq, body) values ($1, 1, 'check')", [
      `check ${randomId()}`,
    ]);
    return added.ok ? failed(undone) : added;
  });
  return !tried.ok && tried.problem.code === undone.code ? ok(undefined) : done(tried);
}

/** Whoever takes the console over is not to rewrite what it has noted. */
async function tryToChangeTheLog(link: StoreLink): Promise<Result<void>> {
  for (const text of [
    "delete from cloak_log where store = $1",
    "update cloak_log set body = '' where store = $1",
  ]) {
    const tried = await link.query(text, [`check ${randomId()}`]);
    if (tried.ok)
      return failed(problem("store-not-ready", { reason: "log-can-be-changed", table: "cloak_log" }));
    if (tried.problem.facts.sqlstate !== "42501") return tried;
  }
  return ok(undefined);
}

async function compareClocks(link: StoreLink, now: () => number): Promise<Result<void>> {
  const ahead = await clockAhead(link, now);
  if (!ahead.ok) return ahead;
  if (Math.abs(ahead.value) <= clocksMayDiffer) return ok(undefined);
  return failed(problem("store-not-ready", { reason: "clocks-apart", seconds: ahead.value }));
}

function done(tried: Result<unknown>): Result<void> {
  return tried.ok ? ok(undefined) : tried;
}
