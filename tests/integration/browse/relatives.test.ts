import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { relationTree } from "#lib/browse/relations.ts";
import type { TablePage } from "#lib/browse/shapes.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { Browsing } from "#tests/support/browsing.ts";
import { type FrontServer, type Refusal, startFront } from "#tests/support/front-server.ts";

/**
 * Relatives of PostgreSQL, as far as is told of them: the real one with some of its ways taken away. What is missing is
 * found out by trying, and what is left is right.
 */
let server: SampleServer;
let front: FrontServer;
let browsing: Browsing;

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password: "secret" }],
    fill: {
      postgres: `
        create table item (id int primary key, name text);
        insert into item select n, case when n % 3 > 0 then 'n' || n % 5 end from generate_series(1, 250) n;
        create table heap as select * from item;
        grant select on item, heap to app;
        analyze`,
    },
  });
});
afterEach(async () => {
  browsing.close();
  await front.stop();
});
afterAll(() => server?.stop());

const refused = (statement: RegExp, sqlstate: string): Refusal => ({ statement, sqlstate, message: "no" });
const noSystemColumns = refused(/\bxmin\b|"xmin"|\bctid\b/, "42703");
const noPlans = refused(/^explain/i, "42601");
const noStatistics = refused(/pg_stats\b/, "42P01");
const noOutputs = refused(/set local (intervalstyle|bytea_output|extra_float_digits|xmloption)/, "0A000");
const noTimes = refused(/set local (statement_timeout|lock_timeout|idle_in)/, "0A000");
const noListen = refused(/^ *(listen|discard)/, "0A000");
const oldCatalogues = refused(/pg_inherits|pg_enum|json_build_object/, "42P01");

const relatives: Readonly<Record<string, readonly Refusal[]>> = {
  "one without system columns, plans and statistics": [noSystemColumns, noPlans, noStatistics, noListen],
  "one that sets little": [noOutputs, noTimes, noListen],
  "one of the oldest catalogues": [oldCatalogues, noSystemColumns, noPlans, noStatistics, noOutputs],
};

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const ids = (pages: readonly TablePage[]) => pages.flatMap(({ rows }) => rows.map(([id]) => Number(id)));

describe.each(Object.entries(relatives))("%s", (_, refuses) => {
  test("is browsed as far as it goes", async () => {
    front = await startFront({ upstream: server.port, errorsAheadMs: 3, refuses });
    browsing = new Browsing({ port: front.port });
    const item = { schema: "public", table: "item" };
    expect(ids(await browsing.walk(item, "after"))).toEqual(upTo(250));
    expect(ids(await browsing.walk(item, "before"))).toEqual(upTo(250));
    const sorted = await browsing.walk({ ...item, sort: [{ column: "name", descending: true }] }, "after");
    expect(ids(sorted).toSorted((a, b) => a - b)).toEqual(upTo(250));
    expect(sorted[0]?.rows[0]?.[1]).toBeNull();
    const hasSystemColumns = !refuses.includes(noSystemColumns);
    const version = hasSystemColumns ? /^\d+$/ : /^[0-9a-f]{32}$/;
    const page = await browsing.page({ ...item, at: { to: "key", values: ["100"] }, size: 3 });
    expect(page.identities[0]).toMatchObject({ key: ["100"], version: expect.stringMatching(version) });
    expect(page.position === null).toBe(refuses.includes(noStatistics));
    const heap = await browsing.walk({ schema: "public", table: "heap" }, "after");
    expect(heap[0]?.order.by).toBe(hasSystemColumns ? "storage" : "number");
    expect(ids(heap).toSorted((a, b) => a - b)).toEqual(upTo(250));
    const filtered = await browsing.page({
      ...item,
      filters: [{ column: "name", operator: "=", value: "n1" }],
      where: "id < 100",
      size: 2,
    });
    expect(filtered.estimate === null).toBe(refuses.includes(noPlans));
    expect(await browsing.try({ ...item, where: "id = 1) or (true" })).toMatchObject({ ok: false });
    const session = await browsing.session();
    const tree = await relationTree(session.connection);
    session.release();
    if (!tree.ok) throw new Error(tree.trouble.message);
    expect(tree.value.opened?.relations.map((relation) => relation.name)).toEqual(["heap", "item"]);
    // Found out once, not with every page.
    const tried = front.statements.filter((text) => /^select xmin::text/.test(text));
    expect(tried).toHaveLength(1);
    await expect.poll(() => browsing.count()).toEqual({ idle: 1, inUse: 0, opening: 0, waiting: 0 });
  });
});
