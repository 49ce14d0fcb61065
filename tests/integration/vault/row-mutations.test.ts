import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { Secret } from "#lib/secret.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { collection } from "#lib/vault/collection.ts";
import { presentKey } from "#lib/vault/present-key.ts";
import { openStoredRows, rowForm } from "#lib/vault/row-form.ts";
import type { RowState } from "#lib/vault/row-state.ts";
import { type RowPlace, type RowServer, startRowServer } from "#tests/support/row-vaults.ts";
import { value } from "#tests/support/scratch-vault.ts";

/** `ROUNDS=20000` is the full run. */
const rounds = Number(process.env.ROUNDS ?? 200);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

interface Row {
  store: string;
  kind: string;
  id: string;
  rev: string;
  at: string;
  body: string;
}
interface Head {
  store: string;
  rev: string;
  body: string;
}
/** All that lies in the tables: what an administrator sees, and may change at will. */
interface Tables {
  heads: Head[];
  rows: Row[];
}

let server: RowServer;
let place: RowPlace;
let admin: Client;
/** The tables after each commit, the present ones last; and those of another vault, opened with the same key. */
const past: Tables[] = [];
let other: Tables;
/** What a console knew that has not looked since. */
let earlier: RowState;

const titled = z.strictObject({ title: z.string() });

beforeAll(async () => {
  server = await startRowServer();
  place = await server.place();
  const { socketFolder: host, port } = server.server;
  admin = new Client({ host, port, user: "postgres", database: "vault", password: "", ssl: false });
  await admin.connect();
  const vault = await place.open();
  const [notes, people] = [collection(vault, "note", titled), collection(vault, "user", titled)];
  const keep = async () => past.push(await tablesIn(place.schema));
  for (const id of ["a", "b", "c", "d"]) {
    const secrets = { password: new Secret(`of ${id}`), token: new Secret(`t ${id}`) };
    value(await notes.create({ id, meta: { title: id }, secrets }));
    value(await people.create({ id, meta: { title: id }, secrets }));
    await keep();
  }
  value(await notes.update("a", 1, { meta: { title: "A" }, secrets: { password: new Secret("new") } }));
  await keep();
  value(await people.remove("b"));
  await keep();
  earlier = await stateNow();
  value(await notes.update("a", 2, { meta: { title: "AA" } }));
  value(await notes.remove("c"));
  value(await notes.create({ id: "e", meta: { title: "e" } }));
  await keep();

  const elsewhere = await server.place();
  const theirs = collection(await elsewhere.open(), "note", titled);
  for (const id of ["a", "b"]) value(await theirs.create({ id, meta: { title: "other" } }));
  other = await tablesIn(elsewhere.schema);
});
afterAll(async () => {
  await admin.end();
  await server.stop();
});

test(`what an administrator changes in the tables is refused or changes nothing (seed ${seed})`, {
  timeout: 60_000 + rounds * 100,
}, async () => {
  const random = randomOf(seed);
  const truth = said(await stateNow());
  const key = await place.key();
  const store = place.store();
  const seen: Record<string, number> = {};
  const unseen: string[] = [];
  let changed = 0;
  let sameAnswer = 0;
  while (changed < rounds) {
    const tables = structuredClone(now());
    const done = Array.from({ length: random(8) === 0 ? 2 : 1 }, () => mutate(tables, random));
    if (JSON.stringify(tables) === JSON.stringify(now())) continue;
    if (!(await lay(tables))) continue;
    changed += 1;
    const fresh = await openStoredRows(store, key);
    const running = await rowForm(store, presentKey(key, keySource(place.setup.key)), earlier).look();
    const answers = [
      fresh.ok ? said(fresh.value.state) : fresh.problem.code,
      running.ok ? saidOf(running.value) : running.problem.code,
    ];
    for (const answer of answers) {
      if (answer === truth) sameAnswer += 1;
      else if (/^vault-(damaged|rolled-back|other-store|wrong-key|newer-version)$/.test(answer)) {
        seen[answer] = (seen[answer] ?? 0) + 1;
      } else unseen.push(`${done.join(" + ")}: ${answer.slice(0, 60)}`);
    }
  }
  await lay(now());
  expect(unseen).toEqual([]);
  if (process.env.ROUNDS !== undefined) console.log({ rounds, seed, sameAnswer, seen });
  expect(seen["vault-damaged"]).toBeGreaterThan(rounds / 2);
  expect(said(await stateNow())).toBe(truth);

  // The whole of an earlier revision, put back, is told by what the host remembers.
  for (const tables of past.slice(0, -1)) {
    await lay(tables);
    const outcome = await openStoredRows(place.store(), key);
    expect(outcome.ok ? "" : outcome.problem.code).toBe("vault-rolled-back");
  }
  await lay(now());
  value(await openStoredRows(place.store(), key));
});

type Random = (below: number) => number;
type Mutation = (tables: Tables, random: Random) => void;

/** What an administrator may think of. Each changes the tables in place. */
const mutations: Readonly<Record<string, Mutation>> = {
  "swap bodies": swap("body"),
  "swap ids": swap("id"),
  "swap kinds": swap("kind"),
  "swap times": swap("at"),
  "swap revisions": swap("rev"),
  remove: ({ rows }, random) => void rows.splice(random(rows.length), 1),
  "remove several": (tables, random) => {
    tables.rows = tables.rows.filter(() => random(3) > 0);
  },
  double: ({ rows }, random) => {
    const row = pick(rows, random);
    const names = { ids: ["z", "b", "c"], kinds: ["note", "user", "grants"] };
    rows.push({ ...row, id: pick(names.ids, random), kind: pick(names.kinds, random) });
  },
  "older row": ({ rows }, random) => replay(rows, random, (_, old) => old),
  "older row, as of now": ({ rows }, random) =>
    replay(rows, random, (row, old) => ({ ...old, at: row.at, rev: random(2) === 0 ? row.rev : old.rev })),
  "some older rows": (tables, random) => {
    const old = pick(past, random).rows;
    tables.rows = tables.rows.map((row) =>
      random(2) === 0 ? row : { ...(old.find((one) => isSameKey(one, row)) ?? row) },
    );
  },
  "older rows under the head": (tables, random) => {
    tables.rows = structuredClone(pick(past, random).rows);
  },
  "older head": (tables, random) => {
    tables.heads = structuredClone(pick(past, random).heads);
  },
  "older head, as of now": ({ heads }, random) => {
    const head = headOf(heads);
    head.body = headOf(pick(past, random).heads).body;
  },
  "older head and rows, renumbered": (tables, random) => {
    const { rev } = headOf(tables.heads);
    Object.assign(tables, structuredClone(pick(past, random)));
    headOf(tables.heads).rev = String(Number(rev) + random(2));
  },
  "row of another vault": ({ heads, rows }, random) => {
    const { store } = headOf(heads);
    const row = { ...pick(other.rows, random), store };
    const at = rows.findIndex((one) => isSameKey(one, row));
    rows.splice(Math.max(at, 0), at < 0 ? 0 : 1, row);
  },
  "head of another vault": ({ heads }) => {
    headOf(heads).body = headOf(other.heads).body;
  },
  "another vault": (tables) => {
    tables.heads = tables.heads.filter(({ rev }) => rev !== "0").concat(structuredClone(other.heads));
    tables.rows.push(...structuredClone(other.rows));
  },
  "edit body": ({ rows }, random) => {
    const row = pick(rows, random);
    row.body = edited(row.body, random);
  },
  "edit revision": ({ rows }, random) => {
    const row = pick(rows, random);
    row.rev = String(Number(row.rev) + random(5) - 2);
  },
  "edit time": ({ rows }, random) => {
    const row = pick(rows, random);
    row.at = String(pick([Number(row.at) + random(5) - 2, 0, 99, -1], random));
  },
  "edit head": ({ heads }, random) => {
    const head = headOf(heads);
    head.body = edited(head.body, random);
  },
  "edit head's revision": ({ heads }, random) => {
    const head = headOf(heads);
    head.rev = String(Number(head.rev) + random(7) - 3);
  },
  "member of the head": ({ heads }, random) => {
    const head = headOf(heads);
    const json = JSON.parse(head.body);
    const from = JSON.parse(headOf(random(3) === 0 ? other.heads : pick(past, random).heads).body);
    const name = pick(Object.keys(json), random);
    if (random(4) === 0) delete json[name];
    else json[name] = random(4) === 0 ? json[name] + 1 : from[name];
    head.body = JSON.stringify(json);
  },
  "box in another place": ({ rows }, random) => {
    const [from, to] = [pick(rows, random), pick(rows, random)];
    const [a, b] = [JSON.parse(from.body), JSON.parse(to.body)];
    if (a.meta === undefined || b.meta === undefined) return;
    const act = random(4);
    if (act === 0) b.meta = a.meta;
    else if (act === 1) b.secrets = a.secrets;
    else if (act === 2) b.secrets = { ...b.secrets, token: a.secrets.password ?? a.meta };
    else b.secrets = {};
    to.body = JSON.stringify(b);
  },
  "other order": ({ rows }, random) => {
    const row = pick(rows, random);
    const json = JSON.parse(row.body);
    row.body = JSON.stringify({ ...json, order: random(12) });
  },
  "bury a record": ({ heads, rows }, random) => {
    const row = pick(rows, random);
    const tomb = rows.find(({ body }) => body.startsWith('{"removed"'));
    row.body = random(2) === 0 ? (tomb?.body ?? "") : JSON.stringify({ removed: random(1000) });
    row.at = pick([row.at, tomb?.at ?? row.at, headOf(heads).rev], random);
  },
  "dig one up": ({ rows }, random) => {
    for (const row of rows) {
      if (!row.body.startsWith('{"removed"')) continue;
      const old = pick(past, random).rows.find((one) => isSameKey(one, row));
      if (old !== undefined) Object.assign(row, { ...old, at: random(2) === 0 ? row.at : old.at });
    }
  },
  "take a tombstone away": (tables, random) => {
    tables.rows = tables.rows.filter(({ body }) => !body.startsWith('{"removed"') || random(2) === 0);
  },
  "spell it otherwise": ({ heads, rows }, random) => {
    const it = random(3) === 0 ? headOf(heads) : pick(rows, random);
    const spellings = [` ${it.body}`, it.body.replace(":", ": "), it.body.replace("{", '{"v":1,'), ""];
    it.body = pick(spellings, random);
  },
  "take everything": (tables, random) => {
    if (random(2) === 0) tables.heads = [];
    else tables.rows = [];
  },
};

function mutate(tables: Tables, random: Random): string {
  const [name, mutation] = pick(Object.entries(mutations), random);
  try {
    mutation(tables, random);
  } catch (error) {
    // The one before it left nothing that this one could be done to.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
  }
  return name;
}

function swap(column: "body" | "id" | "kind" | "at" | "rev"): Mutation {
  return ({ rows }, random) => {
    const [one, two] = [pick(rows, random), pick(rows, random)];
    [one[column], two[column]] = [two[column], one[column]];
  };
}

function replay(rows: Row[], random: Random, make: (row: Row, old: Row) => Row): void {
  const row = pick(rows, random);
  const olds = past.flatMap((tables) => tables.rows.filter((old) => isSameKey(old, row)));
  Object.assign(row, make(row, pick(olds, random)));
}

function edited(text: string, random: Random): string {
  const at = random(text.length);
  const letter = pick([...'Aa0_-"{}:,'], random);
  const act = random(3);
  return text.slice(0, at) + (act === 0 ? "" : letter) + text.slice(act === 1 ? at : at + 1);
}

function isSameKey(one: Row, two: Row): boolean {
  return one.kind === two.kind && one.id === two.id;
}

function headOf(heads: Head[]): Head {
  const head = heads.find(({ rev }) => rev !== "0");
  if (head === undefined) throw new RangeError("there is no head");
  return head;
}

function pick<T>(items: readonly T[], random: Random): T {
  const item = items[random(items.length)];
  if (item === undefined) throw new RangeError("nothing to pick from");
  return item;
}

/** The same numbers for a seed (mulberry32). */
function randomOf(from: number): Random {
  let state = from;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

function now(): Tables {
  const tables = past.at(-1);
  if (tables === undefined) throw new RangeError("nothing was kept");
  return tables;
}

async function stateNow(): Promise<RowState> {
  return value(await openStoredRows(place.store(), await place.key())).state;
}

const said = ({ snapshot }: RowState) => saidOf(snapshot);

/** All that a vault says, in the order in which it says it. */
function saidOf({ document }: RowState["snapshot"]): string {
  return JSON.stringify([document.storeId, document.rev, document.slots, document.records]);
}

async function tablesIn(schema: string): Promise<Tables> {
  const heads = await admin.query<Head>(`select store, rev, body from ${schema}.cloak_head order by rev`);
  const rows = await admin.query<Row>(
    `select store, kind, id, rev, at, body from ${schema}.cloak_record order by at, kind, id`,
  );
  return { heads: heads.rows, rows: rows.rows };
}

/** @returns false for what the tables themselves do not take */
async function lay({ heads, rows }: Tables): Promise<boolean> {
  const { schema } = place;
  await admin.query("begin");
  try {
    await admin.query(`delete from ${schema}.cloak_head`);
    await admin.query(`delete from ${schema}.cloak_record`);
    await admin.query(
      `insert into ${schema}.cloak_head select * from unnest($1::text[], $2::bigint[], $3::text[])`,
      [heads.map(({ store }) => store), heads.map(({ rev }) => rev), heads.map(({ body }) => body)],
    );
    await admin.query(
      `insert into ${schema}.cloak_record
       select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[])`,
      (["store", "kind", "id", "rev", "at", "body"] as const).map((name) => rows.map((row) => row[name])),
    );
    await admin.query("commit");
    return true;
  } catch (error) {
    await admin.query("rollback");
    if (error instanceof Error && "code" in error && error.code === "23505") return false;
    throw error;
  }
}
