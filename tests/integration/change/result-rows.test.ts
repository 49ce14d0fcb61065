import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  alignedRows,
  columnsInGrid,
  whereOfKeys,
} from "#app/(console)/connections/[id]/result-edit/aligned-rows.ts";
import { resultTargets } from "#app/(console)/connections/[id]/result-edit/result-target.ts";
import { resultTables } from "#lib/browse/result-tables.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import type { Cell, Column } from "#lib/session/run-events.ts";
import { runStatement } from "#lib/session/run-statement.ts";
import { statement } from "#lib/session/statement.ts";
import { Changing } from "#tests/support/changing.ts";

let server: SampleServer;
let changing: Changing;

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password: "secret" }],
    fill: {
      postgres: `
        create table customer (id int primary key, name text not null, boss int references customer, at timestamptz default '2024-01-01');
        create table "Odd ""order" (customer int references customer, "no'1" text, total numeric, primary key (customer, "no'1"));
        create table loose (a int, b text);
        create view named as select id, name from customer;
        insert into customer values (1, 'Ann', null), (2, 'Bob', 1), (3, 'Cy', 1), (4, repeat('long ', 2000), 3);
        insert into "Odd ""order" values (1, E'a\\'b\\\\', 10), (1, 'c', 20), (2, 'c', 30);
        insert into loose values (1, 'x'); grant all on all tables in schema public to app`,
    },
  });
  changing = new Changing({ port: server.port });
});
afterAll(async () => {
  changing?.close();
  await server?.stop();
});

async function run(sql: string) {
  let columns: readonly Column[] = [];
  const rows: (readonly Cell[])[] = [];
  const session = await changing.browsing.session();
  const ask = { statement: statement(sql), readOnly: true, rowCap: 1_000, timeoutMs: 5_000 };
  for await (const event of runStatement(session, { ...ask, ...changing.browsing.control(session) })) {
    if (event.type === "columns") columns = event.columns;
    if (event.type === "rows") rows.push(...event.rows);
    if (event.type === "error") throw new Error(JSON.stringify(event));
  }
  const oids = [...new Set(columns.flatMap(({ from }) => from?.table ?? []))];
  const asking = await changing.browsing.session();
  const tables = await resultTables(asking.connection, oids);
  asking.release();
  if (!tables.ok) throw new Error(JSON.stringify(tables));
  return { columns, rows, ...resultTargets(columns, tables.value, rows) };
}

/** What of a result can be changed: the table, and the names of the columns as they stand in the grid. */
async function editable(sql: string) {
  const { targets, others, rows } = await run(sql);
  const found = [];
  for (const target of targets) {
    const page = await changing.browsing.page({
      ...target.table,
      where: whereOfKeys(target, rows) ?? "",
      size: rows.length,
    });
    const aligned = alignedRows(target, rows, page);
    const { inGrid, differing } = columnsInGrid(target, rows, aligned);
    const names = inGrid.map((at) => (at === undefined ? "-" : aligned.columns[at]?.name));
    const missing = aligned.held.identities.filter((one) => one === undefined).length;
    found.push({ table: target.table.table, names: names.join(), differing, missing });
  }
  return { found, others: others.map(({ why, missing }) => [why, ...missing].join(" ")) };
}

const whole = { differing: [], missing: 0 };

describe("what of a result can be changed", () => {
  test.each([
    ["select * from customer", [{ table: "customer", names: "id,name,boss,at", ...whole }], []],
    [
      "select upper(name), name as who, id from customer",
      [{ table: "customer", names: "-,name,id", ...whole }],
      [],
    ],
    // One side of a join is there once a row, the other is not.
    [
      'select o.*, c.id, c.name from "Odd ""order" o join customer c on c.id = o.customer',
      [{ table: 'Odd "order', names: "customer,no'1,total,-,-", ...whole }],
      ["repeated"],
    ],
    // Both sides are, where each is there once.
    [
      'select * from customer c join "Odd ""order" o on c.id = o.customer where o.total > 15',
      [
        { table: "customer", names: "id,name,boss,at,-,-,-", ...whole },
        { table: 'Odd "order', names: "-,-,-,-,customer,no'1,total", ...whole },
      ],
      [],
    ],
    // A row that an outer join has not found is nobody's.
    [
      "select c.id, l.b, c.name from (values (1), (9)) v (n) left join customer c on c.id = n left join loose l on l.a = n",
      [{ table: "customer", names: "id,-,name", differing: [], missing: 1 }],
      ["no-key"],
    ],
    [
      "with w as (select id, name from customer) select * from w where id < 3",
      [{ table: "customer", names: "id,name", ...whole }],
      [],
    ],
    // A table joined to itself: the names are another row's.
    [
      "select c.id, b.name from customer c join customer b on b.id = c.boss",
      [{ table: "customer", names: "id,-", differing: ["name"], missing: 0 }],
      [],
    ],
    ["select c.id, b.id from customer c join customer b on b.id = c.boss", [], ["twice"]],
    ["select name, boss from customer", [], ["key-missing id"]],
    [`select total, "no'1" from "Odd ""order"`, [], ["key-missing customer"]],
    ["select id from customer union all select id from customer", [], []],
    ["select * from loose", [], ["no-key"]],
    ["select * from named", [], ["kind"]],
    ["select count(*), boss from customer group by boss", [], ["key-missing id"]],
    ["select 1", [], []],
  ])("%s", async (sql, found, others) => {
    const told = await editable(sql);
    expect(told.found.sort((one, other) => one.table.localeCompare(other.table))).toEqual(found);
    expect(told.others).toEqual(others);
  });
});

test("a value that was changed since, or is written in another way, is not taken for the table's", async () => {
  const { targets, rows } = await run("select id, name from customer where id < 3");
  const [target] = targets;
  if (target === undefined) throw new Error("nothing can be changed");
  await server.admin("update customer set name = 'Bert' where id = 2");
  const page = await changing.browsing.page({ ...target.table, where: whereOfKeys(target, rows) ?? "" });
  expect(columnsInGrid(target, rows, alignedRows(target, rows, page)).differing).toEqual(["name"]);
  // A key in a form that is read as another day finds no row, rather than that day's.
  await server.admin(`create table day (d date primary key, n int); grant all on day to app;
    insert into day values ('2024-02-01', 1), ('2024-01-02', 2); alter role app set datestyle = 'German'`);
  changing.close();
  changing = new Changing({ port: server.port });
  const german = await editable("select * from day where n = 1");
  expect(german.found).toMatchObject([{ table: "day", missing: 1 }]);
  await server.admin("alter role app reset datestyle");
});

test("what is changed in it is the row that is shown, in the version that was read", async () => {
  const { targets, rows } = await run(
    'select c.name, o.total, o."no\'1", o.customer from "Odd ""order" o join customer c on c.id = o.customer order by 3, 1',
  );
  const target = targets.find(({ table }) => table.table === 'Odd "order');
  if (target === undefined) throw new Error("nothing can be changed");
  const { held } = alignedRows(
    target,
    rows,
    await changing.browsing.page({ ...target.table, where: whereOfKeys(target, rows) ?? "" }),
  );
  const [first] = held.identities;
  if (first === undefined) throw new Error("the row is not there");
  const page = { ...target.table, key: target.key };
  const change = { kind: "update", row: first, cells: [{ column: "total", value: "11" }] } as const;
  expect(await changing.apply(page, [change])).toMatchObject({ outcome: "applied" });
  expect(await server.admin(`select "no'1" as no, total::text from "Odd ""order" where total = 11`)).toEqual([
    { no: "a'b\\", total: "11" },
  ]);
  expect(await changing.apply(page, [change])).toMatchObject({ outcome: "conflict" });
});
