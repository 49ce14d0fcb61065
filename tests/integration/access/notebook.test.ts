import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { HistoryAnswer } from "#app/api/connections/[id]/history/route.ts";
import type { SavedQueryAnswer, ShownQuery } from "#app/api/connections/[id]/queries/route.ts";
import { newDraft } from "#lib/profiles/profile.ts";
import { randomId } from "#lib/random-id.ts";
import { Secret } from "#lib/secret.ts";
import type { Level } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";

/* What was run and what is saved, over the handlers themselves: whose it is, and what the audit log is told. */

const folder = mkdtempSync(join(tmpdir(), "cloak-notebook-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
process.env.CLOAK_DB_LOG_LEVEL = "silent";

let sent = new Headers();
vi.mock("next/headers", () => ({ headers: async () => sent, cookies: async () => new Map() }));
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));

const here = "127.0.0.1:3000";
const people = ["alice", "bob", "carol", "olive"] as const;
type Person = (typeof people)[number];
const cookies = {} as Record<Person, string>;
const ids = {} as Record<Person, string>;
let kept: Workspace;
let shop = "";

beforeAll(async () => {
  const { workspace } = await import("#app/_server/workspace.ts");
  const opened = await workspace();
  if (!opened.ok) throw new Error(opened.problem.code);
  kept = opened.value;
  for (const name of people) {
    const role = name === "olive" ? "owner" : "member";
    const made = await kept.users.create({ name, password: new Secret("plum-tractor-oboe-9"), role });
    if (!made.ok) throw new Error(made.problem.code);
    const begun = await kept.sessions.start(made.value.id, "test", made.value.sessionsFrom);
    if (!begun.ok) throw new Error(begun.problem.code);
    ids[name] = made.value.id;
    cookies[name] = `cloak_sid_3000=${begun.value.cookie.reveal()}`;
  }
  const draft = { ...newDraft(), name: "Shop", host: "127.0.0.1", database: "shop", user: "app" };
  const made = await kept.profiles.create(draft, ids.alice, undefined, kept.grants.starting(ids.alice));
  if (!made.ok) throw new Error(made.problem.code);
  shop = made.value.id;
  const levels = new Map<string, Level>([
    [ids.bob, "read"],
    [ids.carol, "none"],
  ]);
  expect((await kept.grants.set(shop, { rest: "none", people: levels }, () => true)).ok).toBe(true);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function ask<T>(as: Person, what: "history" | "queries", method: string, query = "", body?: unknown) {
  sent = new Headers({
    host: here,
    origin: `http://${here}`,
    "content-type": "application/json",
    cookie: cookies[as],
  });
  const handlers: Record<
    string,
    (request: Request, props: { readonly params: Promise<{ readonly id: string }> }) => Promise<Response>
  > =
    what === "history"
      ? { ...(await import("../../../app/api/connections/[id]/history/route.ts")) }
      : { ...(await import("../../../app/api/connections/[id]/queries/route.ts")) };
  const request = new Request(`http://${here}/api/connections/${shop}/${what}${query}`, {
    method,
    headers: sent,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = await handlers[method]?.(request, { params: Promise.resolve({ id: shop }) });
  if (answer === undefined) throw new Error("no such handler");
  return { status: answer.status, body: (await answer.json()) as T };
}

const ran = (sql: string) => ({
  sql,
  connectionId: shop,
  connection: "Shop",
  database: "shop",
  role: "app",
  ms: 2,
  rows: 1,
  sqlstate: null,
  outcome: "done" as const,
  readOnly: true,
});
const query = (more: object = {}) => ({
  name: "Revenue",
  sql: "select 'canary-query'",
  note: "",
  everywhere: false,
  shared: false,
  ...more,
});
const listOf = async (as: Person) =>
  (await ask<{ queries: ShownQuery[] }>(as, "queries", "GET")).body.queries.map(({ name }) => name);

test("a run is its person's alone: no other member and no owner is given it, or lets it go", async () => {
  expect((await kept.history.note(ids.bob, ran("select 'canary-history'"))).ok).toBe(true);
  const own = await ask<HistoryAnswer>("bob", "history", "POST", "", { everywhere: true });
  expect(own.body).toMatchObject({ runs: [{ sql: "select 'canary-history'" }], kept: 1, on: true, days: 90 });
  const id = own.body.runs[0]?.id ?? "";
  for (const other of ["alice", "olive"] as const) {
    const seen = await ask<HistoryAnswer>(other, "history", "POST", "", { everywhere: true });
    expect(seen.body).toMatchObject({ runs: [], kept: 0 });
    expect((await ask(other, "history", "GET", `?run=${id}`)).body).toEqual({ run: null });
    await ask(other, "history", "DELETE", `?run=${id}`);
    await ask(other, "history", "DELETE", "?run=all");
  }
  expect((await ask("carol", "history", "POST", "", {})).status).toBe(404);
  expect((await ask("bob", "history", "GET", `?run=${id}`)).body).toMatchObject({ run: { id } });
  await ask("bob", "history", "DELETE", `?run=${id}`);
  expect((await ask("bob", "history", "GET", `?run=${id}`)).body).toEqual({ run: null });
});

test("what is shared is read by who reads its connection, and changed by its owner and a console's owner", async () => {
  const made = await ask<SavedQueryAnswer>("alice", "queries", "POST", "", query());
  expect(made.status).toBe(200);
  const { id } = made.body.query;
  expect([await listOf("alice"), await listOf("bob"), await listOf("olive")]).toEqual([["Revenue"], [], []]);
  expect((await ask("bob", "queries", "GET", `?query=${id}`)).body).toEqual({ query: null });
  const shared = { ...query({ shared: true }), id, rev: 1 };
  expect((await ask("alice", "queries", "PUT", "", shared)).status).toBe(200);
  expect(await listOf("bob")).toEqual(["Revenue"]);
  const seen = await ask<{ query: ShownQuery }>("bob", "queries", "GET", `?query=${id}`);
  expect(seen.body.query).toMatchObject({ owner: "alice", own: false, mayChange: false, rev: 2 });
  expect((await ask("carol", "queries", "GET")).status).toBe(404);
  expect((await ask("bob", "queries", "PUT", "", { ...shared, rev: 2 })).status).toBe(403);
  expect((await ask("bob", "queries", "DELETE", `?query=${id}`)).status).toBe(403);
  expect((await ask("alice", "queries", "PUT", "", shared)).status).toBe(409);
  expect((await ask("olive", "queries", "PUT", "", { ...shared, rev: 2, name: "Better" })).status).toBe(200);
  expect((await ask("alice", "queries", "DELETE", `?query=${id}`)).status).toBe(200);
  expect(await listOf("bob")).toEqual([]);
  expect((await ask("olive", "queries", "POST", "", { restore: id })).status).toBe(404);
  expect((await ask("alice", "queries", "POST", "", { restore: id })).status).toBe(200);
  expect(await listOf("bob")).toEqual(["Better"]);
});

test("a secret in a query is left out, and the page is told", async () => {
  const secret = query({ name: "Role", sql: "alter role app password 'hunter2'" });
  const made = await ask<SavedQueryAnswer>("bob", "queries", "POST", "", secret);
  expect(made.body).toMatchObject({ masked: true, query: { sql: "alter role app password '[secret]'" } });
});

test("the audit log tells of every save, without its text; no file holds one in clear", async () => {
  const lines: string[] = [];
  await kept.audit.each((entry) => lines.push(JSON.stringify(entry)));
  const about = lines.filter((line) => line.includes('"query-'));
  expect(about.map((line) => JSON.parse(line).action)).toEqual(
    expect.arrayContaining(["query-save", "query-share", "query-remove", "query-restore"]),
  );
  expect(about.join()).toContain("sha256:");
  expect(lines.join()).not.toMatch(/canary|Revenue|Better|hunter2/);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const open = files.filter(({ parentPath, name }) =>
    /canary-|hunter2/.test(readFileSync(join(parentPath, name), "utf8")),
  );
  expect(open.map(({ name }) => name)).toEqual([]);
});

test.each<[string, number, "history" | "queries", string, object | undefined]>([
  ["with a field too many", 400, "history", "POST", { user: "bob" }],
  ["for more than a page", 400, "history", "POST", { most: 101 }],
  ["after what is no entry", 400, "history", "POST", { after: "../x" }],
  ["without a name", 400, "queries", "POST", query({ name: "  " })],
  ["of a text too long", 400, "queries", "POST", query({ sql: "x".repeat(20_001) })],
  ["for another owner", 400, "queries", "POST", query({ owner: "bob" })],
  ["to put back what is not gone", 404, "queries", "POST", { restore: randomId() }],
  ["of one that is not there", 404, "queries", "PUT", { ...query(), id: randomId(), rev: 1 }],
])("a request %s is answered %i", async (_, status, what, method, body) => {
  expect((await ask("alice", what, method, "", body)).status).toBe(status);
});
