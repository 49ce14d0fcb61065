import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { after as beyond, blocks, keyOrder, orderBy, pageRows, reversed } from "#lib/browse/page-query.ts";
import { pagedTable } from "#lib/browse/paged-table.ts";
import type { SortColumn, Value } from "#lib/browse/shapes.ts";
import { built, sql } from "#lib/browse/sql-text.ts";
import { mostExpected } from "#lib/browse/table-page.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { Browsing } from "#tests/support/browsing.ts";

let server: SampleServer;
let browsing: Browsing;

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password: "secret" }],
    settings: { datestyle: "German", intervalstyle: "iso_8601", bytea_output: "escape" },
    fill: {
      postgres: `
        create table item (id bigint primary key, name text, amount numeric, at timestamptz);
        insert into item select n, case when n % 3 = 0 then null else 'n' || n % 7 end, n % 5,
          timestamptz '2026-01-01 00:00:00.123456+00' + n * interval '1 hour' from generate_series(1, 1000) n;
        create table heap (a int, b text);
        insert into heap select n, repeat('x', n % 50) from generate_series(1, 3000) n;
        create view shown as select * from item where id <= 250;
        create view wide as select id, ${Array.from({ length: 800 }, (_, at) => `repeat('x', 4000) as c${at}`).join(", ")}
          from item where id <= 30;
        create materialized view kept as select * from item;
        create table parted (k int, v text) partition by list (k);
        create table parted_1 partition of parted for values in (1);
        create table parted_2 partition of parted for values in (2);
        insert into parted select 1 + n % 2, 'v' || n from generate_series(1, 700) n;
        create table odd (
          id int primary key, long text, bytes bytea, fixed char(5), net inet, many text[], doc jsonb, "Öd ""d" int, empty text
        );
        insert into odd values (1, repeat('é', 5000), decode(repeat('ab', 3000), 'hex'), 'a', '10.0.0.1',
          array_fill('abcdefghij'::text, array[1000]), '{"b": 1,  "a": 2}', 7, '');
        create table big (id int primary key, amount numeric not null, note text, kind int not null);
        insert into big select n, n * 7919 % 1000, case when n % 3 > 0 then 'n' || n * 31 % 500 end, n % 4
          from generate_series(1, 20000) n;
        create index on big (amount, id);
        create index on big (note, id);
        create index on big (kind, amount desc, id desc);
        create index on big (amount);
        create type pair as (a int, b text);
        create table pairs (id int primary key, p pair);
        create table found (id int primary key, k0 int); insert into found select n, -n from generate_series(1, 300) n;
        insert into pairs values (1, null), (2, '(,)'), (3, '(1,)'), (4, '(1,a)');
        create index on pairs (p, id);
        create table empty (id int primary key);
        grant select on all tables in schema public to app;
        create table secret (id int primary key, hidden text, open text);
        insert into secret values (1, 'h', 'o');
        grant select (id, open) on secret to app;
        analyze;
      `,
    },
  });
  browsing = new Browsing({ port: server.port });
});
afterAll(async () => {
  browsing?.close();
  await server?.stop();
});

const ofItem = { schema: "public", table: "item" };
const ids = (pages: readonly { readonly rows: readonly (readonly (string | null)[])[] }[]) =>
  pages.flatMap(({ rows }) => rows.map(([id]) => Number(id)));
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe("by key", () => {
  test("the first page, with what is around it", async () => {
    const page = await browsing.page(ofItem);
    expect(page).toMatchObject({
      order: { by: "key", columns: [{ column: "id", descending: false }] },
      before: null,
      after: { by: "key", values: ["100"], rows: 100 },
      position: { rows: 0, exact: true },
      estimate: 1000,
      cut: [],
    });
    expect(page.rows).toHaveLength(100);
    expect(page.rows[0]).toEqual(["1", "n1", "1", "2026-01-01 01:00:00.123456+00"]);
    expect(page.identities[0]).toEqual({
      key: ["1"],
      place: { tableoid: expect.stringMatching(/^\d+$/), ctid: "(0,1)" },
      version: expect.stringMatching(/^\d+$/),
    });
    expect(page.columns.map(({ name, type, numeric }) => [name, type, numeric])).toEqual([
      ["id", "bigint", true],
      ["name", "text", false],
      ["amount", "numeric", true],
      ["at", "timestamp with time zone", false],
    ]);
  });

  test("there and back again", async () => {
    expect(ids(await browsing.walk({ ...ofItem, size: 130 }, "after"))).toEqual(upTo(1000));
    expect(ids(await browsing.walk({ ...ofItem, size: 130 }, "before"))).toEqual(upTo(1000));
  });

  test("the last page, a key, and the same page again", async () => {
    const last = await browsing.page({ ...ofItem, at: { to: "last" } });
    expect(ids([last])).toEqual(upTo(1000).slice(900));
    expect(last).toMatchObject({ after: null, position: { rows: 900, exact: false } });
    const found = await browsing.page({ ...ofItem, at: { to: "key", values: ["700"] }, size: 3 });
    expect(ids([found])).toEqual([700, 701, 702]);
    expect(found.position?.exact).toBe(false);
    expect(Math.abs((found.position?.rows ?? 0) - 699)).toBeLessThan(20);
    if (found.before === null) throw new Error("no mark");
    const again = await browsing.page({ ...ofItem, at: { to: "from", mark: found.before }, size: 3 });
    expect(again.rows).toEqual(found.rows);
  });

  test("the zone of the person, and whatever the database prefers", async () => {
    const page = await browsing.page({ ...ofItem, size: 1, timeZone: "Asia/Taipei" });
    expect(page.rows[0]?.[3]).toBe("2026-01-01 09:00:00.123456+08");
    expect(await browsing.try({ ...ofItem, timeZone: "No/Where" })).toMatchObject({
      ok: false,
      problem: { trouble: { sqlstate: "22023" } },
    });
  });

  test("an empty table, and a mark beyond the end", async () => {
    expect(await browsing.page({ schema: "public", table: "empty" })).toMatchObject({
      rows: [],
      before: null,
      after: null,
      estimate: 0,
    });
    const mark = { by: "key", values: ["1000"] } as const;
    const empty = await browsing.page({ ...ofItem, size: 2, at: { to: "after", mark } });
    expect(empty).toMatchObject({ rows: [], after: null, before: { values: ["1000"], included: true } });
    if (empty.before === null) throw new Error("no way back");
    const back = await browsing.page({ ...ofItem, size: 2, at: { to: "before", mark: empty.before } });
    expect(ids([back])).toEqual([999, 1000]);
    const gone = await browsing.page({ ...ofItem, size: 2, at: { to: "key", values: ["5000"] } });
    expect(ids([gone])).toEqual([999, 1000]);
    const none = await browsing.page({
      ...ofItem,
      at: { to: "before", mark: { by: "key", values: ["1"] } },
    });
    expect(none).toMatchObject({ rows: [], before: null, after: { values: ["1"], included: true } });
  });
});

test.each(["heap", "parted", "kept"])("%s, without a key, lies as it is stored", async (table) => {
  const there = await browsing.walk({ schema: "public", table }, "after");
  const back = await browsing.walk({ schema: "public", table }, "before");
  expect(there[0]?.order).toEqual({ by: "storage" });
  expect(there.length).toBeGreaterThan(2);
  const [{ count } = {}] = await server.admin(`select count(*)::int from ${table}`);
  const placesOf = (pages: typeof there) =>
    pages.flatMap(({ identities }) => identities.map(({ place }) => `${place?.tableoid} ${place?.ctid}`));
  expect(placesOf(there)).toHaveLength(count as number);
  expect(new Set(placesOf(there)).size).toBe(count);
  expect(placesOf(back)).toEqual(placesOf(there));
  expect(there.at(-1)?.position).toMatchObject({ exact: true });
});

test("a view is numbered", async () => {
  const pages = await browsing.walk({ schema: "public", table: "shown" }, "after");
  expect(ids(pages).sort((a, b) => a - b)).toEqual(upTo(250));
  expect(pages[0]).toMatchObject({
    order: { by: "number", columns: [] },
    position: { rows: 0, exact: true },
  });
  expect(pages[0]?.identities[0]).toEqual({
    key: null,
    place: null,
    version: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  const last = await browsing.page({ schema: "public", table: "shown", at: { to: "last" }, size: 20 });
  expect(last.position).toEqual({ rows: 230, exact: true });
});

test.each([100, 60, 20])(
  "a view is walked back to its first row by %i rows, each of them once",
  async (size) => {
    const ordered = { schema: "public", table: "shown", size, sort: [{ column: "id", descending: false }] };
    const back = await browsing.walk(ordered, "before");
    expect(ids(back)).toEqual(upTo(250));
    const starts = back.map(({ position }) => position?.rows);
    expect(starts).toEqual(
      back.map((_, at) => back.slice(0, at).reduce((sum, { rows }) => sum + rows.length, 0)),
    );
  },
);

test("rows of a view that are too long for one page are all there, whichever way it is walked", async () => {
  const ordered = { schema: "public", table: "wide", size: 25, sort: [{ column: "id", descending: false }] };
  for (const way of ["after", "before"] as const) {
    const pages = await browsing.walk(ordered, way);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages[0]?.rows.length).not.toBe(25);
    expect(ids(pages)).toEqual(upTo(30));
  }
});

test("a view that is opened first does not hide what tables of the same session have", async () => {
  const fresh = new Browsing({ port: server.port });
  try {
    await fresh.page({ schema: "public", table: "shown" });
    const [heap, item] = [
      await fresh.page({ schema: "public", table: "heap" }),
      await fresh.page({ schema: "public", table: "item" }),
    ];
    expect(heap.order).toEqual({ by: "storage" });
    const lies = { tableoid: expect.stringMatching(/^\d+$/), ctid: "(0,1)" };
    expect(item.identities[0]).toEqual({ key: ["1"], place: lies, version: expect.stringMatching(/^\d+$/) });
  } finally {
    fresh.close();
  }
});

test("long values are cut, and say so; others are as the server writes them", async () => {
  const page = await browsing.page({ schema: "public", table: "odd" });
  const [id, long, bytes, fixed, net, many, doc, odd, empty] = page.rows[0] ?? [];
  expect([id, fixed, net, doc, odd, empty]).toEqual(["1", "a    ", "10.0.0.1", '{"a": 2, "b": 1}', "7", ""]);
  expect(long).toBe("é".repeat(4096));
  expect(bytes).toBe(`\\x${"ab".repeat(2048)}`);
  expect(many).toHaveLength(4096);
  expect(page.cut).toEqual([
    { row: 0, column: 1, length: 5000 },
    { row: 0, column: 2, length: 3000 },
    { row: 0, column: 5, length: 11_001 },
  ]);
});

test("columns that may not be read are left out", async () => {
  const page = await browsing.page({ schema: "public", table: "secret" });
  expect(page.columns.map(({ name }) => name)).toEqual(["id", "open"]);
  expect(page.rows).toEqual([["1", "o"]]);
  expect(page.identities).toEqual([{ key: ["1"], place: null, version: null }]);
});

test("what is sorted alone is put together again, whatever it is called", async () => {
  const sort = [{ column: "k0", descending: false }];
  const pages = await browsing.walk({ schema: "public", table: "found", sort, size: 70 }, "after");
  expect(ids(pages)).toEqual(upTo(300).reverse());
  expect(pages[0]?.identities[0]).toMatchObject({ key: ["300"], version: expect.stringMatching(/^\d+$/) });
});

test("a composite value whose fields are all NULL is a value", async () => {
  const ofPairs = { schema: "public", table: "pairs", size: 1 };
  const sort = [{ column: "p", descending: false }];
  expect(ids(await browsing.walk({ ...ofPairs, sort }, "after"))).toEqual([4, 3, 2, 1]);
  const filtered = async (operator: "null" | "not-null") =>
    ids([await browsing.page({ ...ofPairs, filters: [{ column: "p", operator }], size: 9 })]);
  expect(await filtered("null")).toEqual([1]);
  expect(await filtered("not-null")).toEqual([2, 3, 4]);
});

describe("a filter", () => {
  const filtered = (filters: NonNullable<Parameters<Browsing["page"]>[0]["filters"]>, where = "") =>
    browsing.try({ ...ofItem, filters, where, size: 1000 });
  const numberOf = async (...given: Parameters<typeof filtered>) => {
    const page = await filtered(...given);
    return page.ok ? page.value.rows.length : page.problem;
  };

  test.each([
    ["id", "=", "7", 1],
    ["id", "<>", "7", 999],
    ["id", "<", "7", 6],
    ["id", ">=", "7", 994],
    ["id", "in", "7\n8\n5000", 2],
    ["id", "contains", "99", 19],
    ["name", "like", "n1%", 96],
    ["name", "ilike", "N1", 96],
    ["name", "contains", "%", 0],
    ["name", "null", undefined, 333],
    ["name", "not-null", undefined, 667],
    ["at", "<=", "2026-01-01 02:00:00.123456+00", 2],
  ] as const)("%s %s %j", async (column, operator, value, rows) => {
    expect(await numberOf([{ column, operator, ...(value === undefined ? {} : { value }) }])).toBe(rows);
  });

  test("with an expression of the person's own", async () => {
    expect(await numberOf([{ column: "id", operator: "<", value: "100" }], "item.amount = 2 -- so")).toBe(20);
  });

  test.each([
    [
      [
        { column: "name", operator: "=", value: "x" },
        { column: "id", operator: "=", value: "y" },
      ],
      "",
      1,
    ],
    [[{ column: "at", operator: "=", value: "soon" }], "", 0],
    [
      [
        { column: "id", operator: "like", value: "1" },
        { column: "nothing", operator: "=", value: "1" },
      ],
      "",
      1,
    ],
    [[{ column: "id", operator: "<", value: "10" }], "nothing = 1", "where"],
    [[], "1 / (id - 5) = 1", null],
    [[], "id", "where"],
  ] as const)("%j %j is told where it is wrong", async (filters, where, filter) => {
    expect(await numberOf([...filters], where)).toMatchObject({ why: "trouble", trouble: { filter } });
  });

  test("tells about how many rows it leaves", async () => {
    const page = await browsing.page({
      ...ofItem,
      filters: [{ column: "amount", operator: "=", value: "2" }],
      size: 5,
    });
    expect(page.estimate).toBe(200);
  });
});

describe("an expression of the person's own", () => {
  test.each([
    "true) or (true",
    "true] or array[true",
    "true) or (array[true]",
    "true /*",
    "true */ or /* true",
    "'",
    "' = ''",
    "true --\n) or (true",
    "$$",
    "$1 = '1'",
    "id = $1",
    'true or "',
    "E'\\",
    "true; select 1",
    "true) union select * from heap --",
    "select true",
    "true, false",
    "true order by 1",
    "true limit 1",
    "true) limit all; drop table item; --",
    "",
  ])("%j never leaves its parentheses", async (where) => {
    const page = await browsing.try({
      ...ofItem,
      filters: [{ column: "id", operator: "=", value: "1" }],
      where,
    });
    if (where === "") expect(page).toMatchObject({ ok: true });
    else expect(page).toMatchObject({ ok: false, problem: { trouble: { filter: "where" } } });
  });

  test.each([
    "nextval('s') > 0",
    "pg_advisory_lock(77) is not null",
    "set_config('search_path', 'x', false) = 'x'",
  ])("%s writes nothing, and leaves nothing", async (where) => {
    await server.admin("create sequence if not exists s; grant usage on s to app");
    await browsing.try({ ...ofItem, where, size: 1 });
    const session = await browsing.session();
    const { rows } = await session.connection.client.query(
      "select current_setting('search_path') as path, (select count(*) from pg_locks where locktype = 'advisory') as locks",
    );
    session.release();
    expect(rows).toEqual([{ path: '"$user", public', locks: "0" }]);
    expect(await server.admin("select is_called from s")).toEqual([{ is_called: false }]);
  });
});

describe("the server's own plan", () => {
  interface Node {
    readonly "Node Type": string;
    readonly "Index Cond"?: string;
    readonly "TID Cond"?: string;
    readonly Plans?: readonly Node[];
  }
  const every = (node: Node): readonly Node[] => [node, ...(node.Plans ?? []).flatMap(every)];

  async function plansOf(table: string, sort: readonly SortColumn[], mark: readonly Value[]) {
    const facts = await browsing.facts("public", table);
    const paged = pagedTable(facts, { xmin: true, place: true, plans: true });
    const order = keyOrder(paged, sort);
    const conditions =
      order === null
        ? [blocks(paged, facts.oid, 3, null)]
        : [sql`true`, ...beyond(paged, order, mark), ...beyond(paged, reversed(order), mark)];
    const plans: (readonly Node[])[] = [];
    for (const condition of conditions) {
      const rows = pageRows({
        table: paged,
        condition,
        order: orderBy(paged, order ?? []),
        limit: 101,
        whole: new Set(),
      });
      const { text, values } = built(sql`explain (format json) ${rows}`);
      const [row] = await server.admin(text, values);
      const [{ Plan: top }] = Object.values(row ?? {})[0] as [{ Plan: Node }];
      plans.push(every(top));
    }
    return plans;
  }
  const up = (column: string) => ({ column, descending: false });
  const down = (column: string) => ({ column, descending: true });

  test.each<readonly [string, readonly SortColumn[], readonly Value[]]>([
    ["the key", [], ["9000"]],
    ["an index with the key", [up("amount")], ["500", "9000"]],
    ["the same, down", [down("amount")], ["500", "9000"]],
    ["NULLs", [up("note")], ["n250", "9000"]],
    ["among NULLs", [up("note")], [null, "9000"]],
    ["NULLs first", [down("note")], [null, "9000"]],
    ["an index of two ways", [up("kind"), down("amount")], ["1", "500", "9000"]],
  ])("scans %s, and sorts nothing", async (_, sort, mark) => {
    for (const plan of await plansOf("big", sort, mark)) {
      const types = plan.map((node) => node["Node Type"]);
      expect(types).not.toContain("Seq Scan");
      expect(types).not.toContain("Sort");
      expect(types.some((type) => /^Index/.test(type))).toBe(true);
    }
  });

  test("begins at the mark", async () => {
    const [, forward, back] = await plansOf("big", [down("amount")], ["500", "9000"]);
    const conditionsOf = (plan: readonly Node[] = []) =>
      plan.map((node) => node["Index Cond"] ?? "").join("");
    expect(conditionsOf(forward)).toBe(
      "(ROW(big.amount, big.id) < ROW('500'::numeric, 9000))".replaceAll("big.", ""),
    );
    expect(conditionsOf(back)).toContain(">");
  });

  test("reads a range of blocks where there is no key", async () => {
    const [plan = []] = await plansOf("heap", [], []);
    expect(plan.map((node) => node["Node Type"])).toContain("Tid Range Scan");
  });
});

test("a plan that reads very much is asked about first", async () => {
  await server.admin("update pg_class set reltuples = 1e9, relpages = 10 where relname = 'heap'");
  try {
    const ask = { schema: "public", table: "heap", sort: [{ column: "b", descending: false }], size: 3 };
    const asked = await browsing.try(ask);
    if (asked.ok || asked.problem.why !== "trouble") throw new Error("it was not asked");
    expect(asked.problem.trouble.expected).toBeGreaterThan(mostExpected);
    expect((await browsing.page({ ...ask, evenIfLong: true })).rows).toHaveLength(3);
  } finally {
    await server.admin("analyze heap");
  }
});

test("a page that is not wanted any longer is ended on the server", async () => {
  const gone = new AbortController();
  const asked = browsing.try({ ...ofItem, where: "pg_sleep(60) is not null" }, gone.signal);
  await expect
    .poll(() =>
      server.admin(
        "select 1 from pg_stat_activity where query like '%pg_sleep(60)%' and state = 'active' and pid <> pg_backend_pid()",
      ),
    )
    .toHaveLength(1);
  gone.abort();
  expect(await asked).toEqual({ ok: false, problem: { why: "cancelled" } });
  expect(
    await server.admin(
      "select 1 from pg_stat_activity where query like '%pg_sleep(60)%' and state = 'active' and pid <> pg_backend_pid()",
    ),
  ).toEqual([]);
});
