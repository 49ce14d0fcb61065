import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connect } from "#lib/connect/connect.ts";
import { problem } from "#lib/problems/problem.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { LiveClients } from "#lib/session/live-clients.ts";
import type { RunEvent } from "#lib/session/run-events.ts";
import { runStatement } from "#lib/session/run-statement.ts";
import { mostValues } from "#lib/session/statement.ts";
import { cancelPlainly } from "#tests/support/open-plainly.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";

/** Values go to the server beside the statement, in its Bind message; none is ever part of its text. */
let server: SampleServer;
let clients = new LiveClients(connect);

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password: "secret" }],
    fill: {
      postgres: `create table item (id int primary key, name text, tags text[], at timestamptz, price numeric(10,2), data jsonb);
                 grant all on item to app;`,
    },
  });
});
afterEach(() => {
  clients.close({}, problem("cancelled"));
  clients = new LiveClients(connect);
});
afterAll(() => server?.stop());

describe.each([true, false])("read-only %s", (readOnly) => {
  test("each value is read by its type's own input function", async () => {
    const values = [
      "42",
      "1.50",
      "t",
      "2026-01-02 03:04:05+00",
      '{"a": [1, null]}',
      '{x,"y z"}',
      "\\x00ff",
      "[1,5)",
    ];
    const events = await run(
      `select $1::int, $2::numeric(10,2), $3::bool, $4::timestamptz at time zone 'UTC', $5::jsonb, $6::text[], $7::bytea, $8::int4range`,
      values,
      readOnly,
    );
    expect(rowsOf(events)).toEqual([
      ["42", "1.50", "t", "2026-01-02 03:04:05", '{"a": [1, null]}', '{x,"y z"}', "\\x00ff", "[1,5)"],
    ]);
    expect(events.find(({ type }) => type === "columns")).toMatchObject({
      columns: [
        { type: "integer" },
        { type: "numeric(10,2)" },
        { type: "boolean" },
        {},
        { type: "jsonb" },
        {},
        {},
        {},
      ],
    });
  });

  test("NULL is not the empty text, nor the word", async () => {
    const events = await run(
      "select $1::text is null, $2::text = '', $3::text",
      [null, "", "NULL"],
      readOnly,
    );
    expect(rowsOf(events)).toEqual([["t", "t", "NULL"]]);
  });

  test.each(["'; drop table item; --", "$1", "a\\'b", 'x" or 1=1', "é漢🙂\n\t", "$$"])(
    "a value is never read as SQL: %j",
    async (value) => {
      expect(rowsOf(await run("select $1::text, $2", [value, value], readOnly))).toEqual([[value, value]]);
    },
  );

  test.each([
    ["fewer than there are", "select $1::int, $2::int", ["1"], "08P01"],
    ["none", "select $1::int", [], "08P01"],
    ["more than there are", "select $1::int", ["1", "2"], "08P01"],
    ["some, where there is no parameter", "select 1", ["1"], "08P01"],
    ["one that its type does not read", "select $1::int", ["one"], "22P02"],
    ["one whose type nobody knows", "select $2::int", ["1", "2"], "42P18"],
  ])("%s: the server's own error, and the session goes on", async (_name, sql, values, sqlstate) => {
    const events = await run(sql, values, readOnly);
    expect(events.at(-1)).toMatchObject({ type: "error", problem: null, stopped: null, error: { sqlstate } });
    expect(rowsOf(await run("select $1", ["on"], readOnly))).toEqual([["on"]]);
  });

  test("as many as the protocol has room for", async () => {
    const values = Array.from({ length: mostValues }, (_, index) => String(index));
    const sum = values.map((_, index) => `$${index + 1}::int`);
    const events = await run(`select cardinality(array[${sum.join(",")}])`, values, readOnly);
    expect(rowsOf(events)).toEqual([[String(mostValues)]]);
  });

  test("a long one arrives whole", async () => {
    const long = "é".repeat(500_000);
    expect(
      rowsOf(await run("select length($1), md5($1) = md5(repeat('é', 500000))", [long], readOnly)),
    ).toEqual([["500000", "t"]]);
  });
});

test("rows of a result with values come in batches, too, and are written with them", async () => {
  const many = await run("select g + $1::int from generate_series(1, 5000) g", ["10"], true);
  expect(rowsOf(many)).toHaveLength(5000);
  expect(rowsOf(many).at(-1)).toEqual(["5010"]);
  const sql = "insert into item values ($1, $2, $3, $4, $5, $6) returning id, name, price";
  const written = await run(sql, ["1", "it's", "{a,b}", "2026-01-01", "2.5", null], false);
  expect(written.at(-1)).toMatchObject({ type: "done", affected: 1 });
  expect(rowsOf(written)).toEqual([["1", "it's", "2.50"]]);
});

function rowsOf(events: readonly RunEvent[]) {
  return events.flatMap((event) => (event.type === "rows" ? event.rows : []));
}

async function run(text: string, values: readonly (string | null)[], readOnly: boolean): Promise<RunEvent[]> {
  const session = await clients.acquire({
    userId: "user-1",
    sessionId: "session-1",
    kind: "tab",
    tab: { id: "view-1", lease: "lease-1", name: "" },
    profile: sampleProfile({ port: server.port }),
    mode: readOnly ? "read-only" : "read-write",
    dial: { network: { allowLoopback: true } },
  });
  if (!session.ok) throw new Error(session.problem.problem.code);
  const { signal } = new AbortController();
  const cancel = () => cancelPlainly(server.port, session.value.connection.backend);
  const asked = { statement: { text, values }, readOnly, rowCap: 10_000, timeoutMs: 30_000, signal, cancel };
  const events: RunEvent[] = [];
  for await (const event of runStatement(session.value, asked)) events.push(event);
  return events;
}
