import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { processWide } from "#lib/process-wide.ts";
import type { ExportAsk, ImportAsk } from "#lib/transfer/ask.ts";
import { importOf } from "#lib/transfer/import-run.ts";
import type { ImportBegun, ImportStand } from "#lib/transfer/shapes.ts";
import type { Transfer } from "#lib/transfer/transfers.ts";
import { type CuttingProxy, type CutWhen, cuttingProxy } from "#tests/support/cutting-proxy.ts";
import { behind, inFront } from "#tests/support/in-front.ts";
import { here, sent, type TransferConsole, transferConsole } from "#tests/support/transfer-console.ts";

/*
 * Files into tables, through the routes: all of it or nothing, whatever is wrong with the file and wherever it breaks off;
 * and what was exported comes back as it was.
 */

vi.mock("next/headers", () => ({ headers: async () => sent.headers, cookies: async () => new Map() }));
vi.mock("next-intl/server", () => ({
  getTranslations: async () => (key: string) => key,
  getLocale: async () => "en",
}));
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));

let place: TransferConsole;

beforeAll(async () => {
  place = await transferConsole(`
    create table plain_7 (id int primary key, name text not null default 'somebody', at date, n numeric(4, 2) check (n < 50));
    create type mood as enum ('sad', 'ok');
    create domain small as int check (value < 100);
    create type pair as (a int, b text);
    create table every (id int primary key, t text, v varchar(10), c char(5), b bytea, f4 float4, f8 float8, n numeric, i2 int2,
      i8 int8, o boolean, d date, ti time, ttz timetz, ts timestamp, tstz timestamptz, iv interval, j json, jb jsonb, x xml,
      u uuid, ip inet, ci cidr, m macaddr, bi bit(3), vb varbit, p point, bx box, r int4range, mr int4multirange, a int[],
      ta text[], e mood, dm small, pr pair, tv tsvector, mo money, oi oid, rg regclass, g int generated always as (id + 1) stored,
      "Odd ""n"", x" text);
    insert into every (id) values (1);
    insert into every (id, t, v, c, b, f4, f8, n, i2, i8, o, d, ti, ttz, ts, tstz, iv, j, jb, x, u, ip, ci, m, bi, vb, p, bx, r,
      mr, a, ta, e, dm, pr, tv, mo, oi, rg, "Odd ""n"", x")
    values (2, E'a,"b"\\n\\t\\\\.', '', 'ab', '\\x00ff', 'NaN', '-Infinity', 'NaN', -32768, 9223372036854775807, true, 'infinity',
      '24:00', '23:59:59.999999+14', '4713-01-01 BC', '2024-02-29 12:00:00.000001+00', '-1 year 3 days -00:00:00.5', '{"a": 1, "a":2 }',
      '[1.50]', '<a>&amp;</a>', gen_random_uuid(), '::1/64', '10.0.0.0/8', '08:00:2b:01:02:03', '101', '1', '(1.5,-2)',
      '((0,0),(1,1))', 'empty', '{[1,3),[5,7)}', '{{1,2},{3,null}}', array['NULL', null, '', 'a"b', 'c,d'], 'ok', 99,
      row(null, 'x,y'), 'a:1 b:2', '12.34', 4294967295, 'pg_class', ' ');
    create table every_copy (like every including all);
    create table deferred (a int, constraint u unique (a) deferrable initially deferred);
    create table shut (a int);
    create table slow (a int);
    create function slowly() returns trigger language plpgsql as $$
      begin
        perform pg_sleep(20);
        return null;
      exception when query_canceled then
        return null;
      end $$;
    create constraint trigger slowly after insert on slow deferrable initially deferred for each row execute function slowly();
    grant all on plain_7, slow, every, every_copy, deferred to app;
  `);
}, 30_000);
afterAll(() => place?.stop());

const columns = ["id", "name", "at", "n"];
const plain: Omit<ImportAsk, "bytes"> = {
  schema: "public",
  table: "plain_7",
  columns,
  header: true,
  trial: false,
};

/** A whole import, in pieces of so many bytes. */
async function imported(
  ask: Omit<ImportAsk, "bytes">,
  file: Buffer | string,
  pieceBytes = 100,
): Promise<ImportStand | { status: number; told: unknown }> {
  const bytes = Buffer.from(file);
  const begun = await place.call("imports", { ...ask, bytes: bytes.length });
  if (!begun.ok) return { status: begun.status, told: await begun.json() };
  const { id } = (await begun.json()) as ImportBegun;
  for (let at = 0, piece = 0; at < bytes.length; at += pieceBytes, piece += 1) {
    const answer = await place.call("piece", bytes.subarray(at, at + pieceBytes), { of: id, piece });
    expect(answer.status).toBe(200);
    if (((await answer.json()) as ImportStand).state !== "running") break;
  }
  return stand(id, "finish");
}

async function stand(id: string, act: string): Promise<ImportStand> {
  return (await place.call("piece", { act }, { of: id })).json() as Promise<ImportStand>;
}

async function rows(): Promise<readonly unknown[]> {
  const found = await place.server.admin("select id, name, at::text, n::text from plain_7 order by id");
  await place.server.admin("truncate plain_7");
  return found.map((row) => Object.values(row));
}

const good = `id,name,at,n\n1,Ann,2024-02-29,1.50\n2,"","",\n3,漢字,,49.99\n`;

describe("a good file", () => {
  const nulls = { emptyIsNull: ["at"] };

  test("comes in whole, in pieces of any size", async () => {
    for (const pieceBytes of [1, 7, 1000]) {
      expect(await imported({ ...plain, ...nulls }, good, pieceBytes)).toMatchObject({
        state: "done",
        rows: 3,
        bytes: 60,
      });
      expect(await rows()).toEqual([
        [1, "Ann", "2024-02-29", "1.50"],
        [2, "", null, null],
        [3, "漢字", null, "49.99"],
      ]);
    }
    const lines = place
      .audit()
      .split("\n")
      .filter((line) => line.includes("data-import"));
    expect(lines.at(-1)).toContain('"result":"done"');
    // Not the short name: three letters come about in ids and digests by chance.
    expect(lines.join("")).not.toMatch(/漢字|2024-02-29|49\.99/);
  });

  test("only tried, nothing is kept", async () => {
    expect(await imported({ ...plain, ...nulls, trial: true }, good)).toMatchObject({
      state: "done",
      rows: 3,
      trial: true,
    });
    expect(await rows()).toEqual([]);
  });

  test("of another encoding, with other signs, and with a mark at its beginning", async () => {
    const other = Buffer.from("7;Zo\xeb;;'1;5'\n", "latin1");
    const ask = { ...plain, header: false, delimiter: ";", quote: "'" as const, encoding: "LATIN1" as const };
    expect(await imported(ask, Buffer.from("7;Zo\xeb;;'1.5'\n", "latin1"))).toMatchObject({
      state: "done",
      rows: 1,
    });
    expect(await rows()).toEqual([[7, "Zoë", null, "1.50"]]);
    expect(await imported(ask, other)).toMatchObject({
      state: "failed",
      trouble: { sqlstate: "22P02", line: 1, column: "n" },
    });
    expect(await imported({ ...plain, header: false }, "\ufeff8,x,,\n")).toMatchObject({
      state: "done",
      rows: 1,
    });
    expect(await rows()).toEqual([[8, "x", null, null]]);
  });

  test("columns that it does not have get their default, and empty is what it was said to be", async () => {
    const ask = { ...plain, columns: ["id", "name"], header: false, emptyIsText: ["name"] };
    expect(await imported({ ...ask, columns: ["id"], emptyIsText: [] }, "1\n")).toMatchObject({
      state: "done",
    });
    expect(await imported(ask, "2,\n")).toMatchObject({ state: "done" });
    expect(await rows()).toEqual([
      [1, "somebody", null, null],
      [2, "", null, null],
    ]);
  });
});

describe("a bad file brings nothing, and says where it is bad", () => {
  const many = Array.from({ length: 900 }, (_, index) => `${index + 1},x,,1`).join("\n");
  test.each([
    [
      "a bad value in a late line",
      `${many}\n901,x,never,1\n902,x,,1\n`,
      { sqlstate: "22007", line: 902, column: "at" },
    ],
    ["too few columns", `${many}\n901,x\n`, { sqlstate: "22P04", line: 902 }],
    ["too many columns", `${many}\n901,x,,1,2\n`, { sqlstate: "22P04", line: 902 }],
    ["another separator", "1;x;;1\n", { sqlstate: "22P02", line: 2, column: "id" }],
    [
      "another encoding",
      Buffer.concat([Buffer.from(`${many}\n901,Zo`), Buffer.from([0xeb]), Buffer.from(",,1\n")]),
      { sqlstate: "22021", line: 902 },
    ],
    ["a quote that does not end", `${many}\n901,"x,,1\n`, { sqlstate: "22P04" }],
    ["what a constraint forbids", `${many}\n901,x,,50\n`, { sqlstate: "23514", line: 902 }],
    [
      "the same key twice",
      `${many}\n1,x,,1\n`,
      { sqlstate: "23505", line: 902, message: expect.stringMatching(/constraint "\w+"\nKey \(id\)=\(1\)/) },
    ],
    ["NULL where there can be none", `${many}\n901,,,1\n`, { sqlstate: "23502", line: 902 }],
    ["too large a number", `${many}\n901,x,,123.4\n`, { sqlstate: "22003", line: 902, column: "n" }],
    ["a NUL", Buffer.from(`${many}\n901,x\0,,1\n`), { sqlstate: "22021", line: 902 }],
  ] as const)("%s", async (_, text, trouble) => {
    const file =
      typeof text === "string"
        ? `id,name,at,n\n${text}`
        : Buffer.concat([Buffer.from("id,name,at,n\n"), text]);
    const told = await imported(plain, file, 4_000);
    expect(told).toMatchObject({ state: "failed", rows: null, trouble: { why: "server", ...trouble } });
    expect(await rows()).toEqual([]);
  });

  test("a trial lists every line that cannot be read, where the server can", async () => {
    const file = "id,name,at,n\n1,x,bad,1\n2,x,,1\nthree,x,,1\n4,x,,123.4\n";
    const told = await imported({ ...plain, trial: true }, file);
    const isNew =
      Number((await place.server.admin("show server_version_num"))[0]?.server_version_num) >= 170_000;
    if (isNew) {
      expect(told).toMatchObject({ state: "done", rows: 1, allBadLines: true, badLines: 3 });
      const places = "bad" in told ? told.bad.map(({ line, column }) => [line, column]) : [];
      expect(places).toEqual([
        [2, "at"],
        [4, "id"],
        [5, "n"],
      ]);
    } else expect(told).toMatchObject({ state: "failed", trouble: { line: 2, column: "at" } });
    expect(await rows()).toEqual([]);
  });

  test("what only the end of the transaction forbids, also in a trial", async () => {
    for (const trial of [true, false]) {
      const ask = { ...plain, table: "deferred", columns: ["a"], header: false, trial };
      expect(await imported(ask, "1\n1\n")).toMatchObject({
        state: "failed",
        trouble: { sqlstate: "23505" },
      });
    }
    expect(await place.server.admin("select * from deferred")).toEqual([]);
  });

  test("what may not be written, is not there, or is no table, is refused before anything is sent", async () => {
    expect(await imported({ ...plain, table: "shut", columns: ["a"] }, "a\n1\n")).toMatchObject({
      status: 422,
      told: { sqlstate: "42501" },
    });
    expect(await imported({ ...plain, columns: ["nobody"] }, good)).toMatchObject({
      status: 422,
      told: { sqlstate: "42703" },
    });
    const leaving = "id\") from program 'touch /tmp/x' --";
    expect(await imported({ ...plain, columns: [leaving] }, good)).toMatchObject({
      status: 422,
      told: { sqlstate: "42703" },
    });
    expect(
      await imported({ ...plain, nullText: "' force_null (x))" }, "id,name,at,n\n1,x,,1\n"),
    ).toMatchObject({ state: "failed" });
    expect(await rows()).toEqual([]);
  });
});

test("Production takes nothing in while it is locked, and gives out what may be read", async () => {
  const connection = await place.production();
  for (const trial of [true, false]) {
    const refused = await place.call("imports", { ...plain, trial, bytes: 0 }, { connection });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ problem: { facts: { reason: "production-locked" } } });
  }
  const what = {
    kind: "statement",
    sql: "with x as (insert into plain_7 values (1) returning id) select * from x",
  };
  const given = await place.call("exports", { what, format: "csv" }, { connection });
  if (given.ok) {
    const { ticket } = (await given.json()) as { ticket: string };
    const file = await place.call("ticket", undefined, { of: ticket, connection });
    if (file.ok) await expect(file.text()).rejects.toThrow();
  }
  expect(await rows()).toEqual([]);
});

test("of one that has ended nothing is kept once its transfer is not told any longer", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const begun = await place.call("imports", { ...plain, header: false, columns: ["id"], bytes: 0 });
  const { id } = (await begun.json()) as ImportBegun;
  const runOf = () => {
    const transfer = processWide("transfers", () => new Map<string, Transfer>()).get(id);
    return transfer === undefined ? undefined : importOf(transfer);
  };
  const run = new WeakRef(runOf() ?? {});
  expect(await stand(id, "finish")).toMatchObject({ state: "done", rows: 0 });
  await place.call("transfers", { id });
  await vi.waitFor(() => {
    collect();
    expect(run.deref()).toBeUndefined();
    // What else holds it for a while (a timer, a frame that is still on a stack) lets go in its own time.
  }, 30_000);
}, 60_000);

describe("a file that breaks off brings nothing", () => {
  async function half(): Promise<string> {
    const begun = await place.call("imports", { ...plain, bytes: Buffer.byteLength(good) });
    const { id } = (await begun.json()) as ImportBegun;
    await place.call("piece", Buffer.from(good.slice(0, 40)), { of: id, piece: 0 });
    return id;
  }
  const open =
    "select count(*)::int as n from pg_stat_activity where query like 'copy %' and usename = 'app'";
  async function quiet(): Promise<void> {
    await vi.waitFor(async () => expect((await place.server.admin(open))[0]?.n).toBe(0));
    expect(await rows()).toEqual([]);
  }

  test("by its person", async () => {
    const id = await half();
    await stand(id, "cancel");
    await vi.waitFor(async () => expect(await stand(id, "look")).toMatchObject({ state: "cancelled" }));
    await quiet();
  });

  test("by its person, while it waits for its table", async () => {
    const holding = place.server
      .admin("begin; lock table plain_7; select pg_sleep(60)")
      .catch(() => undefined);
    const locks = "select 1 from pg_locks where relation = 'plain_7'::regclass::oid and granted =";
    await vi.waitFor(async () => expect(await place.server.admin(`${locks} true`)).toHaveLength(1));
    const begun = place.call("imports", { ...plain, bytes: Buffer.byteLength(good) });
    await vi.waitFor(async () => expect(await place.server.admin(`${locks} false`)).toHaveLength(1));
    const [waiting] = await place.transfers();
    expect(waiting).toMatchObject({ kind: "import", state: "waiting" });
    await place.call("transfers", { id: waiting?.id });
    await place.server.admin(
      "select pg_terminate_backend(pid) from pg_stat_activity where query like 'begin; lock table plain_7%'",
    );
    await begun;
    await holding;
    await vi.waitFor(async () => expect((await place.transfers())[0]).toMatchObject({ state: "cancelled" }));
    await quiet();
  });

  test("by being shorter than it was said to be", async () => {
    expect(await stand(await half(), "finish")).toMatchObject({ state: "failed", trouble: { why: "left" } });
    await quiet();
  });

  test("when nothing comes any more", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const id = await half();
    await vi.advanceTimersByTimeAsync(61_000);
    vi.useRealTimers();
    expect(await stand(id, "look")).toMatchObject({ state: "failed", trouble: { why: "stalled" } });
    await quiet();
  });

  test("when the server ends its session", async () => {
    const id = await half();
    await place.server.admin(
      "select pg_terminate_backend(pid) from pg_stat_activity where query like 'copy %' and usename = 'app'",
    );
    await vi.waitFor(async () => expect(await stand(id, "look")).toMatchObject({ state: "failed" }));
    await quiet();
  });

  test("within a piece, or by one that is longer than it says", async () => {
    const id = await half();
    await place.call("piece", Buffer.alloc(1_500_001, "x"), { of: id, piece: 1 });
    expect(await stand(id, "look")).toMatchObject({ state: "failed", trouble: { why: "left" } });
    await quiet();
  });

  test("but for pieces that overtake each other", async () => {
    const begun = await place.call("imports", {
      ...plain,
      emptyIsNull: ["at"],
      bytes: Buffer.byteLength(good),
    });
    const { id } = (await begun.json()) as ImportBegun;
    const bytes = Buffer.from(good);
    const cuts = [0, 5, 25, 40, bytes.length];
    const all = [3, 1, 2, 0].map((piece) =>
      place.call("piece", bytes.subarray(cuts[piece], cuts[piece + 1]), { of: id, piece }),
    );
    for (const answer of await Promise.all(all)) expect(answer.status).toBe(200);
    expect(await stand(id, "finish")).toMatchObject({ state: "done", rows: 3 });
    expect(await rows()).toHaveLength(3);
  });

  test("and pieces come in their order, from whoever began it", async () => {
    const id = await half();
    expect((await place.call("piece", Buffer.from("x"), { of: id, piece: 5 })).status).toBe(400);
    expect(
      (await place.call("piece", Buffer.from("x"), { of: id, piece: 1, headers: { cookie: "" } })).status,
    ).toBe(401);
    expect(
      (
        await place.call("piece", Buffer.from("x"), {
          of: id,
          piece: 1,
          headers: { "content-type": "text/plain" },
        })
      ).status,
    ).toBe(415);
    const large = { "content-length": "1500001" };
    expect((await place.call("piece", Buffer.from("x"), { of: id, piece: 1, headers: large })).status).toBe(
      400,
    );
    expect((await place.call("piece", Buffer.from("x"), { of: "x".repeat(22), piece: 1 })).status).toBe(404);
    await stand(id, "cancel");
    await quiet();
  });
});

describe("cut while it is committed", () => {
  let proxy: CuttingProxy;
  let behind: string;
  beforeAll(async () => {
    proxy = await cuttingProxy(place.server.port);
    behind = await place.behind(proxy.port);
  });
  afterAll(() => proxy?.stop());

  /** The whole file is sent, then the way is cut at a message of what comes behind it. */
  async function cut(at?: number, when?: CutWhen) {
    const through = { connection: behind };
    const ask = { ...plain, columns: ["id"], header: false, bytes: 2 };
    const { id } = (await (await place.call("imports", ask, through)).json()) as ImportBegun;
    const act = async (what: string) =>
      (await place.call("piece", { act: what }, { ...through, of: id })).json() as Promise<ImportStand>;
    await place.call("piece", Buffer.from("7\n"), { ...through, of: id, piece: 0 });
    await vi.waitFor(() => expect(proxy.seen.at(-1)).toBe(">d"));
    proxy.cutAt(at, when);
    let told = await act("finish");
    while (told.state === "running") told = await act("look");
    const seen = [...proxy.seen];
    proxy.cutAt(undefined);
    return { told, seen, isThere: (await rows()).length === 1 };
  }

  test("what is told is what became of it", async () => {
    const { told, seen } = await cut();
    expect(told).toMatchObject({ state: "done", rows: 1, foundOut: false });
    // CopyDone and its answer, the transaction's id, COMMIT.
    expect(seen.filter((sign) => sign === ">S")).toHaveLength(3);
    const ways = new Set<string>();
    for (const when of ["before", "after"] as const)
      for (let at = 1; at <= seen.length; at += 1) {
        const came = await cut(at, when);
        const { state, foundOut, trouble } = came.told;
        expect([at, when, seen[at - 1], state]).toEqual([
          at,
          when,
          seen[at - 1],
          came.isThere ? "done" : "failed",
        ]);
        ways.add(foundOut ? "found out" : (trouble?.why ?? state));
      }
    expect([...ways].sort()).toEqual(["done", "found out", "lost", "rolled-back"]);
  });

  test("and where the server tells nothing of it, that is said", async () => {
    await place.server.admin("revoke execute on function txid_status from public");
    // Sessions that know better are gone.
    await place.server.admin("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'");
    const { seen } = await cut();
    const committed = seen.lastIndexOf("<C");
    expect((await cut(committed + 1, "before")).told).toMatchObject({
      state: "failed",
      trouble: { why: "commit-untold" },
    });
    expect(place.audit().trim().split("\n").at(-1)).toContain('"result":"unknown"');
    await place.server.admin("grant execute on function txid_status to public");
  });
});

test("what is cancelled while it is committed is told as the server ends it", async () => {
  const begun = await place.call("imports", { ...plain, table: "slow", columns: ["a"], bytes: 4 });
  const { id } = (await begun.json()) as ImportBegun;
  await place.call("piece", Buffer.from("a\n1\n"), { of: id, piece: 0 });
  const ended = stand(id, "finish");
  const committing =
    "select 1 from pg_stat_activity where usename = 'app' and query = 'commit' and state = 'active'";
  await vi.waitFor(async () => expect(await place.server.admin(committing)).toHaveLength(1));
  await place.call("transfers", { id });
  expect(await ended).toMatchObject({ state: "done", rows: 1 });
  expect(await place.server.admin("select a from slow")).toEqual([{ a: 1 }]);
});

test("in front of the framework a piece is taken as behind it", async () => {
  const begun = await place.call("imports", {
    ...plain,
    emptyIsNull: ["at"],
    bytes: Buffer.byteLength(good),
  });
  const { id } = (await begun.json()) as ImportBegun;
  const front = await inFront();
  const headers = {
    cookie: place.cookie,
    origin: `http://${here}`,
    "content-type": "application/octet-stream",
  };
  const put = (piece: string, changed: Record<string, string> = {}, of = id) =>
    fetch(`${front.url}/api/connections/${place.id}/imports/${of}?piece=${piece}`, {
      method: "PUT",
      headers: { ...headers, ...changed },
      body: good,
    });
  expect((await put("0", { cookie: "" })).status).toBe(401);
  expect((await put("0", { "content-type": "application/json" })).status).toBe(415);
  expect((await put("0", {}, "x".repeat(22))).status).toBe(404);
  expect((await put("0", {}, "%zz")).status).toBe(behind);
  expect((await put("9")).status).toBe(400);
  expect((await put("0")).status).toBe(200);
  expect(await stand(id, "finish")).toMatchObject({ state: "done", rows: 3 });
  expect(await rows()).toHaveLength(3);
  await front.stop();
});

describe("what was exported comes back as it was", () => {
  test.each(["csv", "tsv"] as const)("%s, every type", async (format) => {
    const what: ExportAsk["what"] = { kind: "table", schema: "public", table: "every" };
    const file = Buffer.from(await (await place.exported({ what, format })).arrayBuffer());
    const names = (
      await place.server.admin(`select attname from pg_attribute where attrelid = 'every'::regclass
      and attnum > 0 and attgenerated = '' order by attnum`)
    ).map(({ attname }) => String(attname));
    const columns = names;
    const without = await place.exported({ what: { ...what, columns }, format });
    const bytes = Buffer.from(await without.arrayBuffer());
    expect(file.length).toBeGreaterThan(bytes.length);
    const ask = { ...plain, table: "every_copy", columns, delimiter: format === "tsv" ? "\t" : "," };
    expect(await imported(ask, bytes)).toMatchObject({ state: "done", rows: 2 });
    const differ = await place.server.admin(
      "select (every.*)::text from every except select (every_copy.*)::text from every_copy",
    );
    expect(differ).toEqual([]);
    await place.server.admin("truncate every_copy");
  });

  test.each([false, true])(
    "also with what the server makes by itself, which is left out (trial: %s)",
    async (trial) => {
      const what: ExportAsk["what"] = { kind: "table", schema: "public", table: "every" };
      const file = Buffer.from(await (await place.exported({ what, format: "csv" })).arrayBuffer());
      const named = await place.server.admin(`select case when attgenerated = '' then attname end as name
      from pg_attribute where attrelid = 'every'::regclass and attnum > 0 order by attnum`);
      const columns = named.map(({ name }) => name as string | null);
      expect(columns).toContain(null);
      const ask = { ...plain, table: "every_copy", columns, trial };
      expect(await imported(ask, file)).toMatchObject({ state: "done", rows: 2 });
      const differ = await place.server.admin(
        "select (every.*)::text from every except select (every_copy.*)::text from every_copy",
      );
      expect(differ).toHaveLength(trial ? 2 : 0);
      await place.server.admin("truncate every_copy");
    },
  );
});

describe("columns of a file that are left out", () => {
  const some = { ...plain, columns: ["id", null, "name", null] };

  test("are not looked at, and nothing stays of the way that the others took", async () => {
    const file = `id,x,name,y\n1,nonsense,Ann,"1\n2"\n2,,"",\n`;
    expect(await imported(some, file, 7)).toMatchObject({ state: "done", rows: 2 });
    expect(await rows()).toEqual([
      [1, "Ann", null, null],
      [2, "", null, null],
    ]);
    const [left] = await place.server.admin(
      "select count(*)::int as n from pg_class where relname like 'cloak-db%'",
    );
    expect(left?.n).toBe(0);
  });

  test("have a name of their own, whatever the table's are", async () => {
    await place.server.admin(
      `create table taken ("left out 1" int generated always as identity, b text); grant all on taken to app`,
    );
    const ask = { ...plain, table: "taken", columns: ["left out 1", null, "b"], header: false };
    expect(await imported(ask, "7,x,y\n")).toMatchObject({ state: "done", rows: 1 });
    expect(await place.server.admin("select * from taken")).toEqual([{ "left out 1": 7, b: "y" }]);
  });

  test("a bad line is told by its place, and what a constraint forbids is told, both in a trial, too", async () => {
    for (const trial of [false, true]) {
      const told = await imported({ ...some, trial }, "id,x,name,y\n1,a,b,c\nzwei,a,b,c\n");
      if (!("state" in told)) throw new Error(JSON.stringify(told));
      const bad = told.allBadLines ? told.bad[0] : told.trouble;
      expect(bad).toMatchObject({ line: 3, column: "id" });
      expect(await imported({ ...some, trial }, "id,x,name,y\n1,a,b,c\n1,a,b,c\n")).toMatchObject({
        state: "failed",
        trouble: { sqlstate: "23505" },
      });
      expect(await rows()).toEqual([]);
    }
  });

  test("all of them are no import", async () => {
    expect(await imported({ ...plain, columns: [null, null] }, "1,2\n")).toMatchObject({ status: 400 });
  });
});
