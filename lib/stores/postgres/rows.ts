import "server-only";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { KeptRow, NewHead, RowChanges, StoredRows } from "#lib/vault/store.ts";
import type { Query, StoreLink, StoreRow } from "./query.ts";

export interface RowsOptions {
  /** Which of several vaults in the same tables: a name of the operator's choice. */
  readonly name?: string;
  /** So long what was read last counts as what is there now, ms. */
  readonly freshMs?: number;
}

/**
 * The records of a vault as rows of `cloak_record`, with the head in `cloak_head`.
 *
 * Which vault it is says a row of `cloak_head` of its own: its `store` is the name (empty for the usual one) behind a
 * `=`, its `body` the vault's id. It is written with the first head, so of two consoles that begin at once one is told
 * that there is a vault.
 */
export function storedRows(link: StoreLink, { name = "", freshMs = 1000 }: RowsOptions = {}): StoredRows {
  const named = nameRow(name);
  /** Whether this database takes a `with` that writes; some of PostgreSQL's kin do not. */
  let takesOneStatement = true;

  return {
    form: "rows",
    freshMs,
    examine: async () => {
      const found = await link.query(readStatement, [named, Number.MAX_SAFE_INTEGER]);
      return found.ok ? ok(undefined) : found;
    },
    read: async (after) => {
      const found = await link.query(readStatement, [named, after]);
      if (!found.ok) return found;
      let head: NewHead | undefined;
      const rows: KeptRow[] = [];
      for (const row of found.value) {
        if (row.kind === "")
          head = { store: textOf(row, "store"), rev: numberOf(row, "rev"), body: textOf(row, "body") };
        else rows.push(keptRow(row));
      }
      return ok(head && { head, rows });
    },
    reserve: async (store) => {
      const reserved = await link.transaction((query) => reserve(query, named, store));
      if (reserved.ok) return ok("reserved");
      return isConflict(reserved.problem) ? ok("taken") : reserved;
    },
    begin: async (head, rows) => {
      // Without a head they are nobody's: a vault that is moved here may be larger than one transaction takes.
      if (rows.length > 0) {
        const cleared = await link.query(deleteHeadless, [head.store]);
        if (!cleared.ok) return cleared;
        const put = await putAll(link.query, head, rows, putHeadless);
        if (!put.ok) return put;
      }
      const begun = await link.transaction(async (query) => {
        const first = await reserve(query, named, head.store);
        return first.ok ? query(insertHead, [head.store, head.rev, head.body]) : first;
      });
      if (begun.ok) return ok("begun");
      return isConflict(begun.problem) ? ok("taken") : begun;
    },
    commit: async (head, over, rows) => {
      const isSmall = batchesOf(rows.put).length <= 1 && rows.clear.length <= mostRows;
      if (isSmall && takesOneStatement) {
        const done = await link.query(commitStatement, [
          head.store,
          over,
          head.rev,
          head.body,
          ...columnsOf(rows.put),
          ...keysOf(rows.clear),
        ]);
        if (done.ok) return ok(done.value.length === 1 ? "written" : "stale");
        if (isConflict(done.problem)) return ok("stale");
        if (!isNotTaken(done.problem)) return done;
        takesOneStatement = false;
      }
      return inTransaction(link, head, over, rows);
    },
  };
}

/** The row that says which vault bears a name. No vault's id has such a sign in it. */
export function nameRow(name: string): string {
  return `=${name}`;
}

/** @returns `store-conflict` where another vault bears the name */
async function reserve(query: Query, named: string, store: string): Promise<Result<void>> {
  const written = await query(`${insertHead} on conflict (store) do nothing`, [named, 0, store]);
  if (!written.ok) return written;
  const found = await query("select body from cloak_head where store = $1", [named]);
  if (!found.ok) return found;
  return found.value[0]?.body === store ? ok(undefined) : failed(problem("store-conflict"));
}

async function inTransaction(
  link: StoreLink,
  head: NewHead,
  over: number,
  rows: RowChanges,
): Promise<Result<"written" | "stale">> {
  const done = await link.transaction(async (query) => {
    const raised = await query(updateHead, [head.store, over, head.rev, head.body]);
    if (!raised.ok) return raised;
    // Its own problem undoes everything.
    if (raised.value.length === 0) return failed(problem("store-conflict"));
    for (let at = 0; at < rows.clear.length; at += mostRows) {
      const cleared = await query(deleteRows, [head.store, ...keysOf(rows.clear.slice(at, at + mostRows))]);
      if (!cleared.ok) return cleared;
    }
    return putAll(query, head, rows.put);
  });
  if (done.ok) return ok("written");
  return isConflict(done.problem) ? ok("stale") : done;
}

async function putAll(
  query: Query,
  head: NewHead,
  rows: readonly KeptRow[],
  statement = putRows,
): Promise<Result<void>> {
  for (const batch of batchesOf(rows)) {
    const put = await query(statement, [head.store, head.rev, ...columnsOf(batch)]);
    if (!put.ok) return put;
  }
  return ok(undefined);
}

/** The head and what was written later, of one moment. */
const readStatement = `
  select h.store, '' as kind, '' as id, h.rev, 0 as at, h.body
    from cloak_head n join cloak_head h on h.store = n.body where n.store = $1
  union all
  select r.store, r.kind, r.id, r.rev, r.at, r.body
    from cloak_head n join cloak_record r on r.store = n.body where n.store = $1 and r.at > $2::bigint`;

const insertHead = "insert into cloak_head (store, rev, body) values ($1, $2::bigint, $3)";

const updateHead = `
  update cloak_head set rev = $3::bigint, body = $4 where store = $1 and rev = $2::bigint returning rev`;

/** What a move left that was interrupted. */
const deleteHeadless = `
  delete from cloak_record r where r.store = $1 and not exists (select 1 from cloak_head h where h.store = $1)`;

const onConflict = `
  on conflict (store, kind, id) do update set rev = excluded.rev, at = excluded.at, body = excluded.body`;

const putBatch = `
  insert into cloak_record (store, kind, id, rev, at, body)
  select $1, u.kind, u.id, u.rev, $2::bigint, u.body
    from unnest($3::text[], $4::text[], $5::bigint[], $6::text[]) as u(kind, id, rev, body)`;

const putRows = `${putBatch}${onConflict}`;

/** Never into a vault that is there already. */
const putHeadless = `${putBatch}
   where not exists (select 1 from cloak_head h where h.store = $1)${onConflict}`;

const deleteRows = `
  delete from cloak_record r using unnest($2::text[], $3::text[]) as c(kind, id)
  where r.store = $1 and r.kind = c.kind and r.id = c.id`;

/** Compare, set and write in one statement: one round trip, and no transaction that a lost connection leaves open. */
const commitStatement = `
  with h as (${updateHead}),
  p as (
    insert into cloak_record (store, kind, id, rev, at, body)
    select $1, u.kind, u.id, u.rev, h.rev, u.body
      from h, unnest($5::text[], $6::text[], $7::bigint[], $8::text[]) as u(kind, id, rev, body)${onConflict}
  ),
  d as (
    delete from cloak_record r using h, unnest($9::text[], $10::text[]) as c(kind, id)
    where r.store = $1 and r.kind = c.kind and r.id = c.id
  )
  select rev from h`;

/** Rows and bytes of one statement: some of PostgreSQL's kin take 3,000 rows and 10 MiB in a transaction. */
const mostRows = 500;
const mostBytes = 4 * 1024 * 1024;

function batchesOf(rows: readonly KeptRow[]): readonly (readonly KeptRow[])[] {
  const batches: KeptRow[][] = [];
  let batch: KeptRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    const isFull = batch.length === mostRows || bytes + row.body.length > mostBytes;
    if (batch.length === 0 || isFull) {
      batch = [];
      bytes = 0;
      batches.push(batch);
    }
    batch.push(row);
    bytes += row.body.length;
  }
  return batches;
}

function columnsOf(rows: readonly KeptRow[]): readonly unknown[] {
  return [
    rows.map(({ kind }) => kind),
    rows.map(({ id }) => id),
    rows.map(({ rev }) => rev),
    rows.map(({ body }) => body),
  ];
}

function keysOf(rows: RowChanges["clear"]): readonly unknown[] {
  return [rows.map(({ kind }) => kind), rows.map(({ id }) => id)];
}

function keptRow(row: StoreRow): KeptRow {
  return {
    kind: textOf(row, "kind"),
    id: textOf(row, "id"),
    rev: numberOf(row, "rev"),
    at: numberOf(row, "at"),
    body: textOf(row, "body"),
  };
}

function textOf(row: StoreRow, name: string): string {
  return row[name] ?? "";
}

/** What is no number that can be trusted is one that no seal was made over. */
function numberOf(row: StoreRow, name: string): number {
  const number = Number(row[name]);
  return Number.isSafeInteger(number) ? number : -1;
}

function isConflict({ code, facts }: Problem): boolean {
  return code === "store-conflict" && facts.sent !== true;
}

/** Syntax error, feature not supported: the statement, not what it was given. */
function isNotTaken({ facts }: Problem): boolean {
  return facts.sqlstate === "42601" || facts.sqlstate === "0A000";
}
