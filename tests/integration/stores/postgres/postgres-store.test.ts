import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { ok } from "#lib/problems/result.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { clearAway, saysItIsThere } from "#lib/stores/postgres/console-presence.ts";
import { storeLink } from "#lib/stores/postgres/link.ts";
import { type PostgresStore, postgresStore } from "#lib/stores/postgres/postgres-store.ts";
import { collection } from "#lib/vault/collection.ts";
import { keyUses } from "#lib/vault/key-use.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import type { SealedNotebook } from "#lib/vault/sealed-notebook.ts";
import type { StoredNotebook } from "#lib/vault/store.ts";
import { problemOf, type ScratchVault, scratchVault, value } from "#tests/support/scratch-vault.ts";
import { type StoreServer, startStoreServer } from "#tests/support/store-server.ts";
import { storeContract } from "../store-contract.ts";

let server: StoreServer;
const schemas: string[] = [];
const opened: PostgresStore[] = [];

beforeAll(async () => {
  server = await startStoreServer();
  for (let made = 0; made < 24; made += 1) schemas.push(await server.schema());
});
afterEach(() => Promise.all(opened.splice(0).map(({ link }) => link.close())));
afterAll(() => server.stop());

interface Place {
  readonly setup: ScratchVault;
  readonly schema: string;
  open(): PostgresStore;
  begin(): ReturnType<typeof openVault>;
}

/** Each handle is as another console on the same host: it has a link of its own. */
function make(): Place {
  const schema = schemas.pop();
  if (schema === undefined) throw new RangeError("no schema is left");
  const setup = scratchVault();
  const open = () => {
    const store = postgresStore(server.setting(schema), setup, { freshMs: 0 });
    opened.push(store);
    return store;
  };
  return { setup, schema, open, begin: () => openVault(open(), keySource(setup.key)) };
}

const rowsOf = (schema: string, sql: string) =>
  server.server.admin(sql.replace(/\bcloak_(head|record|log|live)\b/g, `${schema}.$&`), undefined, "vault");

storeContract("the store on PostgreSQL", make);

describe("several consoles of one store", () => {
  test("are all there, each with a row of its own, and none is kept out", async () => {
    const place = make();
    const claims = [value(await place.open().claim()), value(await place.open().claim())];
    const rows = await rowsOf(
      place.schema,
      "select until > 0 as ends, body from cloak_live where kind = 'console'",
    );
    expect(rows).toHaveLength(2);
    expect(rows.every(({ ends }) => ends === true)).toBe(true);
    for (const claim of claims) claim.release();
    await expect
      .poll(() => rowsOf(place.schema, "select 1 from cloak_live where kind = 'console'"))
      .toHaveLength(0);
  });

  test("keep every line of a notebook that they write to at once, and put it in order", async () => {
    const place = make();
    const [one, two, three] = [
      value(await place.begin()),
      value(await place.begin()),
      value(await place.begin()),
    ].map((vault) => vault.notebook("ada")) as [SealedNotebook, SealedNotebook, SealedNotebook];
    const notebooks = [one, two, three];
    await Promise.all(
      notebooks.flatMap((notebook, who) =>
        [Array.from({ length: 8 }, (_, n) => n)].map(async (numbers) => {
          for (const n of numbers) value(await notebook.append(`${who}-${n}`, { who, n }));
        }),
      ),
    );
    const found = new Map<string, unknown>();
    const each = value(await one.each(({ id, value: content }) => found.set(id, content)));
    expect([found.size, each.broken]).toEqual([24, 0]);

    // One puts it in order while another adds.
    const gone = new Set(["0-0", "1-1"]);
    const both = [one.gather(gone), two.append("1-0", "again"), three.gather(gone)];
    for (const outcome of await Promise.all(both)) value(outcome as Awaited<(typeof both)[1]>);
    const after = new Map<string, unknown>();
    const left = value(await three.each(({ id, value: content }) => after.set(id, content)));
    expect([after.size, left.broken, after.get("1-0"), after.has("0-0")]).toEqual([22, 0, "again", false]);
  });

  test("are told that another one wrote to a notebook, or put it in order, since they read it", async () => {
    const place = make();
    value(await place.begin());
    const [mine, theirs] = [place.open().notebook("ada"), place.open().notebook("ada")];
    for (const notebook of [mine, theirs]) expect(value(await notebook.read())).toEqual([]);
    const others = async (notebook: StoredNotebook) => value((await notebook.others?.look()) ?? ok(-1));
    value(await mine.append(["a", "b", "c"]));
    expect([await others(mine), await others(theirs)]).toEqual([0, 1]);
    expect(problemOf(await theirs.append(["lost"])).code).toBe("store-conflict");
    expect(value(await theirs.read())).toEqual(["a", "b", "c"]);
    const read = theirs.others?.found();
    expect(await others(theirs)).toBe(read);
    value(await theirs.append(["d"]));
    expect(await others(theirs)).toBe(read);
    // What was added since is no part of what is put in order, and stays.
    value(await mine.replace(["b"]));
    expect(await others(theirs)).toBeGreaterThan(read ?? 0);
    expect(value(await theirs.read())).toEqual(["b", "d"]);
    value(await mine.read());
    value(await theirs.replace(["b2", "d2"]));
    expect(problemOf(await mine.replace(["b"])).code).toBe("store-conflict");
    expect(value(await mine.read())).toEqual(["b2", "d2"]);
    expect(value(await place.open().contents())).toEqual({ documents: [], notebooks: ["ada"] });
  });

  test("list no document and no notebook whose name is none, whoever put the row there", async () => {
    const place = make();
    const vault = value(await place.begin());
    value(await vault.document("moves").write([]));
    value(await vault.notebook("ada").append("a", 1));
    const strange = [
      ["document", "../moves"],
      ["document", "config"],
      ["document", "Moves"],
      ["document", "x".repeat(33)],
      ["notebook/", "1"],
      ["notebook/../ada", "1"],
      ["notebook/ada\u202e", "1"],
      [`notebook/${"x".repeat(65)}`, "1"],
    ];
    const { storeId } = value(await vault.read()).document;
    for (const [kind, id] of strange) {
      await rowsOf(
        place.schema,
        `insert into cloak_live (store, kind, id, rev, until, body) values ('${storeId}', '${kind}', '${id}', 1, 0, '')`,
      );
    }
    const store = place.open();
    expect(value(await store.contents())).toEqual({ documents: ["moves"], notebooks: ["ada"] });
    // What goes through all of them, as the counting of keys does, gets to the end.
    value(await keyUses(value(await vault.read()), store));
  });

  test("chain one audit log, line by line", async () => {
    const place = make();
    const schema = z.strictObject({ who: z.number(), n: z.number() });
    const vaults = [value(await place.begin()), value(await place.begin())];
    const logs = vaults.map((vault) => vault.chainedLog("audit", schema));
    await Promise.all(
      logs.flatMap((log, who) =>
        Array.from({ length: 30 }, async (_, n) => value(await log.append({ who, n }))),
      ),
    );
    const [one] = logs;
    expect(one && value(await one.check())).toEqual({ state: "whole", entries: 60 });
    await rowsOf(place.schema, `update cloak_log set body = replace(body, '"n":', '"n":1') where seq = 20`);
    expect(one && value(await one.check())).toMatchObject({ state: "broken", line: 20 });
  });

  test("go on noting where somebody put lines of impossible numbers into the log, and remember none of them", async () => {
    const place = make();
    const schema = z.strictObject({ n: z.number() });
    const vault = value(await place.begin());
    const { storeId } = value(await vault.read()).document;
    const log = vault.chainedLog("audit", schema);
    expect(value(await log.append({ n: 1 }))).toBe(1);
    for (const seq of ["1099511627777", "9007199254740991", "9223372036854775807"]) {
      await rowsOf(place.schema, `insert into cloak_log values ('${storeId}', ${seq}, '{"seq":${seq}}')`);
    }
    const others = value(await place.begin()).chainedLog("audit", schema);
    expect(value(await others.append({ n: 2 }))).toBe(2);
    expect(value(await log.append({ n: 3 }))).toBe(3);
    expect(value(await log.check())).toMatchObject({ state: "broken", line: 4 });
    await rowsOf(place.schema, "delete from cloak_log where seq > 2");
    expect(value(await others.check())).toEqual({ state: "shortened", entries: 2, known: 3 });
  });
});

test("what is past its time is cleared away, two hundred at once, and nothing else", async () => {
  const { schema } = make();
  const link = storeLink(server.setting(schema));
  await rowsOf(
    schema,
    `insert into cloak_live select 's', 'x', n::text, 1, case when n <= 250 then 5 when n = 251 then 0 else 99 end, ''
      from generate_series(1, 252) as n`,
  );
  value(await clearAway(link, 50));
  expect(await rowsOf(schema, "select count(*)::int as n from cloak_live")).toEqual([{ n: 52 }]);
  value(await clearAway(link, 50));
  expect(await rowsOf(schema, "select id from cloak_live order by id")).toEqual([
    { id: "251" },
    { id: "252" },
  ]);
  await link.close();
});

test("nothing that opens a door lies in the database, and nothing in clear", async () => {
  const place = make();
  const vault = value(await place.begin());
  const store = place.open();
  await store.note("setup-token").write("a token for people on the host");
  value(await vault.document("sessions").write({ secret: "in clear" }));
  value(await vault.notebook("ada").append("one", "select 'in clear'"));
  const rows = JSON.stringify(await rowsOf(place.schema, "select * from cloak_live"));
  expect(rows).not.toMatch(/in clear|a token/);
  expect(readFileSync(store.note("setup-token").place, "utf8")).toContain("a token");
});

test("a console that remembers nothing takes no older vault than it was told of", async () => {
  const place = make();
  const vault = value(await place.begin());
  const { storeId, rev } = value(await vault.read()).document;
  const fresh = scratchVault();
  const open = (least: number) => {
    const setting = { ...server.setting(place.schema), pin: { storeId, rev: least } };
    const store = postgresStore(setting, fresh, { freshMs: 0 });
    opened.push(store);
    return openVault(store, keySource(place.setup.key));
  };
  expect(await open(rev + 1)).toMatchObject({ ok: false, problem: { code: "vault-rolled-back" } });
  value(await open(rev));
  expect(await postgresStore(server.setting(place.schema), fresh).memory.recall()).toMatchObject({
    seen: { [storeId]: { rev } },
  });
});

test("a console that remembers nothing takes no older vault than one that is at work tells of, sealed", async () => {
  const place = make();
  const working = place.open();
  const vault = value(await openVault(working, keySource(place.setup.key)));
  const { rev } = value(await vault.read()).document;
  const copies = [`${place.schema}.head_copy`, `${place.schema}.record_copy`] as const;
  await rowsOf(place.schema, `create table ${copies[0]} as select * from cloak_head`);
  await rowsOf(place.schema, `create table ${copies[1]} as select * from cloak_record`);
  const notes = collection(vault, "note", z.object({ title: z.string() }));
  value(await notes.create({ id: "one", meta: { title: "later" } }));
  const claim = value(await working.claim());
  const openAfresh = () => {
    const store = postgresStore(server.setting(place.schema), scratchVault(), { freshMs: 0 });
    opened.push(store);
    return openVault(store, keySource(place.setup.key));
  };
  value(await openAfresh());

  await rowsOf(place.schema, "delete from cloak_head");
  await rowsOf(place.schema, "delete from cloak_record");
  await rowsOf(place.schema, `insert into cloak_head select * from ${copies[0]}`);
  await rowsOf(place.schema, `insert into cloak_record select * from ${copies[1]}`);
  expect(problemOf(await openAfresh())).toMatchObject({
    code: "vault-rolled-back",
    facts: { rev, highestRev: rev + 1 },
  });
  const rows = await rowsOf(place.schema, "select body from cloak_live where kind = 'console'");
  expect(JSON.stringify(rows)).not.toMatch(/rev|host|pid/);
  // It can be held back, or what was told once told again; not made up.
  await rowsOf(
    place.schema,
    `update cloak_live set body = replace(body, '"b":', '"b":1') where kind = 'console'`,
  );
  value(await openAfresh());
  claim.release();
});

test("a console that nobody asks for anything renews no row, and goes on when it is asked", async () => {
  const place = make();
  value(await place.begin());
  const link = storeLink(server.setting(place.schema));
  const ticks: (() => void)[] = [];
  const interval = vi.spyOn(globalThis, "setInterval").mockImplementation(((tick: () => void) => {
    ticks.push(tick);
    return setTimeout(() => undefined, 0);
  }) as typeof setInterval);
  let isInUse = false;
  const claim = value(
    await saysItIsThere(
      link,
      "nobody",
      () => "",
      () => isInUse,
    ),
  );
  interval.mockRestore();
  const turn = async () => {
    for (const tick of ticks) tick();
    const [row] = await rowsOf(place.schema, "select rev from cloak_live where kind = 'console'");
    return Number(row?.rev);
  };
  expect([await turn(), await turn()]).toEqual([1, 1]);
  isInUse = true;
  await turn();
  await expect.poll(turn).toBeGreaterThan(1);
  claim.release();
  await link.close();
});
