import { afterAll, beforeAll, expect, test } from "vitest";
import { lookUp } from "#lib/change/look-up.ts";
import type { Cell, LookUpAsk } from "#lib/change/shapes.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { Changing, insertOf, updateAt } from "#tests/support/changing.ts";

let server: SampleServer;
let changing: Changing;

beforeAll(async () => {
  server = await startPostgres({ users: [{ name: "app", password: "secret" }], fill: { postgres: fill } });
  changing = new Changing({ port: server.port });
});
afterAll(async () => {
  changing?.close();
  await server?.stop();
});

const fill = `
  create type mood as enum ('sad', 'ok', 'happy');
  create domain small as int check (value < 100);
  create domain short as varchar(3);
  create collation loosely (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  create domain loose as text collate loosely;
  create type pair as (a int, b text);`;

/** What is typed, and what is stored: the same where nothing else is told, `null` where the server refuses it. */
const typed: readonly (readonly [type: string, typed: Cell, stored?: string | null])[] = [
  ["varchar(3)", "abcdef", null],
  ["varchar(3)", "abc  ", "abc"],
  ["char(4)", "ab", "ab  "],
  ["char(4)", "ab  "],
  ["char(4)", "abcde", null],
  ["numeric(6,2)", "1.239", "1.24"],
  ["numeric(6,2)", "1.24"],
  ["numeric", "0.1000000000000000000000000000000000000001"],
  ["bigint", "9007199254740993"],
  ["bigint", "-9223372036854775808"],
  ["bigint", "9223372036854775808", null],
  ["double precision", "0.30000000000000004"],
  ["real", "16777217", "1.6777216e+07"],
  ["timestamp", "2026-01-02 03:04:05.123456"],
  ["timestamp(0)", "2026-01-02 03:04:05.6", "2026-01-02 03:04:06"],
  ["timestamptz", "2026-01-02 03:04:05.123456+00"],
  ["interval", "1 year 2 mons -3 days +04:05:06.789"],
  ["bytea", "\\x00ff"],
  ["bytea", "a\\000b", "\\x610062"],
  ["boolean", "true", "t"],
  ["boolean", null],
  ["text", ""],
  ["text", "NULL"],
  ["text", 'O\'Hara \\ "x" $1 %s'],
  ["text", null],
  ["text", { default: true }, "preset"],
  ["json", '{"a": [1,]}', null],
  ["json", '{"b":1,  "a":1, "a":2}'],
  ["jsonb", '{"b":1,"a":1}', '{"a": 1, "b": 1}'],
  ["xml", "<a>1</a>tail"],
  ["mood", "happy"],
  ["mood", "angry", null],
  ["small", "99"],
  ["small", "100", null],
  ["short", "abcd", null],
  ["integer[]", '{1,NULL,"3"}', "{1,NULL,3}"],
  ["text[]", '{"a,b","\\"",NULL,"NULL"}'],
  ["int4range", "[1,5]", "[1,6)"],
  ["pair", '(1,"a b")'],
  ["inet", "10.0.0.1/8"],
  ["uuid", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  ["bit(3)", "101"],
  ["bit(3)", "10", null],
  ["loose", "A"],
];

test("a value is stored as it was typed, or it is said how, or it is refused and nothing is stored", async () => {
  const columns = typed.map(
    ([type], index) => `c${index} ${type}${type === "text" ? " default 'preset'" : ""}`,
  );
  await server.admin(`create table typed (id int primary key, ${columns.join(", ")}); grant all on typed to app;
    insert into typed (id) select n from generate_series(0, ${typed.length - 1}) n`);
  const zone = { timeZone: "UTC" };
  const page = await changing.open("typed", zone);
  const textOf = ([, value, stored]: (typeof typed)[number]) => (stored === undefined ? value : stored);
  const taken = [...typed.entries()].filter(([, one]) => one[2] !== null);
  const refused = [...typed.entries()].filter(([, one]) => one[2] === null);
  for (const [index, [type, value]] of refused)
    for (const change of [
      updateAt(page, index, { [`c${index}`]: value }),
      insertOf({ id: "-1", [`c${index}`]: value }),
    ])
      expect([type, value, await changing.apply(page, [change], zone)]).toMatchObject([
        type,
        value,
        { outcome: "refused", change: 0 },
      ]);
  const before = await server.admin(
    "select count(*)::int as n, count(distinct xmin::text)::int as x from typed",
  );
  expect(before).toEqual([{ n: typed.length, x: 1 }]);

  const updates = taken.map(([index, [, value]]) => updateAt(page, index, { [`c${index}`]: value }));
  const inserts = taken.map(([index, [, value]]) =>
    insertOf({ id: String(1000 + index), [`c${index}`]: value }),
  );
  const answer = await changing.apply(page, [...updates, ...inserts], zone);
  if (answer.outcome !== "applied") throw new Error(JSON.stringify(answer));
  const expected = taken.map(([index, one]) => {
    const stored = textOf(one);
    const isTold = one[2] !== undefined && typeof one[1] === "string";
    return [one[0], stored, isTold ? [{ column: `c${index}`, typed: one[1], stored }] : []];
  });
  const told = answer.stored.map(({ row, differs }, at) => {
    const [index, one] = taken[at % taken.length] ?? [0, ["", null]];
    return [one[0], row?.values[index + 1], differs];
  });
  expect(told).toEqual([...expected, ...expected]);
  const after = await changing.open("typed", zone);
  expect(taken.map(([index]) => after.page.rows[index]?.[index + 1])).toEqual(
    expected.map(([, stored]) => stored),
  );
  expect(answer.stored[0]?.identity).toEqual(after.page.identities[taken[0]?.[0] ?? 0]);
});

const keys: Readonly<Record<string, readonly string[]>> = {
  bytea: ["\\x00", "\\x00ff", "\\x"],
  bigint: ["9007199254740992", "9007199254740993"],
  numeric: ["1.10", "9007199254740993.5"],
  timestamp: ["2026-01-01 00:00:00.000001", "2026-01-01 00:00:00.000002"],
  timestamptz: ["2026-03-29 01:00:00+00", "2026-03-29 00:59:59.999999+00"],
  "char(4)": ["a", "b   "],
  text: ["", " ", "a'b", "a\\b", "漢字", '"'],
  "varchar(5)": ["a", "A"],
  small: ["1", "2"],
  short: ["a", "abc"],
  mood: ["sad", "happy"],
  "integer[]": ["{}", "{1,NULL}", "{1}"],
  int4range: ["empty", "[1,3)", "(,)"],
  jsonb: ['{"a": 1}', "[]"],
  pair: ["(1,a)", "(,)"],
  "double precision": ["0.1", "0.30000000000000004", "NaN"],
  boolean: ["t", "f"],
  interval: ["1 mon", "31 days"],
  uuid: ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "00000000-0000-0000-0000-000000000000"],
  inet: ["10.0.0.1", "10.0.0.1/8"],
  name: ["a", "b"],
  '"char"': ["a", "b"],
  oid: ["0", "4294967295"],
  money: ["$1.00", "$2.00"],
  tstzrange: ['["2026-01-01 00:00:00+00","2026-01-02 00:00:00+00")'],
};

test("a row is found by its key, whatever that is, and without one by what was seen of it", async () => {
  const made = Object.entries(keys).map(([type, values], at) => {
    const rows = values.map((value, index) => `('${value.replaceAll("'", "''")}', ${index})`).join(", ");
    const filled = (name: string, key: string) =>
      `create table ${name} (k ${type}${key}, n int); insert into ${name} values ${rows}; grant all on ${name} to app;`;
    return { type, values, name: `k${at}`, sql: filled(`k${at}`, " primary key") + filled(`p${at}`, "") };
  });
  await server.admin(made.map(({ sql }) => sql).join(""));
  const zone = { timeZone: "Asia/Tokyo" };
  for (const { type, values, name } of made)
    for (const table of [name, name.replace("k", "p")]) {
      const page = await changing.open(table, zone);
      const changes = page.page.rows.map(([, n], row) => updateAt(page, row, { n: String(Number(n) + 100) }));
      const answer = await changing.apply(page, changes, zone);
      expect([type, answer]).toMatchObject([
        type,
        { outcome: "applied", stored: values.map(() => ({ differs: [] })) },
      ]);
      if (answer.outcome === "applied") await server.admin(`set timezone = 'Asia/Tokyo'; ${answer.undo}`);
      const numbers = await server.admin(`select n from ${table} order by n`);
      expect([type, numbers.map(({ n }) => n)]).toEqual([type, values.map((_, index) => index)]);
    }
});

test("what a reference may refer to is found by its key or the text beside it, fifty at a time", async () => {
  await server.admin(`create table cities (region char(2), id int, name text, secret text, primary key (region, id));
    insert into cities select 'eu', n, 'City ' || n, 'hidden' from generate_series(1, 120) n;
    insert into cities values ('us', 7, '100%_\\', 'hidden'), ('us', 8, null, 'hidden');
    grant select (region, id, name) on cities to app; create table dots (id bigint primary key); insert into dots values (1);
    grant select on dots to app;`);
  const { browsing } = changing;
  const look = async (table: string, ask: Omit<LookUpAsk, "schema" | "table">) => {
    const facts = await browsing.facts("public", table);
    const session = await browsing.session();
    const found = await lookUp(
      session,
      facts,
      { schema: "public", table, ...ask },
      browsing.control(session),
    );
    if (!found.ok) throw new Error(JSON.stringify(found.problem));
    return found.value;
  };
  const columns = ["region", "id"];
  const all = await look("cities", { columns, search: "" });
  expect(all).toMatchObject({ label: "name", more: true, rows: { length: 50 } });
  expect(all?.rows[0]).toEqual({ key: ["eu", "1"], label: "City 1" });
  expect((await look("cities", { columns, search: "city 11" }))?.rows.map(({ key }) => key[1])).toEqual([
    "11",
    ...Array.from({ length: 10 }, (_, index) => String(110 + index)),
  ]);
  // What means something to LIKE means itself here.
  expect((await look("cities", { columns, search: "%_\\" }))?.rows).toEqual([
    { key: ["us", "7"], label: "100%_\\" },
  ]);
  expect((await look("cities", { columns, search: "us" }))?.rows).toHaveLength(2);
  expect(await look("dots", { columns: ["id"], search: "1" })).toEqual({
    label: null,
    rows: [{ key: ["1"], label: null }],
    more: false,
  });
  expect(await look("cities", { columns: ["secret"], search: "" })).toBeNull();
  expect(await look("cities", { columns: ["missing"], search: "" })).toBeNull();
});
