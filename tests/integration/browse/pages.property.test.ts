import fc from "fast-check";
import { escapeIdentifier } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RowsAsk } from "#lib/browse/ask.ts";
import type { TablePage } from "#lib/browse/shapes.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { Browsing } from "#tests/support/browsing.ts";
import { hasSystemPostgres, startSystemPostgres } from "#tests/support/system-postgres.ts";

/** Tables made at random: whatever they are sorted by, their pages are what `ORDER BY` says in one go. */
const runs = Number(process.env.CLOAK_DB_TEST_RUNS ?? 12);
let server: Pick<SampleServer, "port" | "admin" | "stop">;
let browsing: Browsing;

const fill = `
  create type mood as enum ('sad', 'ok', 'happy');
  create domain small as int check (value < 100);
  create collation loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  create collation german (provider = icu, locale = 'de');
  create type pair as (a int, b text);`;

afterEach(async () => {
  browsing?.close();
  await server?.stop();
});

/** Few values each, so that many rows are equal in them. */
const types: Readonly<Record<string, readonly string[]>> = {
  integer: ["-1", "0", "7"],
  'text collate "C"': ["", " ", "a", "B", "é", "ß"],
  "text collate german": ["", "a", "A", "ä", "z"],
  "text collate loose": ["a", "A", "b"],
  "character(4)": ["a", "a   ", "b"],
  numeric: ["1", "1.0", "1.00", "NaN", "-5.5"],
  "double precision": ["0", "-0", "NaN", "Infinity", "0.1", "0.30000000000000004"],
  boolean: ["t", "f"],
  mood: ["sad", "ok", "happy"],
  small: ["1", "2"],
  date: ["2026-01-01", "infinity", "0044-03-15 BC"],
  timestamptz: ["2026-01-01 00:00:00.000001+00", "2026-01-01 00:00:00.000002+00", "-infinity"],
  interval: ["1 mon", "30 days", "720:00:00"],
  "integer[]": ["{}", "{1,NULL}", "{1,2}", "{1}"],
  jsonb: ["null", "1", '{"a": 1}', "[]"],
  pair: ["(1,a)", "(,)", "(1,b)"],
  regclass: ["pg_class", "pg_type"],
  bytea: ["\\x", "\\x00", "\\xff"],
  int4range: ["empty", "[1,3)", "[1,)"],
};

const typeNames = Object.keys(types);
const columnNames = ["c", 'q"uote', "Up per", "漢", "order"];

const column = fc.record({
  type: fc.constantFrom(...typeNames),
  nullable: fc.constantFrom(true, true, false),
  picks: fc.array(fc.nat({ max: 5 }), { minLength: 7, maxLength: 7 }),
});

const kinds = ["serial", "pair", "text", "unique", "none", "parted"] as const;

const given = fc.record({
  key: fc.constantFrom(...kinds),
  columns: fc.array(column, { minLength: 2, maxLength: 4 }),
  rows: fc.nat({ max: 90 }),
  size: fc.integer({ min: 1, max: 30 }),
  sort: fc.array(fc.record({ column: fc.nat({ max: 3 }), descending: fc.boolean() }), { maxLength: 3 }),
  isIndexed: fc.boolean(),
  /** What another does between two pages: deletes and inserts rows. */
  changes: fc.array(fc.record({ deletes: fc.nat(), inserts: fc.nat({ max: 3 }) }), { maxLength: 6 }),
});
type Given = typeof given extends fc.Arbitrary<infer T> ? T : never;

const literal = (value: string | null) => (value === null ? "null" : `'${value.replaceAll("'", "''")}'`);

interface Made {
  readonly name: string;
  readonly sort: readonly { readonly column: string; readonly descending: boolean }[];
  /** The columns that end the order, as the server is asked in one go. */
  readonly last: readonly string[];
  rowAt(index: number): string;
}

let made = 0;

async function make({ key, columns, rows, sort, isIndexed }: Given): Promise<Made> {
  const name = `t ${++made} "x"`;
  const table = escapeIdentifier(name);
  const own = columns.map((one, index) => ({ ...one, name: escapeIdentifier(columnNames[index] ?? "") }));
  const keys: Readonly<Record<(typeof kinds)[number], readonly [string, readonly string[]]>> = {
    serial: ["id int primary key", ["id"]],
    pair: ['id int, part text collate "C" not null, primary key (part, id)', ["part", "id"]],
    text: ["id int, part text collate german primary key", ["part"]],
    unique: ["id int not null, unique (id), part text unique", ["id"]],
    none: ["id int", ["ctid"]],
    parted: ["id int not null, part text, primary key (id)", ["id"]],
  };
  const [keySql, last] = keys[key];
  const columnsSql = own.map(
    ({ name: column, type, nullable }) => `${column} ${type}${nullable ? "" : " not null"}`,
  );
  const rowAt = (index: number) => {
    const values = own.map(({ type, nullable, picks }) => {
      const all = types[type] ?? [];
      const pick =
        ((picks[index % picks.length] ?? 0) + (index % 5) * (index % 3)) % (all.length + (nullable ? 1 : 0));
      return literal(all[pick] ?? null);
    });
    const names = own.map(({ name: column }) => column);
    const part = key === "serial" || key === "none" ? [] : [literal(`p${(index * 7919) % 100_003}`)];
    return `insert into ${table} (${["id", ...(part.length > 0 ? ["part"] : []), ...names].join(", ")}) values (${[index, ...part, ...values].join(", ")});`;
  };
  const wanted = sort
    .map(({ column: index, descending }) => ({ column: columnNames[index % own.length] ?? "", descending }))
    .filter(({ column: one }, index, all) => all.findIndex((other) => other.column === one) === index);
  await server.admin(`
    create table ${table} (${[keySql, ...columnsSql].join(", ")})${key === "parted" ? " partition by hash (id)" : ""};
    ${key === "parted" ? [0, 1].map((part) => `create table "${name.replaceAll('"', "")} ${part}" partition of ${table} for values with (modulus 2, remainder ${part});`).join("") : ""}
    ${Array.from({ length: rows }, (_, index) => rowAt(index * 10)).join("\n")}
    ${isIndexed && wanted.length > 0 ? `create index on ${table} (${wanted.map(({ column: one, descending }) => `${escapeIdentifier(one)}${descending ? " desc" : ""}`).join(", ")});` : ""}
    grant select on ${table} to app;`);
  return { name, sort: wanted, last, rowAt };
}

/** By `ORDER BY`, in one go: the ids. */
async function inOneGo({ name, sort, last }: Made): Promise<readonly number[]> {
  const descending = sort.at(-1)?.descending === true;
  const order = [
    ...sort.map((one) => `${escapeIdentifier(one.column)}${one.descending ? " desc" : ""}`),
    ...last.map((one) => `${one}${descending ? " desc" : ""}`),
  ];
  const rows = await server.admin(`select id from ${escapeIdentifier(name)} order by ${order.join(", ")}`);
  return rows.map(({ id }) => id as number);
}

const idsOf = (pages: readonly TablePage[]) =>
  pages.flatMap(({ rows, columns }) => {
    const place = columns.findIndex(({ name }) => name === "id");
    return rows.map((row) => Number(row[place]));
  });

describe.each([18, 15])("PostgreSQL %s", (version) => {
  // The newest comes with the tests; an older one is tried where the machine has it.
  const isHere = version === 18 || hasSystemPostgres(version);

  beforeEach(async () => {
    server =
      version === 18
        ? await startPostgres({ users: [{ name: "app", password: "secret" }], fill: { postgres: fill } })
        : await startSystemPostgres(version, fill);
    browsing = new Browsing({ port: server.port });
  });

  test.runIf(isHere)(
    "forward and back, every row once, in the order of one go",
    async () => {
      await fc.assert(
        fc.asyncProperty(given, async (asked) => {
          const table = await make(asked);
          const ask: RowsAsk = {
            schema: "public",
            table: table.name,
            size: asked.size,
            sort: [...table.sort],
          };
          const expected = await inOneGo(table);
          const there = await browsing.walk(ask, "after");
          expect(idsOf(there)).toEqual(expected);
          expect(idsOf(await browsing.walk(ask, "before"))).toEqual(expected);
          // Back from the middle, and the same page again.
          const middle = there[there.length >> 1];
          const before = there[(there.length >> 1) - 1];
          if (middle?.before != null && before !== undefined) {
            const again = await browsing.page({ ...ask, at: { to: "from", mark: middle.before } });
            expect(again.rows).toEqual(middle.rows);
            const previous = await browsing.page({ ...ask, at: { to: "before", mark: middle.before } });
            if (middle.order.by === "key") expect(previous.rows).toEqual(before.rows);
            else expect(idsOf([previous]).at(-1)).toBe(idsOf([before]).at(-1));
          }
          await server.admin(`drop table ${escapeIdentifier(table.name)}`);
        }),
        { numRuns: runs, interruptAfterTimeLimit: runs * 3_000 },
      );
    },
    runs * 10_000,
  );

  test.runIf(isHere)(
    "while others insert and delete, no row comes twice, and none that was left alone is missed",
    async () => {
      await fc.assert(
        fc.asyncProperty(given, fc.constantFrom("after" as const, "before" as const), async (asked, way) => {
          const table = await make(asked);
          const name = escapeIdentifier(table.name);
          const ask: RowsAsk = {
            schema: "public",
            table: table.name,
            size: asked.size,
            sort: [...table.sort],
          };
          const first = await inOneGo(table);
          const touched = new Set<number>();
          const met: number[] = [];
          let at: RowsAsk["at"] = { to: way === "after" ? "first" : "last" };
          for (let step = 0; ; step += 1) {
            const page = await browsing.page({ ...ask, at });
            met.push(...(way === "after" ? idsOf([page]) : idsOf([page]).reverse()));
            const mark = page[way];
            if (mark === null) break;
            at = { to: way, mark };
            const change = asked.changes[step];
            if (change === undefined) continue;
            const gone = first[change.deletes % Math.max(1, first.length)];
            if (gone !== undefined) touched.add(gone);
            const fresh = Array.from({ length: change.inserts }, (_, index) => step * 100 + index * 10 + 5);
            for (const id of fresh) touched.add(id);
            // A place that is free may be taken again: only a vacuum gives it back.
            await server.admin(
              `delete from ${name} where id = ${gone ?? -1}; ${fresh.map((id) => table.rowAt(id)).join("")}`,
            );
          }
          expect(new Set(met).size).toBe(met.length);
          const untouched = (ids: readonly number[]) => ids.filter((id) => !touched.has(id));
          expect(untouched(met)).toEqual(untouched(way === "after" ? first : [...first].reverse()));
          await server.admin(`drop table ${name}`);
        }),
        { numRuns: runs, interruptAfterTimeLimit: runs * 3_000 },
      );
    },
    runs * 10_000,
  );
});
