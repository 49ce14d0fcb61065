import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { StoredNotebook } from "#lib/vault/store.ts";
import { type KeptIn, ownerOf } from "./kept-in.ts";
import type { Query } from "./query.ts";
import { writtenOnce } from "./written-once.ts";

/**
 * A notebook as rows of `cloak_live`, a line each: their places rise, and a row without a place says how often the lines
 * were put in order (its `rev`).
 *
 * Writing is over what this handle read last: `store-conflict` where another console added a line meanwhile, or put them in
 * order.
 */
export function notebookRows(owner: string, kept: KeptIn): StoredNotebook {
  if (!ownerForm.test(owner)) throw new RangeError("no owner of a notebook");
  const { link } = kept;
  const kind = notebookKind(owner);
  /** What this handle read last, or wrote since. */
  let seen: Seen | undefined;
  /** The same, also while it is being read or after a writing of which nobody knows whether it was done. */
  let before = nothingThere;
  let found = 0;

  function nowSeen(now: Seen, isOurs: boolean): void {
    if (!isOurs && (now.last !== before.last || now.order !== before.order)) found += 1;
    seen = now;
    before = now;
  }

  async function readAll(): Promise<Result<readonly string[]>> {
    const store = await kept.storeId();
    if (!store.ok) return store;
    seen = undefined;
    if (store.value === undefined) {
      nowSeen(nothingThere, false);
      return ok([]);
    }
    const lines: string[] = [];
    const places: number[] = [];
    let order = 0;
    // Page by page: a notebook may weigh more than an answer may.
    for (let after = ""; ; ) {
      const page = await link.query(readPage, [store.value, kind, after]);
      if (!page.ok) return page;
      for (const { id, rev, body } of page.value) {
        if (id === orderId) order = Number(rev);
        else {
          places.push(Number(id));
          lines.push(body ?? "");
        }
      }
      const last = page.value.at(-1)?.id;
      if (last == null || page.value.length < pageLines) break;
      after = last;
    }
    nowSeen({ places, last: places.at(-1) ?? 0, order }, false);
    return ok(lines);
  }

  return {
    place: `${kept.place}#${kind}`,
    read: readAll,
    append: async (lines) => {
      const store = await ownerOf(kept);
      if (!store.ok) return store;
      if (seen === undefined) {
        const read = await readAll();
        if (!read.ok) return read;
      }
      const over = seen ?? nothingThere;
      const places = lines.map((_, index) => over.last + index + 1);
      const added = await writtenOnce(
        async () => {
          const values = [store.value, kind, places.map(idOf), lines, idOf(over.last), over.order];
          const put = await link.query(addLines, values);
          return put.ok ? ok(put.value.length === lines.length) : put;
        },
        async () => {
          const there = await link.query(readLines, [store.value, kind, places.map(idOf)]);
          if (!there.ok) return there;
          if (there.value.length === 0) return ok("not-yet");
          // No sealed line is like another.
          return ok(there.value.every(({ body }) => lines.includes(body ?? "")) ? "ours" : "theirs");
        },
      );
      if (!added.ok) {
        // Of what may have been done, or may yet be, nothing is known any more.
        if (added.problem.facts.sent === true) seen = undefined;
        return added;
      }
      const last = over.last + lines.length;
      nowSeen({ places: [...over.places, ...places], last, order: over.order }, true);
      return ok(undefined);
    },
    replace: async (lines) => {
      const store = await ownerOf(kept);
      if (!store.ok) return store;
      if (seen === undefined) {
        const read = await readAll();
        if (!read.ok) return read;
      }
      const was = seen ?? nothingThere;
      // Lines that are left keep places of those that were there, in order, so that later ones stay behind them.
      const places = lines.map((_, index) => was.places[index] ?? was.last + index + 1);
      const gone = was.places.slice(lines.length);
      const done = await link.transaction(async (query) => {
        const over = [store.value, kind, orderId];
        const raised = await (was.order === 0
          ? query(startOrder, over)
          : query(raiseOrder, [...over, was.order]));
        if (!raised.ok) return raised;
        if (raised.value.length === 0) return failed(problem("store-conflict"));
        const put = await inPieces(lines.length, (from, to) =>
          query(putLines, [store.value, kind, places.slice(from, to).map(idOf), lines.slice(from, to)]),
        );
        if (!put.ok) return put;
        return inPieces(gone.length, (from, to) =>
          query(removeLines, [store.value, kind, gone.slice(from, to).map(idOf)]),
        );
      });
      if (done.ok) {
        const last = Math.max(was.last, places.at(-1) ?? 0);
        nowSeen({ places, last, order: was.order + 1 }, true);
      } else seen = undefined;
      return done;
    },
    others: {
      found: () => found,
      look: async () => {
        const store = await kept.storeId();
        if (!store.ok) return store;
        const { last, order } = before;
        const newer = await link.query(isAnother, [store.value ?? "", kind, idOf(last), order]);
        if (!newer.ok) return newer;
        if (newer.value.length > 0) found += 1;
        return ok(found);
      },
    },
  };
}

/** Of the rows of a person's notebook. */
export function notebookKind(owner: string): string {
  return `notebook/${owner}`;
}

/** Whose notebook the rows of a kind are; undefined where they are none that this program writes. */
export function ownerOfKind(kind: string): string | undefined {
  const head = notebookKind("");
  const owner = kind.slice(head.length);
  return kind.startsWith(head) && ownerForm.test(owner) ? owner : undefined;
}

const ownerForm = /^[A-Za-z0-9_-]{1,64}$/;

interface Seen {
  readonly places: readonly number[];
  /** The highest place that is or was taken. */
  readonly last: number;
  readonly order: number;
}

const nothingThere: Seen = { places: [], last: 0, order: 0 };

/** Before all places, however the database sorts. */
const orderId = "0";
const pageLines = 1000;

/** Places as texts of one length, which sort as numbers do. */
function idOf(place: number): string {
  return String(place).padStart(15, "0");
}

async function inPieces(
  count: number,
  work: (from: number, to: number) => ReturnType<Query>,
): Promise<Result<void>> {
  for (let from = 0; from < count; from += 500) {
    const done = await work(from, from + 500);
    if (!done.ok) return done;
  }
  return ok(undefined);
}

const readPage = `
  select id, rev, body from cloak_live where store = $1 and kind = $2 and id > $3 order by id limit ${pageLines}`;
const readLines = "select id, body from cloak_live where store = $1 and kind = $2 and id = any($3::text[])";
/**
 * Nothing where a later line is there, or they were put in order meanwhile; of two that add at the same place the key refuses
 * one.
 */
const addLines = `
  insert into cloak_live (store, kind, id, rev, until, body)
  select $1, $2, u.id, 1, 0, u.body from unnest($3::text[], $4::text[]) as u(id, body)
    where not exists (select 1 from cloak_live l where l.store = $1 and l.kind = $2 and l.id > $5)
    and coalesce((select l.rev from cloak_live l where l.store = $1 and l.kind = $2 and l.id = '0'), 0) = $6::bigint
  returning id`;
/** A row where the lines are not those that were read: later ones are there, or they were put in order. */
const isAnother = `
  select 1 as another where exists (select 1 from cloak_live l where l.store = $1 and l.kind = $2 and l.id > $3)
    or coalesce((select l.rev from cloak_live l where l.store = $1 and l.kind = $2 and l.id = '0'), 0) <> $4::bigint`;
const putLines = `
  insert into cloak_live (store, kind, id, rev, until, body)
  select $1, $2, u.id, 1, 0, u.body from unnest($3::text[], $4::text[]) as u(id, body)
  on conflict (store, kind, id) do update set body = excluded.body`;
const removeLines = "delete from cloak_live where store = $1 and kind = $2 and id = any($3::text[])";
const startOrder = `
  insert into cloak_live (store, kind, id, rev, until, body) values ($1, $2, $3, 1, 0, '')
  on conflict (store, kind, id) do nothing returning rev`;
const raiseOrder = `
  update cloak_live set rev = rev + 1 where store = $1 and kind = $2 and id = $3 and rev = $4::bigint returning rev`;
