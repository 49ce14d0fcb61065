import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { TablePage } from "#lib/browse/shapes.ts";
import { processWide } from "#lib/process-wide.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import { randomId } from "#lib/random-id.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { Secret } from "#lib/secret.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

/*
 * The routes of a connection's data, called as Next would call them. What people look for, and what they find, is written
 * nowhere else: no log, no audit line, no error.
 */

const folder = mkdtempSync(join(tmpdir(), "cloak-browse-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");

const logged: string[] = [];
processWide("log", () => pino({ level: "trace" }, { write: (line: string) => logged.push(line) }));

let sent = new Headers();
vi.mock("next/headers", () => ({ headers: async () => sent, cookies: async () => new Map() }));
vi.mock("next-intl/server", () => ({
  getTranslations: async () => (key: string) => key,
  getLocale: async () => "en",
}));
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));

const here = "127.0.0.1:3000";
const common = { host: here, origin: `http://${here}`, "content-type": "application/json" };
const canary = "canary-Zq7";

let server: SampleServer;
let cookie = "";
let id = "";

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password: "s3cret-7Q2x9" }],
    fill: {
      postgres: `create table customer (email text primary key, note text, born date);
        insert into customer select '${canary}-' || n || '@example.test', repeat('${canary} ', 2000) from generate_series(1, 150) n;
        grant all on customer to app; create schema shut; create table shut.it (a int); analyze`,
    },
  });
  const { workspace } = await import("#app/_server/workspace.ts");
  const opened = await workspace();
  if (!opened.ok) throw new Error(opened.problem.code);
  const password = new Secret("plum-tractor-oboe-9");
  const olive = await opened.value.users.create({ name: "olive", password, role: "owner" });
  if (!olive.ok) throw new Error(olive.problem.code);
  const draft = await parseProfileForm({
    ...newFormValues,
    name: "Shop",
    host: "127.0.0.1",
    port: String(server.port),
    user: "app",
    database: "postgres",
    password: "s3cret-7Q2x9",
    ssl: false,
  });
  if (!draft.ok) throw new Error("the form");
  const saved = await opened.value.profiles.create(draft.value, olive.value.id);
  if (!saved.ok) throw new Error(saved.problem.code);
  id = saved.value.id;
  sent = new Headers(common);
  const { POST } = await import("../../../app/api/login/route.ts");
  const body = JSON.stringify({ name: "olive", password: password.reveal() });
  const answer = await POST(new Request(`http://${here}/api/login`, { method: "POST", headers: sent, body }));
  cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
});
afterAll(async () => {
  const { liveClients } = await import("#lib/session/live-clients.ts");
  const { problem } = await import("#lib/problems/problem.ts");
  liveClients().close({}, problem("cancelled"));
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const routes = {
  relations: () => import("../../../app/api/connections/[id]/relations/route.ts"),
  table: () => import("../../../app/api/connections/[id]/table/route.ts"),
  "result-tables": () => import("../../../app/api/connections/[id]/result-tables/route.ts"),
  rows: () => import("../../../app/api/connections/[id]/rows/route.ts"),
  count: () => import("../../../app/api/connections/[id]/count/route.ts"),
  value: () => import("../../../app/api/connections/[id]/value/route.ts"),
  "changes/editable": () => import("../../../app/api/connections/[id]/changes/editable/route.ts"),
  "changes/try": () => import("../../../app/api/connections/[id]/changes/try/route.ts"),
  "changes/apply": () => import("../../../app/api/connections/[id]/changes/apply/route.ts"),
  "look-up": () => import("../../../app/api/connections/[id]/look-up/route.ts"),
};

async function ask(
  route: keyof typeof routes,
  body: object,
  { of = id, headers = {} }: { readonly of?: string; readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  sent = new Headers({ ...common, cookie, ...headers });
  const { POST } = await routes[route]();
  const path = `http://${here}/api/connections/${of}/${route}`;
  const request = new Request(path, { method: "POST", headers: sent, body: JSON.stringify(body) });
  return POST(request, { params: Promise.resolve({ id: of }) });
}

const auditLines = () =>
  readFileSync(join(folder, "config", "audit.jsonl"), "utf8")
    .trimEnd()
    .split("\n");

const customer = { schema: "public", table: "customer" };
/** Of a version that there never was. */
const changes = (changes: readonly object[] = [change("1")]) => ({
  ...customer,
  rev: 1,
  id: randomId(),
  key: ["email"],
  changes,
});
const change = (version: string, n = 1, note: unknown = canary) => ({
  kind: "update",
  row: { key: [`${canary}-${n}@example.test`], place: null, version },
  cells: [{ column: "note", value: note }],
});
const bodies: Readonly<Record<keyof typeof routes, object>> = {
  relations: {},
  table: customer,
  "result-tables": { oids: [1259] },
  rows: customer,
  count: customer,
  value: { ...customer, column: "note", key: [`${canary}-1@example.test`], place: null },
  "changes/editable": customer,
  "changes/try": changes(),
  "changes/apply": changes(),
  "look-up": { ...customer, columns: ["email"], search: canary },
};
const names = Object.keys(routes) as (keyof typeof routes)[];

describe.each(names)("%s", (route) => {
  test("answers, and nobody keeps it", async () => {
    const answer = await ask(route, bodies[route]);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.text()).not.toBe("");
  });

  test("is for who is signed in, from this console's pages, in its own words", async () => {
    expect((await ask(route, bodies[route], { headers: { cookie: "" } })).status).toBe(401);
    expect((await ask(route, bodies[route], { headers: { origin: "https://evil.example" } })).status).toBe(
      403,
    );
    expect((await ask(route, { ...bodies[route], more: canary })).status).toBe(400);
    expect((await ask(route, bodies[route], { of: "nobody-knows-it" })).status).toBe(404);
  });
});

test("a table that is not there is not found, and one that is not ours is the server's to refuse", async () => {
  for (const route of ["table", "rows", "count"] as const)
    expect((await ask(route, { schema: "public", table: canary })).status).toBe(404);
  const shut = { schema: "shut", table: "it" };
  expect((await ask("table", shut)).status).toBe(200);
  const refused = await ask("rows", shut);
  expect(refused.status).toBe(422);
  expect(await refused.json()).toMatchObject({ filter: null, sqlstate: "42501" });
});

test("pages go on by their marks, and a whole value is whole", async () => {
  const first = (await (await ask("rows", customer)).json()) as TablePage;
  const next = await ask("rows", { ...customer, at: { to: "after", mark: first.after } });
  expect(((await next.json()) as TablePage).rows).toHaveLength(50);
  const note = await ask("value", {
    ...customer,
    column: "note",
    key: first.identities[0]?.key,
    place: null,
  });
  expect(await note.text()).toBe(`${canary} `.repeat(2000));
  const born = await ask("value", {
    ...customer,
    column: "born",
    key: first.identities[0]?.key,
    place: null,
  });
  expect(born.status).toBe(204);
});

test("nothing that is looked for or found is written down", async () => {
  const filters = [{ column: "email", operator: "contains", value: canary }];
  const asked: readonly (readonly [keyof typeof routes, object, number])[] = [
    ["rows", { ...customer, filters }, 200],
    ["rows", { ...customer, filters: [{ column: "born", operator: "=", value: canary }] }, 422],
    ["rows", { ...customer, where: `email = '${canary}'` }, 200],
    ["rows", { ...customer, where: `'${canary}'::int = 1` }, 422],
    ["rows", { ...customer, where: `'${canary}` }, 422],
    ["rows", { ...customer, at: { to: "key", values: [canary] } }, 200],
    ["rows", { ...customer, sort: [{ column: canary, descending: true }] }, 422],
    ["rows", { ...customer, timeZone: canary }, 422],
    ["count", { ...customer, where: `email > '${canary}'` }, 200],
    ["count", { ...customer, where: `('${canary}'::date) is null` }, 422],
    ["value", { ...customer, column: "note", key: [canary], place: null }, 404],
    ["value", { ...customer, column: "note", key: null, place: { tableoid: canary, ctid: canary } }, 422],
    ["relations", { search: canary }, 200],
    ["relations", { schema: canary }, 200],
  ];
  for (const [route, body, status] of asked)
    expect((await ask(route, body)).status, `${route} ${JSON.stringify(body)}`).toBe(status);
  // The server is gone in the middle of it: an error, too, says nothing.
  await server.admin("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'");
  const lost = await ask("rows", { ...customer, filters });
  expect([200, 400]).toContain(lost.status);
  const written = `${logged.join("")}${auditLines().join("\n")}`;
  expect(written).toContain("connection-open");
  expect(written).not.toContain(canary);
  // Only which table was changed is noted.
  const unchanged = auditLines().filter((line) => !line.includes('"rows-'));
  expect(`${logged.join("")}${unchanged.join("\n")}`).not.toContain("customer");
});

test("changes are noted before they are done, their table and number and never a value, and how they ended", async () => {
  const page = (await (await ask("rows", customer)).json()) as TablePage;
  const version = page.identities[0]?.version ?? "";
  const before = auditLines().length;
  const set = changes([
    change(version, 1, `${canary} mine`),
    { kind: "insert", cells: [{ column: "email", value: canary }] },
  ]);
  const tried = await ask("changes/try", set);
  expect(await tried.json()).toMatchObject({ outcome: "tried" });
  const notes = () => server.admin(`select count(*)::int as n from customer where note = '${canary} mine'`);
  expect(await notes()).toEqual([{ n: 0 }]);
  // The answer was lost: who asks again is told what became of it, and nothing is done twice.
  const answers = await Promise.all([ask("changes/apply", set), ask("changes/apply", set)]);
  const [first, second] = await Promise.all(answers.map((answer) => answer.json()));
  expect(first).toMatchObject({ outcome: "applied" });
  expect(second).toEqual(first);
  expect(await notes()).toEqual([{ n: 1 }]);
  const stale = changes([change(version, 1, `${canary} late`)]);
  expect(await (await ask("changes/apply", stale)).json()).toMatchObject({ outcome: "conflict" });
  expect((await ask("changes/apply", { ...stale, rev: 7 })).status).toBe(409);
  const told = auditLines()
    .slice(before)
    .map(
      (line) =>
        JSON.parse(line) as { action: string; object: string; changes: { to: string }[]; result: string },
    )
    .filter(({ action }) => action.startsWith("rows-"));
  expect(
    told.map(({ action, object, changes: [table, rows], result }) => [
      action,
      object,
      table?.to,
      rows?.to,
      result,
    ]),
  ).toEqual([
    ["rows-try", id, "public.customer", "update 1, insert 1", "allowed"],
    ["rows-change", id, "public.customer", "update 1, insert 1", "allowed"],
    ["rows-change", id, "public.customer", "update 1", "allowed"],
    ["rows-change", id, "public.customer", "update 1", "conflict"],
  ]);
  // What the server refuses quotes values to the person, and to nobody else.
  const twice = changes([
    { kind: "insert", cells: [{ column: "email", value: `${canary}-2@example.test` }] },
  ]);
  expect(await (await ask("changes/apply", twice)).json()).toMatchObject({
    outcome: "refused",
    error: { sqlstate: "23505", detail: expect.stringContaining(canary) },
  });
  expect(`${logged.join("")}${auditLines().join("\n")}`).not.toContain(canary);
});
