import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEnvironment } from "#lib/env.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { Secret } from "#lib/secret.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { openWorkspace } from "#lib/workspace.ts";
import { cleanEnvironment, startCli } from "#tests/support/run-cli.ts";
import { value } from "#tests/support/scratch-vault.ts";
import { Visitor } from "./visitor.ts";

let server: SampleServer;
const folder = mkdtempSync(join(tmpdir(), "cloak-stop-"));
const env = {
  CLOAK_DB_CONFIG_DIR: join(folder, "config"),
  CLOAK_DB_STATE_DIR: join(folder, "state"),
  CLOAK_DB_ALLOW_LOOPBACK: "1",
};
const password = "plum-tractor-oboe-9";

beforeAll(async () => {
  server = await startPostgres({ users: [{ name: "app", password: "secret" }] });
}, 300_000);

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const running = () =>
  server.admin("select pid from pg_stat_activity where usename = 'app' and state <> 'idle'");

test("SIGTERM while a statement runs: cancelled on its server, its reader is told, and the end comes in time", async () => {
  const workspace = value(await openWorkspace(value(readEnvironment(cleanEnvironment(env)))));
  value(await workspace.users.create({ name: "olive", password: new Secret(password), role: "owner" }));
  const values = { ...newFormValues, name: "Shop", host: "127.0.0.1", port: String(server.port) };
  const draft = await parseProfileForm({
    ...values,
    database: "postgres",
    user: "app",
    password: "secret",
    ssl: false,
    allowWeakPassword: true,
  });
  if (!draft.ok) throw new Error(JSON.stringify(draft.problem));
  const profile = value(await workspace.profiles.create(draft.value));

  const console = startCli(["start", "--port", "0"], { env });
  try {
    const [, url = ""] = await console.until(/ready at (http:\/\/127\.0\.0\.1:\d+)\n/);
    const visitor = new Visitor(url);
    expect((await visitor.post("/api/login", { name: "olive", password })).status).toBe(200);
    const answer = visitor.post(`/api/connections/${profile.id}/run`, {
      sql: "select pg_sleep(120)",
      readOnly: false,
      rev: profile.rev,
      runId: "1".repeat(22),
      tab: { id: "2".repeat(22), lease: "3".repeat(22) },
    });
    await expect.poll(running, { timeout: 30_000 }).toHaveLength(1);

    const begun = performance.now();
    const ended = console.end("SIGTERM");
    const { text } = await answer;
    const last = JSON.parse(text.trimEnd().split("\n").at(-1) ?? "{}");
    expect(last).toMatchObject({ type: "error", problem: { code: "console-stopping" } });
    expect(await running()).toEqual([]);
    expect(await ended).toBe(0);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(console.printed()).toContain("stopping: statements are cancelled");
    expect(console.printed()).toContain('"statements":1');
  } finally {
    await console.end("SIGKILL");
  }
}, 300_000);
