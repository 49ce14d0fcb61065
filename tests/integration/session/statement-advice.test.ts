import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connect } from "#lib/connect/connect.ts";
import { problem } from "#lib/problems/problem.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { LiveClients } from "#lib/session/live-clients.ts";
import type { RunEvent } from "#lib/session/run-events.ts";
import { runStatement } from "#lib/session/run-statement.ts";
import { doneAdvice, statementAdvice } from "#lib/session/statement-advice.ts";
import { cancelPlainly } from "#tests/support/open-plainly.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";

/** What a real server says of what people paste, and what is advised. */
let server: SampleServer;
let clients = new LiveClients(connect);

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password: "secret", superuser: true }],
    fill: {
      postgres: `create table item (id int primary key, name text);
                 create procedure in_steps() language plpgsql as $$ begin commit; end $$;`,
    },
  });
});
afterEach(() => {
  clients.close({}, problem("cancelled"));
  clients = new LiveClients(connect);
});
afterAll(() => server?.stop());

describe.each([true, false])("a paste, read-only %s", (readOnly) => {
  test.each([
    ["\\d", "psql-command"],
    ["\\dt public.*", "psql-command"],
    ["\\c shop", "psql-command"],
    ["  \\timing", "psql-command"],
    ["\\copy item from 'item.csv' csv", "psql-command"],
    ["select 1 \\gx", "psql-command"],
    ["select 1\n\\watch 5", "psql-command"],
    ["\\restrict abc\nselect 1", "psql-command"],
    ["select\u00a0id from item", "odd-blank"],
    ["select id\u00a0from item", "odd-blank"],
    ["select id from item where\u202fid = 1", "odd-blank"],
    ["select id from\u3000item", "odd-blank"],
    ["\ufeffselect 1", "odd-blank"],
    ["select id from it\u200bem", "odd-blank"],
    ["select id\u200e from item", "odd-blank"],
    ["select id from item where name = ‘x’", "typographic-sign"],
    ["select “id” from item", "typographic-sign"],
    ["select id from «item»", "typographic-sign"],
    ["select id from „item“", "typographic-sign"],
    ["select id – 1 from item", "typographic-sign"],
    ["select id − 1 from item", "typographic-sign"],
    ["select 1 — a remark", "typographic-sign"],
    ["select id，name from item", "typographic-sign"],
    ["select count（*） from item", "typographic-sign"],
    ["select * from item where id = $1", "parameter"],
    ["select $1", "parameter"],
    ["select * from item where id = ?", "parameter"],
    ["select * from item where id = :id", "parameter"],
    ["select * from item where id = %s", "parameter"],
    ["select * from item where id = %(id)s", "parameter"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what people paste.
    ["select * from item where id = ${id}", "parameter"],
    ["select * from item where id = {{ id }}", "parameter"],
    ["COPY public.item (id, name) FROM stdin;\n1\tone\n2\ttwo\n\\.\n", "copy-stdin"],
    ["copy item from stdin with (format csv)", "copy-stdin"],
    ["copy item from stdin;\n\\.", "copy-stdin"],
  ])("%j: %s", async (sql, id) => {
    expect(await adviceOf(sql, readOnly)).toBe(id);
  });

  test.each([
    "selec 1",
    "select * from no_such_table",
    "select no_such_column from item",
    "select '\u00a0 “x”' frm item limit",
    'select 1 as "a\u00a0b" frm item',
    "selec 'C:\\d'",
    "selec 1 -- where id = $1 and “x”",
    "selec $$ \\d ? :name $$",
    "select '{}'::jsonb ? 'a' limit",
    "select 1::int frm item",
    "select id from item where id = 1 limit",
  ])("nothing of %j", async (sql) => {
    expect(await adviceOf(sql, readOnly)).toBeUndefined();
  });
});

describe("under the read-only switch", () => {
  test.each([
    ["vacuum item", "read-only-block"],
    ["vacuum", "read-only-block"],
    ["call in_steps()", "read-only-block"],
    ["set transaction read write", "read-only-block"],
    ["create database other", "read-only"],
    ["drop database other", "read-only"],
    ["reindex table concurrently item", "read-only-block"],
    ["create index concurrently on item (id)", "read-only"],
    ["alter system set work_mem = '8MB'", "read-only-block"],
    ["insert into item values (1)", "read-only"],
    ["create table x ()", "read-only"],
  ])("%s: the switch is the reason", async (sql, id) => {
    const found = await adviceOf(sql, true);
    expect(["read-only", "read-only-block"]).toContain(found);
    expect(found).toBe(id);
  });

  test("the same without the switch is done, or refused for another reason", async () => {
    expect((await run("vacuum item", false)).at(-1)).toMatchObject({ type: "done" });
    await run("begin", false);
    expect(await adviceOf("vacuum item", false)).toBeUndefined();
  });

  test("its time is up", async () => {
    const events = await run("select pg_sleep(30)", true, 200);
    expect(adviceIn(events, "select pg_sleep(30)", true)).toBe("read-only-time");
  });

  test.each([
    "set work_mem = '8MB'",
    "set time zone 'UTC'",
    "reset work_mem",
    "begin",
    "start transaction",
    "commit",
    "rollback",
    "savepoint s",
    "prepare p as select 1",
    "declare c cursor for select 1",
    "listen something",
    "unlisten *",
    "notify something",
    "lock table item in access share mode",
    "deallocate all",
    "discard plans",
  ])("%s: is said to have no effect", async (sql) => {
    const events = await run(sql, true);
    const end = events.at(-1);
    expect(end).toMatchObject({ type: "done" });
    expect(end?.type === "done" && doneAdvice(end, true)).toBe("no-effect");
  });

  test.each([
    "select 1",
    "show work_mem",
    "explain select 1",
    "values (1)",
    "table item",
    "do $$ begin end $$",
  ])("%s: nothing is said", async (sql) => {
    const end = (await run(sql, true)).at(-1);
    expect(end?.type === "done" && doneAdvice(end, true)).toBeUndefined();
  });
});

test("of LISTEN without the switch it is said when it is heard, and of SET nothing", async () => {
  const heard = (await run("listen something", false)).at(-1);
  expect(heard?.type === "done" && doneAdvice(heard, false)).toBe("listen-heard");
  const set = (await run("set work_mem = '8MB'", false)).at(-1);
  expect(set?.type === "done" && doneAdvice(set, false)).toBeUndefined();
});

async function adviceOf(sql: string, readOnly: boolean) {
  return adviceIn(await run(sql, readOnly), sql, readOnly);
}

function adviceIn(events: readonly RunEvent[], sql: string, readOnly: boolean) {
  const end = events.at(-1);
  if (end?.type !== "error" || end.error === null) throw new Error(`no error: ${JSON.stringify(end)}`);
  return statementAdvice(end.error, readOnly, sql)?.id;
}

async function run(text: string, readOnly: boolean, timeoutMs = 10_000): Promise<RunEvent[]> {
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
  const statement = { text, values: [] };
  const events: RunEvent[] = [];
  const running = runStatement(session.value, {
    statement,
    readOnly,
    rowCap: 100,
    timeoutMs,
    signal,
    cancel,
  });
  for await (const event of running) events.push(event);
  return events;
}
