import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkStore } from "#lib/stores/postgres/check-store.ts";
import { storeLink } from "#lib/stores/postgres/link.ts";
import { runCli, scratchFolder } from "#tests/support/run-cli.ts";
import { type StoreServer, startStoreServer } from "#tests/support/store-server.ts";

let server: StoreServer;

beforeAll(async () => {
  server = await startStoreServer();
});
afterAll(() => server.stop());

const admin = (sql: string) => server.server.admin(sql, undefined, "vault");

async function findingsIn(schema: string, now?: () => number) {
  const link = storeLink(server.setting(schema));
  const findings = await checkStore(link, now).finally(() => link.close());
  return Object.fromEntries(findings.map(({ need, ok, problem }) => [need, ok || problem?.facts]));
}

const whole = { connect: true, records: true, live: true, log: true, "log-kept": true, clock: true };

describe("cloak-db store", () => {
  test("init makes the tables as their owner, twice if need be, and check finds nothing missing", async () => {
    const schema = await server.schema("bare");
    const owner = { env: server.variables(schema, { user: "owner" }) };
    for (let turn = 0; turn < 2; turn += 1) {
      const made = await runCli(["store", "init", "--role", "app"], owner);
      expect(made, made.stderr).toMatchObject({ code: 0, stderr: "" });
    }
    const checked = await runCli(["store", "check", "--json"], { env: server.variables(schema) });
    expect(JSON.parse(checked.stdout)).toMatchObject({ store: "postgres", ok: true });
    expect(checked.code).toBe(0);
    const left = ["head", "record", "log", "live"].map((name) => `select body from ${schema}.cloak_${name}`);
    expect(await admin(left.join(" union all "))).toEqual([]);
  });

  test("what it would run can be read first", async () => {
    const env = server.variables("elsewhere");
    const { code, stdout } = await runCli(["store", "init", "--sql", "--role", 'a"b'], { env });
    expect(code).toBe(0);
    expect(stdout).toContain('create table if not exists "elsewhere".cloak_head');
    expect(stdout).toContain('grant select, insert on "elsewhere".cloak_log to "a""b";');
    expect(await admin("select 1 from pg_namespace where nspname = 'elsewhere'")).toEqual([]);
  });

  test("without the tables check names each thing that is missing, and ends with 1", async () => {
    const env = server.variables(await server.schema("bare"));
    const { code, stdout } = await runCli(["store", "check"], { env });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^postgres:.*\nok {2}Connect\nFAILED {2}.*store-not-ready: (42P01|3F000)/);
  });
});

test("the other commands work on the database as on the file, and end by themselves", async () => {
  const host = scratchFolder();
  const env = { ...host.env, ...server.variables(await server.schema()) };
  try {
    expect((await runCli(["audit", "verify"], { env })).stderr).toContain("There is no vault in");
    const made = await runCli(["admin", "create", "ada"], { env, stdin: "a lamp, a fig and 3 owls\n" });
    expect(made.code, made.stderr).toBe(0);
    const verified = await runCli(["audit", "verify", "--json"], { env });
    expect(JSON.parse(verified.stdout)).toMatchObject({ state: "whole", entries: 1 });
  } finally {
    host.remove();
  }
});

describe("what is found missing", () => {
  test.each([
    ["nothing", [], {}],
    ["a table", ["drop table S.cloak_live"], { live: { sqlstate: "42P01" } }],
    ["a right", ["revoke update on S.cloak_head from app"], { records: { sqlstate: "42501" } }],
    [
      "the right to add to the log",
      ["revoke insert on S.cloak_log from app"],
      { log: { sqlstate: "42501" } },
    ],
    [
      "a log that stays as it is",
      ["grant delete on S.cloak_log to app"],
      { "log-kept": { reason: "log-can-be-changed", table: "cloak_log" } },
    ],
  ])("%s", async (_name, statements, missing) => {
    const schema = await server.schema();
    for (const text of statements) await admin(text.replaceAll("S.", `${schema}.`));
    expect(await findingsIn(schema)).toMatchObject({ ...whole, ...missing });
  });

  test("a clock that is a minute off", async () => {
    const found = await findingsIn(await server.schema(), () => Date.now() - 60_000);
    expect(found).toMatchObject({ ...whole, clock: { reason: "clocks-apart", seconds: 60 } });
  });
});
