import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { neighbourhood } from "#lib/browse/neighbourhood.ts";
import { foundRelations, openedSchema, relationSizes, relationTree } from "#lib/browse/relations.ts";
import { rowCount } from "#lib/browse/row-count.ts";
import type { Relation, RowIdentity } from "#lib/browse/shapes.ts";
import { tableDetail } from "#lib/browse/table-detail.ts";
import { wholeValue } from "#lib/browse/whole-value.ts";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { shopSchema } from "#lib/samples/shop-schema.ts";
import { warehouseSchema } from "#lib/samples/warehouse-schema.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import { Browsing } from "#tests/support/browsing.ts";

/** The demo's own database: what is in it is there to be tried. */
let server: SampleServer;
let browsing: Browsing;

beforeAll(async () => {
  const { user, password, database } = demoUser;
  server = await startPostgres({
    users: [{ name: user, password }],
    databases: [database],
    fill: { [database]: shopSchema + warehouseSchema },
  });
  browsing = new Browsing({ port: server.port, ...demoUser });
});
afterAll(async () => {
  browsing?.close();
  await server?.stop();
});

async function asked<T>(work: (session: PooledSession) => Promise<T>): Promise<T> {
  const session = await browsing.session();
  try {
    return await work(session);
  } finally {
    session.release();
  }
}

const names = (relations: readonly Relation[]) => relations.map(({ name }) => name);

describe("the tree", () => {
  test("has every schema with its number, and what is in the first of the search path", async () => {
    const tree = await asked(({ connection }) => relationTree(connection));
    if (!tree.ok) throw new Error(tree.trouble.message);
    const { schemas, searchPath, opened, total } = tree.value;
    expect(searchPath).toEqual(["public"]);
    expect(schemas.filter(({ system }) => !system).map(({ name }) => name)).toEqual(["public", "warehouse"]);
    expect(schemas.filter(({ system }) => system).map(({ name }) => name)).toEqual([
      "information_schema",
      "pg_catalog",
    ]);
    expect(opened?.schema).toBe("public");
    expect(opened?.relations).toHaveLength(schemas.find(({ name }) => name === "public")?.count ?? 0);
    expect(total).toBe(schemas.reduce((sum, { count }) => sum + count, 0));
    expect(names(opened?.relations ?? [])).toContain("order");
  });

  test("has partitions under their parent, and says what may not be read", async () => {
    const opened = await asked(({ connection }) => openedSchema(connection, "warehouse"));
    if (!opened.ok) throw new Error(opened.trouble.message);
    const { relations } = opened.value;
    expect(relations.find(({ name }) => name === "movement")).toEqual({
      kind: "partitioned",
      name: "movement",
      readable: true,
      partitions: 5,
    });
    expect(names(relations)).not.toContain("movement_2024");
    expect(relations.find(({ name }) => name === "wages")).toMatchObject({ kind: "table", readable: false });
  });

  test("is searched by a part of a name, the best first", async () => {
    const found = await asked(({ connection }) => foundRelations(connection, "ord"));
    if (!found.ok) throw new Error(found.trouble.message);
    expect(found.value.found[0]).toMatchObject({ schema: "public", name: "order" });
    for (const [search, name] of [
      ["warehouse.mov", "movement"],
      ["MOVEMENT_2024", "movement_2024"],
      ["%", null],
    ] as const) {
      const one = await asked(({ connection }) => foundRelations(connection, search));
      if (!one.ok) throw new Error(one.trouble.message);
      if (name === null) expect(one.value.found.every((relation) => relation.name.includes("%"))).toBe(true);
      else expect(names(one.value.found)).toContain(name);
    }
  });
});

test("sizes are told of those that are asked for, partitions with their parent", async () => {
  const told = await asked(({ connection }) =>
    relationSizes(connection, [
      ["public", "order"],
      ["warehouse", "movement"],
      ["warehouse", "low_stock"],
      ["warehouse", 'no "such" table'],
    ]),
  );
  if (!told.ok) throw new Error(told.trouble.message);
  const [own] = await server.admin(
    `select pg_total_relation_size('public.order')::text as "order",
            (select sum(pg_total_relation_size(relid))::text from pg_partition_tree('warehouse.movement')) as movement`,
    [],
    demoUser.database,
  );
  expect(told.value.sizes).toEqual([
    { schema: "public", name: "order", bytes: Number(own?.order) },
    { schema: "warehouse", name: "movement", bytes: Number(own?.movement) },
  ]);
});

describe("a table", () => {
  test("is told column by column", async () => {
    const { columns, key, kind, comment, estimate } = await browsing.facts("public", "order");
    expect({ key, kind, comment, estimate }).toEqual({
      key: ["id"],
      kind: "table",
      comment: expect.any(String),
      estimate: 50_000,
    });
    expect(columns.find(({ name }) => name === "state")).toMatchObject({
      type: "order_state",
      labels: ["open", "paid", "sent", "returned"],
      notNull: true,
    });
    expect(columns.find(({ name }) => name === "id")).toMatchObject({ generated: "identity-always" });
    const stock = await browsing.facts("warehouse", "stock");
    expect(stock.columns.find(({ name }) => name === "value")).toMatchObject({
      type: "numeric(14,2)",
      generated: "stored",
      default: expect.stringContaining("quantity"),
      comment: "Worked out by the server",
    });
    expect(stock.columns.find(({ name }) => name === "is_low")?.generated).toBe("virtual");
  });

  test.each([
    ["warehouse", "stock", ["site", "product_id"]],
    ["warehouse", "movement", ["id", "moved_on"]],
    ["warehouse", "log line", null],
    ["warehouse", "coupon", ["code"]],
    ["public", "revenue_by_month", null],
    ["warehouse", "stock_value", null],
  ])("%s.%s has the key %j", async (schema, table, key) => {
    expect((await browsing.facts(schema, table)).key).toEqual(key);
  });

  test("is told with its structure", async () => {
    const detailOf = async (schema: string, table: string) => {
      const facts = await browsing.facts(schema, table);
      const detail = await asked(({ connection }) => tableDetail(connection, facts));
      if (!detail.ok) throw new Error(detail.trouble.message);
      return detail.value;
    };
    const order = await detailOf("public", "order");
    expect(order.keys.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["primary", "check"]));
    expect(order.references).toContainEqual({
      name: "order_customer_id_fkey",
      columns: ["customer_id"],
      schema: "public",
      table: "customer",
      foreignColumns: ["id"],
      definition: "FOREIGN KEY (customer_id) REFERENCES public.customer(id)",
    });
    expect(order.indexes.every(({ bytes, scans, valid }) => bytes !== null && scans !== null && valid)).toBe(
      true,
    );
    expect(order.bytes?.table).toBeGreaterThan(1_000_000);
    expect(order.bytes?.indexes).toBeGreaterThan(1_000_000);
    expect(order.sql).toContain('create table "public"."order" (');
    const customer = await detailOf("public", "customer");
    expect(customer.referencedBy).toContainEqual(
      expect.objectContaining({ table: "order", columns: ["id"], foreignColumns: ["customer_id"] }),
    );
    const stock = await detailOf("warehouse", "stock");
    expect(stock.triggers).toEqual([expect.objectContaining({ name: "stock_is_told", enabled: true })]);
    expect(stock.references.map(({ columns }) => columns)).toContainEqual(["product_id"]);
    const letter = await detailOf("warehouse", "letter");
    expect(letter).toMatchObject({ rowSecurityOn: true, rowSecurity: true });
    expect(letter.policies).toEqual([
      { name: "own letters", definition: expect.stringContaining("for select to app using (") },
    ]);
    const turn = (way: string) =>
      server.admin(`alter table warehouse.letter ${way} row level security`, undefined, demoUser.database);
    await turn("disable");
    try {
      expect(await detailOf("warehouse", "letter")).toMatchObject({
        rowSecurityOn: false,
        rowSecurity: false,
        policies: [{ name: "own letters" }],
      });
    } finally {
      await turn("enable");
    }
    const movement = await detailOf("warehouse", "movement");
    expect(movement.partitionKey).toBe("RANGE (moved_on)");
    expect(movement.partitions.map(({ name, bound }) => [name, bound])).toContainEqual([
      "movement_2024",
      "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
    ]);
    expect(movement.bytes?.table).toBeGreaterThan(0);
    const view = await detailOf("public", "revenue_by_month");
    expect(view.sql).toMatch(/^create view "public"."revenue_by_month" as\n SELECT/);
    expect(order.privileges).toContainEqual({
      grantee: "app",
      privileges: ["DELETE", "INSERT", "SELECT", "UPDATE"],
    });
  });

  test("is made again by its own definition", async () => {
    const made: string[] = [];
    for (const table of ["stock", "movement", "log line", "letter", "coupon", "Sold out? ☹", "stock_value"]) {
      const facts = await browsing.facts("warehouse", table);
      const detail = await asked(({ connection }) => tableDetail(connection, facts));
      if (!detail.ok) throw new Error(detail.trouble.message);
      made.push(detail.value.sql);
    }
    const text = made
      .join("\n\n")
      // A copy beside the first: of its own schema, with index names of its own.
      .replaceAll('"warehouse".', '"copy".')
      .replace(/ ON (?:ONLY )?warehouse\./g, " ON copy.")
      .replace(/ on warehouse\./g, " on copy.");
    await server.admin(`begin; create schema copy; ${text}; rollback`, undefined, demoUser.database);
  });
});

describe("a count", () => {
  const countOf = async (table: string, ask: { where?: string; timeoutMs?: number } = {}) => {
    const facts = await browsing.facts("public", table);
    const session = await browsing.session();
    const counted = { filters: [], where: "", timeoutMs: 2_000, ...ask };
    return rowCount(session, facts, counted, browsing.control(session));
  };

  test("is exact, also of a filter, and ends when its time is over", async () => {
    expect(await countOf("order")).toMatchObject({ ok: true, value: { rows: 50_000 } });
    expect(await countOf("order", { where: "id <= 10" })).toMatchObject({ ok: true, value: { rows: 10 } });
    expect(await countOf("order", { where: "pg_sleep(1) is null", timeoutMs: 100 })).toMatchObject({
      ok: true,
      value: { rows: null },
    });
    expect(await countOf("order", { where: "id) or (true" })).toMatchObject({
      ok: false,
      problem: { trouble: { filter: "where" } },
    });
  });
});

describe("a whole value", () => {
  const wholeOf = async (
    table: string,
    column: string,
    key: readonly string[] | null,
    { place = null, version = null }: Partial<RowIdentity> = {},
  ) => {
    const facts = await browsing.facts("warehouse", table);
    const session = await browsing.session();
    const ask = { column, key: key === null ? null : [...key], place, version };
    const found = await wholeValue(session, facts, ask, browsing.control(session));
    if (!found.ok) throw new Error(JSON.stringify(found.problem));
    if (found.value.kind !== "text") return found.value.kind;
    const pieces: string[] = [];
    for await (const piece of found.value.pieces) pieces.push(piece);
    return pieces.join("");
  };

  test("comes in pieces that make it up", async () => {
    await server.admin(
      `insert into warehouse.letter (addressee, body, seal) values
         ('app', repeat('aé漢🙂', 2000000), decode(repeat('0aff', 1000000), 'hex')), ('app', '', null)`,
      undefined,
      demoUser.database,
    );
    const rows = await server.admin(
      "select max(id)::text as id from warehouse.letter",
      [],
      demoUser.database,
    );
    const last = Number(rows[0]?.id);
    const body = (await wholeOf("letter", "body", [String(last - 1)])) ?? "";
    expect(body === "aé漢🙂".repeat(2_000_000)).toBe(true);
    const seal = (await wholeOf("letter", "seal", [String(last - 1)])) ?? "";
    expect(seal === `\\x${"0aff".repeat(1_000_000)}`).toBe(true);
    expect(await wholeOf("letter", "body", [String(last)])).toBe("");
    expect(await wholeOf("letter", "seal", [String(last)])).toBe("null");
    expect(await wholeOf("letter", "body", ["0"])).toBe("gone");
    expect(await wholeOf("letter", "id", [String(last)])).toBe(String(last));
    expect(browsing.count()).toMatchObject({ inUse: 0 });
  });

  test("is found in a view and in a table without a key, too", async () => {
    await server.admin(
      `create view warehouse.twice as select repeat(n::text, 3000) as long, n, now() as at
         from generate_series(10, 12) as n;
       create table warehouse.keyless as select n, repeat('x', 5000) || n as long from generate_series(1, 3) as n;
       grant select on warehouse.twice, warehouse.keyless to ${demoUser.user}`,
      undefined,
      demoUser.database,
    );
    const view = await browsing.page({ schema: "warehouse", table: "twice" });
    expect(view.cut).toHaveLength(3);
    // `at` is another one with each statement: nothing finds such a row again.
    expect(await wholeOf("twice", "long", null, view.identities[1])).toBe("gone");
    await server.admin(
      "create or replace view warehouse.twice as select repeat(n::text, 3000) as long, n, timestamptz '2026-11-26 10:00+00' as at from generate_series(10, 12) as n",
      undefined,
      demoUser.database,
    );
    const steady = await browsing.page({ schema: "warehouse", table: "twice" });
    expect(await wholeOf("twice", "long", null, steady.identities[1])).toBe("11".repeat(3000));
    const table = await browsing.page({ schema: "warehouse", table: "keyless" });
    expect(await wholeOf("keyless", "long", null, table.identities[2])).toBe(`${"x".repeat(5000)}3`);
  });
});

describe("the neighbourhood", () => {
  const near = async (schema: string, name: string, steps: 1 | 2, most?: number) => {
    const { oid } = await browsing.facts(schema, name);
    const found = await asked(({ connection }) => neighbourhood(connection, { oid }, steps, most));
    if (!found.ok) throw new Error(found.trouble.message);
    return found.value;
  };

  test("of a table is what it refers to and what refers to it, by name and column", async () => {
    const { tables, references, more } = await near("public", "order", 1);
    expect(tables[0]).toMatchObject({ schema: "public", name: "order", kind: "table", steps: 0 });
    const facts = await browsing.facts("public", "order");
    const detail = await asked(({ connection }) => tableDetail(connection, facts));
    if (!detail.ok) throw new Error(detail.trouble.message);
    const others = [...detail.value.references, ...detail.value.referencedBy].map(({ table }) => table);
    expect(others.length).toBeGreaterThan(1);
    expect(new Set(tables.slice(1).map(({ name }) => name))).toEqual(new Set(others));
    expect(tables.slice(1).every(({ steps }) => steps === 1)).toBe(true);
    expect(more).toBe(false);
    const ids = new Map(tables.map(({ id, name }) => [id, name]));
    for (const { name, columns, foreignColumns } of detail.value.references) {
      const found = references.find((one) => one.name === name && ids.get(one.from) === "order");
      expect(found).toMatchObject({ columns, foreignColumns });
    }
    const key = tables[0]?.columns.filter((column) => column.key).map(({ name }) => name);
    expect(key).toEqual(["id"]);
  });

  test("goes a step further where it is asked, keeps the nearest, and says that there are more", async () => {
    const one = await near("public", "order", 1);
    const two = await near("public", "order", 2);
    expect(two.tables.length).toBeGreaterThan(one.tables.length);
    expect(two.tables.slice(0, one.tables.length)).toEqual(one.tables);
    const few = await near("public", "order", 2, 2);
    expect(few).toMatchObject({ more: true, tables: two.tables.slice(0, 2) });
    const ids = new Set(few.tables.map(({ id }) => id));
    expect(few.references.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
  });
});
