import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { processWide } from "#lib/process-wide.ts";
import { randomId } from "#lib/random-id.ts";
import type { ExportAsk } from "#lib/transfer/ask.ts";
import type { ExportTicket } from "#lib/transfer/shapes.ts";
import { sent, type TransferConsole, transferConsole } from "#tests/support/transfer-console.ts";

/*
 * Files of rows, through the routes: their bytes are those of psql's \copy, a text of a person's cannot leave the COPY that
 * it is put into, and a file that breaks off is a failed one.
 */

vi.mock("next/headers", () => ({ headers: async () => sent.headers, cookies: async () => new Map() }));
vi.mock("next-intl/server", () => ({
  getTranslations: async () => (key: string) => key,
  getLocale: async () => "en",
}));
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));

const texts = [
  "",
  " ",
  "  lead",
  "trail ",
  "a,b",
  'a"b',
  '"',
  '""',
  "a'b",
  "a\nb",
  "a\r\nb",
  "\r",
  "\n",
  "\t",
  "a\tb",
  "\\",
  "\\.",
  "\\N",
  "\\n",
  "NULL",
  "null",
  "=1+1",
  "+1",
  "-1",
  "@x",
  "#",
  ";",
  "|",
  "€",
  "漢字",
  "😀",
  "e\u0301",
  "\u202eabc",
  "\ufeffbom",
  "\u00a0",
  "\u200b",
  "\x01\x02",
  "\x7f",
  "x".repeat(70_000),
  "'; drop table victim; --",
  "$1",
  "$$",
  "/*",
  "--",
  "{}",
  "[1]",
  "<a&b>",
  "0",
  "1e5",
  "true",
  "_x0041_",
  "\ud83d\ude00".repeat(20),
  "a\\b",
  "a\u2028b",
  ",",
  ",,",
  '","',
  "\n\n",
  "\\.\n",
  "end",
];

/** A million for a long run: `LONG_TRANSFERS=1`. */
const many = process.env.LONG_TRANSFERS === undefined ? 20_000 : 1_000_000;
let place: TransferConsole;
const scratch = mkdtempSync(join(tmpdir(), "cloak-copy-"));

beforeAll(async () => {
  place = await transferConsole(`
    create table victim (id int); grant all on victim to app;
    create table odd (id int primary key, t text, n numeric, big bigint, f float8, at timestamptz, d date, iv interval,
      b bytea, ok boolean, j json, jb jsonb, a text[], r int4range, u uuid, "Odd ""name"", it" text,
      g int generated always as (id * 2) stored, i bigint generated always as identity);
    create table lone (a text);
    insert into lone values ('\\.'), (null), ('');
    create table many (id int primary key, t text);
    insert into many select n, repeat('x', 1000) from generate_series(1, ${many}) n;
    grant all on odd, lone, many to app;
    create table shut (a int);
  `);
  await place.server.admin(
    `insert into odd select nr, one, 12345678901234567890.123450, 9007199254740993 + nr, 1.1e300,
        '2024-02-29 23:59:59.123456+05:30', '0044-03-15 BC', '1 mon -2 days 03:04:05.000006', '\\xdeadbeef5c', nr % 2 = 0,
        '{"b": 1,\n "b":2}', '{"x": "\\u00e9"}', array[one, null, 'a,b'], '[1,)', '00000000-0000-0000-0000-000000000001', one
       from unnest($1::text[]) with ordinality as given (one, nr)`,
    [texts],
  );
  await place.server.admin("insert into odd (id) values (1000)");
}, 30_000);
afterAll(async () => {
  await place?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

const table = (name: string, more: object = {}): ExportAsk["what"] =>
  ({ kind: "table", schema: "public", table: name, ...more }) as ExportAsk["what"];
const statement = (sql: string, more: object = {}): ExportAsk["what"] =>
  ({ kind: "statement", sql, ...more }) as ExportAsk["what"];

/** What the server's own COPY writes into a file of its own: what `\copy` writes, without a psql. */
async function copied(sql: string, options: string): Promise<Buffer> {
  const file = join(scratch, "copied");
  rmSync(file, { force: true });
  execFileSync("chmod", ["777", scratch]);
  await place.server.admin(`copy (${sql}) to '${file}' with (${options}, encoding 'UTF8')`);
  return readFileSync(file);
}

/** Runs a script as psql does: the lines after a COPY are its data. */
async function brought(script: string, format: "insert" | "copy"): Promise<void> {
  if (format === "insert") {
    await place.server.admin(script);
    return;
  }
  const [start = "", ...lines] = script.split("\n");
  expect(lines.slice(-2)).toEqual(["\\.", ""]);
  execFileSync("chmod", ["777", scratch]);
  const file = join(scratch, "data");
  execFileSync("tee", [file], {
    input: `${lines.slice(0, -2).join("\n")}\n`,
    stdio: ["pipe", "ignore", "ignore"],
  });
  await place.server.admin(start.replace("from stdin;", `from '${file}' with (encoding 'UTF8')`));
}

async function bytesOf(ask: Omit<ExportAsk, "rev">): Promise<Buffer> {
  const answer = await place.exported(ask);
  expect(answer.status, answer.ok ? "" : await answer.clone().text()).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

describe("a file has the bytes that COPY writes", () => {
  const columns = [
    "t",
    "n",
    "big",
    "f",
    "d",
    "iv",
    "b",
    "ok",
    "j",
    "jb",
    "a",
    "r",
    "u",
    'Odd "name", it',
    "g",
    "i",
  ];
  const selected = columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(", ");

  test.each([
    ["csv", {}, "format csv, header true"],
    ["csv", { header: false }, "format csv"],
    ["csv", { nullText: "NULL" }, "format csv, header true, null 'NULL'"],
    ["tsv", {}, "format csv, header true, delimiter E'\\t'"],
  ] as const)("%s %o", async (format, more, options) => {
    const what = table("odd", { columns, sort: [{ column: "id", descending: false }] });
    const ours = await bytesOf({ what, format, ...more });
    expect(ours.equals(await copied(`select ${selected} from odd order by id`, options))).toBe(true);
  });

  test("of a statement, of one column, of one without rows", async () => {
    const sql = "select a from lone -- the end";
    expect(
      (await bytesOf({ what: statement(sql), format: "csv" })).equals(
        await copied("select a from lone", "format csv, header true"),
      ),
    ).toBe(true);
    expect(String(await bytesOf({ what: statement("select 1 as a where false"), format: "csv" }))).toBe(
      "a\n",
    );
  });

  test("also where COPY does not take the statement, or its values", async () => {
    const what = statement("select t, n, j from odd where id < $1 order by id", { values: ["900"] });
    const ours = await bytesOf({ what, format: "csv", nullText: "NULL" });
    const options = "format csv, header true, null 'NULL'";
    expect(ours.equals(await copied("select t, n, j from odd where id < 900 order by id", options))).toBe(
      true,
    );
    expect(String(await bytesOf({ what: statement("show work_mem"), format: "csv" }))).toBe(
      "work_mem\n4MB\n",
    );
    const alone = statement("select a from lone where $1 = '1'", { values: ["1"] });
    expect(
      (await bytesOf({ what: alone, format: "csv" })).equals(
        await copied("select a from lone", "format csv, header true"),
      ),
    ).toBe(true);
  });

  test("with the page's filters, condition and order", async () => {
    const filters = [{ column: "t", operator: "contains", value: "'" }];
    const what = table("odd", {
      columns: ["id", "t"],
      filters,
      where: "id > 0 -- all",
      sort: [{ column: "t", descending: true }],
    });
    const ours = await bytesOf({ what, format: "csv" });
    expect(
      ours.equals(
        await copied("select id, t from odd where t like '%''%' order by t desc", "format csv, header true"),
      ),
    ).toBe(true);
  });

  test("and its size and hash are told", async () => {
    const ours = await bytesOf({
      what: table("many", { sort: [{ column: "id", descending: false }] }),
      format: "csv",
    });
    const [newest] = await place.transfers();
    expect(newest).toMatchObject({ state: "done", rows: many, bytes: ours.length, table: "public.many" });
    expect(newest?.sha256).toBe(createHash("sha256").update(ours).digest("hex"));
    expect(place.audit()).toContain(newest?.sha256);
    expect(ours.equals(await copied("select * from many order by id", "format csv, header true"))).toBe(true);
  });
});

describe("other forms", () => {
  test("JSON lines keep every digit, and columns of one name apart", async () => {
    const sql = `select id, n, big, ok, j, jb, t, f, 1 as id from odd where id in (2, 1000) order by odd.id`;
    const lines = String(await bytesOf({ what: statement(sql), format: "json-lines" })).split("\n");
    expect(lines[0]).toBe(
      `{"id":2,"n":12345678901234567890.123450,"big":9007199254740995,"ok":true,"j":{"b": 1,  "b":2},"jb":{"x": "é"},"t":" ","f":1.1e+300,"id_2":1}`,
    );
    expect(lines[1]).toBe(
      `{"id":1000,"n":null,"big":null,"ok":null,"j":null,"jb":null,"t":null,"f":null,"id_2":1}`,
    );
    expect(lines).toHaveLength(3);
  });

  test.each(["insert", "copy"] as const)("a script of %s brings the same rows back", async (format) => {
    const script = String(await bytesOf({ what: table("odd"), format }));
    const name = `odd_${format}`;
    await place.server.admin(`create table ${name} (like odd including all)`);
    const renamed = script.replaceAll(`"public"."odd"`, `"public"."${name}"`);
    await brought(renamed, format);
    const differ = await place.server.admin(
      `select count(*)::int as n from (select odd::text as x from odd except select o::text from ${name} o) d`,
    );
    const rows = await place.server.admin(`select count(*)::int as n from ${name}`);
    expect([differ[0]?.n, rows[0]?.n]).toEqual([0, texts.length + 1]);
  });

  test.each(["insert", "copy"] as const)(
    "a script of %s knows rows without columns, columns of one name, zeros with a minus",
    async (format) => {
      const scriptOf = async (sql: string) => String(await bytesOf({ what: statement(sql), format }));
      const result = async (columns: string, script: string) => {
        await place.server.admin(`drop table if exists result; create table result (${columns})`);
        await brought(script, format);
        return place.server.admin("select result::text as row from result");
      };
      expect(await result("", await scriptOf("select from generate_series(1, 3)"))).toEqual(
        Array.from({ length: 3 }, () => ({ row: "()" })),
      );
      expect(await result("a int, a_2 int", await scriptOf("select 1 as a, 2 as a"))).toEqual([
        { row: "(1,2)" },
      ]);
      const zeros = "select '-0'::float8 as a, '-0'::float4 as b, -1::float8 as c";
      expect(await result("a float8, b float4, c float8", await scriptOf(zeros))).toEqual([
        { row: "(-0,-0,-1)" },
      ]);
    },
  );

  test("a server that would end the data of a script, to bring commands of psql, ends the file", async () => {
    const proxy = createServer((client) => {
      const there = connect(place.server.port, "127.0.0.1");
      client.pipe(there);
      // As long as what it stands for.
      there.on("data", (bytes) =>
        client.write(bytes.toString("latin1").replace("EVIL-LINE", "\n\\.\n\\! id"), "latin1"),
      );
      for (const [one, other] of [
        [client, there],
        [there, client],
      ] as const)
        one.on("close", () => other.destroy()).on("error", () => other.destroy());
    });
    await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
    const connection = await place.behind((proxy.address() as AddressInfo).port);
    const what = statement("select 'EVIL' || '-LINE' as a");
    expect((await place.exported({ what, format: "insert" }, { connection })).status).toBe(200);
    const script = await place.exported({ what, format: "copy" }, { connection });
    await expect(script.text()).rejects.toThrow();
    proxy.close();
  });

  test("a workbook, read by another reader", async () => {
    const short =
      "select id, t, n, big, ok, f, '1.5'::numeric as exact from odd where length(t) < 1000 or t is null order by id";
    const cells = sheet(await bytesOf({ what: statement(short), format: "xlsx" }));
    expect(cells[0]).toEqual(["id", "t", "n", "big", "ok", "f", "exact"].map((text) => ({ text })));
    const short_ = texts.filter((text) => text.length < 1000);
    expect(cells.slice(1, -1).map((row) => row[1])).toEqual(short_.map((text) => ({ text })));
    expect(cells[2]).toEqual([
      { number: "2" },
      { text: " " },
      { text: "12345678901234567890.123450" },
      { text: "9007199254740995" },
      { boolean: "1" },
      { number: "1.1e+300" },
      { number: "1.5" },
    ]);
    expect(cells.at(-1)).toEqual([{ number: "1000" }, {}, {}, {}, {}, {}, { number: "1.5" }]);
  });

  test("a value that no cell holds ends the file as a failed one, never cut", async () => {
    const answer = await place.exported({ what: table("odd", { columns: ["t"] }), format: "xlsx" });
    await expect(answer.arrayBuffer()).rejects.toThrow();
    expect((await place.transfers())[0]).toMatchObject({
      state: "failed",
      trouble: { why: "cell" },
      sha256: null,
    });
  });

  test("formulas are guarded where that is asked for, numbers stay", async () => {
    const sql = "select '=1+1' as a, '-x' as b, -1 as c, ' =' as d";
    const ours = await bytesOf({ what: statement(sql), format: "csv", guardFormulas: true });
    expect(String(ours)).toBe("a,b,c,d\n'=1+1,'-x,-1, =\n");
  });

  // Those that OWASP names under CSV injection; wide ones are formulas where the spreadsheet's language writes them.
  test.each(["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])(
    "a text that begins with %j",
    async (sign) => {
      const sql = `select $$${sign}1+1$$ as a`;
      const ours = await bytesOf({ what: statement(sql), format: "csv", guardFormulas: true });
      expect(String(ours).replaceAll('"', "")).toBe(`a\n'${sign}1+1\n`);
    },
  );
});

describe("a person's text stays where it is put", () => {
  /** Each would do something else, were it sent as it stands in the middle of a COPY. */
  const escapes = [
    "select 1) to stdout; commit; drop table victim; commit; copy (select 1",
    "select 1) to stdout; drop table victim; --",
    "select 1) to program 'true' --",
    "select 1) to '/dev/null' --",
    "select 1) to stdout with (format binary) --",
    "select 1 /*",
    "select 1 -- \n) to stdout; drop table victim --",
    "select 'a",
    "select $a$",
    "select 1; drop table victim",
    "drop table victim",
    "insert into victim values (1) returning id",
    "with x as (delete from victim returning id) select * from x",
    "copy victim to stdout",
    "copy victim from stdin",
    "",
    "select 1 as a into grabbed",
    "begin",
  ];

  test.each(escapes)("statement: %s", async (sql) => {
    for (const format of ["csv", "insert", "copy", "xlsx"] as const) {
      const answer = await place.exported({ what: statement(sql), format });
      const text = await answer.text().catch(() => "broke off");
      expect([400, 422, 200]).toContain(answer.status);
      if (answer.status === 200) expect(text).toBe("broke off");
    }
    await stands();
  });

  test.each(escapes.map((sql) => sql.replace(/^select 1/, "true")))("condition: %s", async (where) => {
    const answer = await place.exported({ what: table("many", { where }), format: "csv" });
    if (where.trim() === "") await answer.arrayBuffer();
    else expect([where, answer.status]).toEqual([where, 422]);
    await stands();
  });

  test("a filter, a time zone, a name and a text for NULL are nothing but that", async () => {
    const odd = "x') to stdout; drop table victim; --";
    const filters = [{ column: "t", operator: "=", value: odd }];
    expect((await place.exported({ what: table("many", { filters }), format: "csv" })).status).toBe(200);
    expect((await place.exported({ what: table("many", { timeZone: odd }), format: "csv" })).status).toBe(
      422,
    );
    expect((await place.exported({ what: table(odd), format: "csv" })).status).toBe(404);
    const sort = [{ column: odd, descending: true }];
    expect((await place.exported({ what: table("many", { sort }), format: "csv" })).status).toBe(422);
    const what = statement("select null as a");
    const text = await place.exported({ what, format: "csv", nullText: "') to 'x' --" });
    expect(await text.text()).toBe("a\n') to 'x' --\n");
    await stands();
  });

  async function stands(): Promise<void> {
    const rows = await place.server.admin("select count(*)::int as n from victim");
    const grabbed = await place.server.admin("select to_regclass('grabbed') is null as gone");
    expect([rows[0]?.n, grabbed[0]?.gone]).toEqual([0, true]);
  }
});

test("what was asked for is written nowhere", () => {
  expect(place.audit()).toContain("data-export");
  for (const text of ["victim", "select ", "pg_sleep", "/dev/null"])
    expect(place.audit()).not.toContain(text);
});

describe("a file that breaks off", () => {
  const slow = () =>
    place.exported({
      what: statement(
        "select n, repeat('x', 1000), case when n > 5000 then pg_sleep(0.02) end from generate_series(1, 100000) n",
      ),
      format: "csv",
    });

  test("is a failed one when the server ends its session", async () => {
    const answer = await slow();
    const reading = answer.arrayBuffer();
    await started();
    await place.server.admin(
      "select pg_terminate_backend(pid) from pg_stat_activity where query like 'copy (%' and usename = 'app'",
    );
    await expect(reading).rejects.toThrow();
    expect((await place.transfers())[0]).toMatchObject({
      state: "failed",
      sha256: null,
      trouble: { sqlstate: "57P01" },
    });
  });

  test("by a failing row, with the server's words", async () => {
    const sql = "select 1 / (50000 - n) as a from generate_series(1, 100000) n";
    const answer = await place.exported({ what: statement(sql), format: "csv" });
    await expect(answer.arrayBuffer()).rejects.toThrow();
    expect((await place.transfers())[0]).toMatchObject({
      state: "failed",
      trouble: { why: "server", sqlstate: "22012" },
    });
  });

  test("is cancelled by its own panel, also while nobody reads, and the server stops", async () => {
    const answer = await place.exported({ what: table("many"), format: "csv" });
    const [running] = await place.transfers();
    expect(running?.state).toBe("running");
    await place.call("transfers", { id: running?.id });
    await expect(answer.arrayBuffer()).rejects.toThrow();
    expect((await place.transfers())[0]?.state).toBe("cancelled");
    await quiet();
  });

  test("is given up when the browser goes away", async () => {
    const answer = await slow();
    const reader = answer.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect((await place.transfers())[0]).toMatchObject({ state: "failed", trouble: { why: "left" } });
    await quiet();
  });

  describe("before it has begun, while another locks the table,", () => {
    const locked = async () =>
      (await place.server.admin("select count(*)::int as n from pg_locks where not granted"))[0]?.n;
    let holding: Promise<unknown>;

    async function hold(): Promise<void> {
      holding = place.server.admin("begin; lock table lone; select pg_sleep(60)").catch(() => undefined);
      const taken =
        "select 1 from pg_locks where granted and mode = 'AccessExclusiveLock' and relation = 'lone'::regclass::oid";
      await vi.waitFor(async () => expect(await place.server.admin(taken)).toHaveLength(1));
    }
    afterEach(async () => {
      await place.server.admin(
        "select pg_terminate_backend(pid) from pg_stat_activity where query like 'begin; lock table lone%'",
      );
      await holding;
    });
    const ask = { what: statement("select a from lone"), format: "csv", rev: 1 };

    test("is cancelled by its panel", async () => {
      const { ticket, transfer } = (await (await place.call("exports", ask)).json()) as ExportTicket;
      await hold();
      const answer = place.call("ticket", undefined, { of: ticket });
      await vi.waitFor(async () => expect(await locked()).toBe(1));
      await place.call("transfers", { id: transfer });
      expect((await answer).status).not.toBe(200);
      expect(await locked()).toBe(0);
      expect((await place.transfers())[0]).toMatchObject({ id: transfer, state: "cancelled" });
    });

    test("is not asked for any longer than its browser waits", async () => {
      await hold();
      const gone = new AbortController();
      const answer = place.call("exports", ask, { signal: gone.signal });
      await vi.waitFor(async () => expect(await locked()).toBe(1));
      gone.abort();
      expect((await answer).status).not.toBe(200);
      expect(await locked()).toBe(0);
    });
  });

  const copies =
    "select count(*)::int as n from pg_stat_activity where query like 'copy (%' and state = 'active'";
  async function started(): Promise<void> {
    await vi.waitFor(async () => expect((await place.server.admin(copies))[0]?.n).toBe(1));
  }
  async function quiet(): Promise<void> {
    await vi.waitFor(async () => expect((await place.server.admin(copies))[0]?.n).toBe(0), 4_000);
  }
});

describe("in a tab's own session", () => {
  const tab = { id: randomId(), lease: randomId(), name: "SQL 1" };
  let session: string | undefined;

  async function run(sql: string, inTransaction = false): Promise<string> {
    const held = session === undefined ? {} : { session };
    const body = { sql, readOnly: false, runId: randomId(), tab: { ...tab, ...held }, rev: 1, inTransaction };
    const text = await (await place.call("run", body)).text();
    session = /"type":"session","session":\{"id":"([^"]+)"/.exec(text)?.[1] ?? session;
    return text;
  }
  const exported = (sql: string, inTransaction = false) =>
    place.exported({
      what: statement(sql, { inTransaction, tab: { ...tab, ...(session === undefined ? {} : { session }) } }),
      format: "csv",
    });

  test("what is temporary, or set, is there", async () => {
    await run("create temp table mine as select 'of this tab' as a");
    await run("set datestyle = 'German'");
    expect(await (await exported("select a, date '2024-02-29' as d from mine")).text()).toBe(
      "a,d\nof this tab,29.02.2024\n",
    );
    expect((await place.exported({ what: statement("table mine"), format: "csv" })).status).toBe(422);
    expect(await run("table mine")).toContain("of this tab");
  });

  test("an open transaction is seen, and goes on whatever the export comes to", async () => {
    await run("begin");
    await run("insert into victim values (7)", true);
    expect(await (await exported("table victim", true)).text()).toBe("id\n7\n");
    expect((await exported("table nothing_of_this_name", true)).status).toBe(422);
    const failing = await exported("select 1 / (100 - n) as a from generate_series(1, 200) n", true);
    await expect(failing.text()).rejects.toThrow();
    const writing = await exported(
      "with x as (insert into victim values (8) returning id) select id from x",
      true,
    );
    await expect(writing.text()).rejects.toThrow();
    // As it is where a browser leaves just when the session was acquired.
    const { checkPlan, openExport, statementPlan } = await import("#lib/transfer/export-run.ts");
    const { acquireClient } = await import("#app/_server/acquire-client.ts");
    const { handlerActor } = await import("#app/_server/guard.ts");
    const actor = await handlerActor(new Request("http://x", { headers: sent.headers }), "connections:use");
    if (actor instanceof Response) throw new Error("who calls");
    const held = { ...tab, ...(session === undefined ? {} : { session }) };
    const what = {
      kind: "statement" as const,
      sql: "table victim",
      values: [],
      inTransaction: true,
      tab: held,
    };
    const gone = { signal: AbortSignal.abort(), cancel: async () => undefined };
    for (const begin of [checkPlan, openExport]) {
      const acquired = await acquireClient(actor, { profileId: place.id, mode: "read-write", tab: held });
      if (!acquired.ok) throw new Error(acquired.problem.problem.code);
      const ask = { format: "csv", header: true, nullText: "", guardFormulas: false } as const;
      await expect(begin(acquired.value.session, statementPlan({ ...ask, what }), gone)).rejects.toThrow();
      acquired.value.session.discard();
    }
    expect(await run("select count(*) from victim", true)).toContain('[["1"]]');
    expect(await run("rollback", true)).toContain('"transaction":"none"');
  });
});

describe("a ticket", () => {
  test("is good once, and for whoever it was given to", async () => {
    const given = await place.call("exports", { what: table("lone"), format: "csv", rev: 1 });
    const { ticket } = (await given.json()) as { ticket: string };
    expect((await place.call("ticket", undefined, { of: ticket, headers: { cookie: "" } })).status).toBe(401);
    const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    expect((await place.call("ticket", undefined, { of: ticket, headers: foreign })).status).toBe(403);
    expect((await place.call("ticket", undefined, { of: ticket, method: "HEAD" })).status).toBe(404);
    const answer = await place.call("ticket", undefined, { of: ticket });
    expect(answer.headers.get("content-disposition")).toBe(
      `attachment; filename="lone.csv"; filename*=UTF-8''lone.csv`,
    );
    expect(answer.headers.get("cache-control")).toContain("no-store");
    await answer.arrayBuffer();
    expect((await place.call("ticket", undefined, { of: ticket })).status).toBe(404);
  });

  test("is worth nothing once its export was cancelled", async () => {
    const given = await place.call("exports", { what: table("lone"), format: "csv", rev: 1 });
    const { ticket, transfer } = (await given.json()) as ExportTicket;
    await place.call("transfers", { id: transfer });
    expect((await place.transfers()).map(({ id }) => id)).not.toContain(transfer);
    expect((await place.call("ticket", undefined, { of: ticket })).status).toBe(404);
  });

  test("is forgotten with its statement after a minute, whoever asks for another", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const given = await place.call("exports", { what: table("lone"), format: "csv", rev: 1 });
      const { ticket, transfer } = (await given.json()) as ExportTicket;
      const kept = processWide("export-tickets", () => new Map<string, unknown>());
      expect(kept.has(ticket)).toBe(true);
      await vi.advanceTimersByTimeAsync(60_001);
      expect(kept.has(ticket)).toBe(false);
      expect((await place.transfers()).map(({ id }) => id)).not.toContain(transfer);
    } finally {
      vi.useRealTimers();
    }
  });

  test("what may not be read is refused beforehand", async () => {
    const answer = await place.exported({ what: table("shut"), format: "csv" });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ sqlstate: "42501" });
  });
});

/** An independent little reader of workbooks: by the directory at the end of the archive, and the XML's own tokens. */
function sheet(file: Buffer): readonly (readonly { text?: string; number?: string; boolean?: string }[])[] {
  const end = file.lastIndexOf(Buffer.from("PK\x05\x06"));
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [packed, nameLength, extra, comment, offset] = [
      file.readUInt32LE(at + 20),
      file.readUInt16LE(at + 28),
      file.readUInt16LE(at + 30),
      file.readUInt16LE(at + 32),
      file.readUInt32LE(at + 42),
    ] as const;
    const name = file.toString("utf8", at + 46, at + 46 + nameLength);
    at += 46 + nameLength + extra + comment;
    if (name !== "xl/worksheets/sheet1.xml") continue;
    const data = offset + 30 + file.readUInt16LE(offset + 26) + file.readUInt16LE(offset + 28);
    const xml = inflateRawSync(file.subarray(data, data + packed)).toString("utf8");
    return [...xml.matchAll(/<row>(.*?)<\/row>/gs)].map(([, row = ""]) =>
      [...row.matchAll(/<c\/>|<c(?: t="(\w+)")?>(.*?)<\/c>/gs)].map(([, type, inner]) => {
        if (inner === undefined) return {};
        const value = /<v>(.*?)<\/v>/.exec(inner)?.[1] ?? "";
        if (type === "b") return { boolean: value };
        if (type === undefined) return { number: value };
        const text = /<t[^>]*>(.*?)<\/t>/s.exec(inner)?.[1] ?? "";
        return { text: unescaped(text) };
      }),
    );
  }
  throw new Error("no sheet");
}

function unescaped(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/_x([0-9A-F]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
