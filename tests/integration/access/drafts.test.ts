import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { changesMark } from "#lib/notebook/changes-mark.ts";
import { newDraft } from "#lib/profiles/profile.ts";
import { randomId } from "#lib/random-id.ts";
import { Secret } from "#lib/secret.ts";

/* What is typed, over the handlers themselves, called as Next would call them. */

const folder = mkdtempSync(join(tmpdir(), "cloak-drafts-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
process.env.CLOAK_DB_LOG_LEVEL = "silent";

vi.mock("next/headers", () => ({ headers: async () => new Headers(), cookies: async () => new Map() }));
// What Next gives to server code under this name; outside its bundler the name means the browser's.
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));

const here = "127.0.0.1:3000";
const common = { host: here, origin: `http://${here}`, "content-type": "application/json" };
const password = "plum-tractor-oboe-9";
let cookie = "";
let connectionId = "";

beforeAll(async () => {
  const { workspace } = await import("#app/_server/workspace.ts");
  const opened = await workspace();
  if (!opened.ok) throw new Error(opened.problem.code);
  const made = await opened.value.users.create({
    name: "olive",
    password: new Secret(password),
    role: "owner",
  });
  if (!made.ok) throw new Error(made.problem.code);
  const draft = { ...newDraft(), name: "Shop", host: "127.0.0.1", database: "shop", user: "app" };
  const profile = await opened.value.profiles.create(draft, made.value.id);
  if (!profile.ok) throw new Error(profile.problem.code);
  connectionId = profile.value.id;
  const { POST } = await import("../../../app/api/login/route.ts");
  const body = JSON.stringify({ name: "olive", password });
  const answer = await POST(
    new Request(`http://${here}/api/login`, { method: "POST", headers: common, body }),
  );
  cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function ask(method: "GET" | "PUT" | "DELETE", query = "", body?: unknown, more: object = {}) {
  const handlers = await import("../../../app/api/connections/[id]/drafts/route.ts");
  const { to = connectionId, ...headers } = more as { to?: string };
  const request = new Request(`http://${here}/api/connections/${to}/drafts${query}`, {
    method,
    headers: { ...common, cookie, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = await handlers[method](request, { params: Promise.resolve({ id: to }) });
  expect(answer.headers.get("cache-control")).toBe("no-store");
  return { status: answer.status, body: await answer.json() };
}

const draft = (more: object = {}) => ({
  id: randomId(),
  rev: 0,
  window: randomId(),
  edit: 1,
  change: { text: "select 'canary-text'" },
  ...more,
});

test("what is put is there, until it is deleted", async () => {
  const typed = draft();
  expect(await ask("PUT", "", typed)).toEqual({ status: 200, body: { id: typed.id, rev: 1 } });
  expect((await ask("GET")).body).toMatchObject({
    drafts: [{ id: typed.id, rev: 1, begins: "select 'canary-text'" }],
  });
  expect((await ask("GET", `?draft=${typed.id}`)).body).toMatchObject({
    draft: { text: "select 'canary-text'" },
  });
  expect(await ask("DELETE", `?draft=${typed.id}`)).toEqual({ status: 200, body: {} });
  expect(await ask("GET", `?draft=${typed.id}`)).toEqual({ status: 200, body: { draft: null } });
  expect((await ask("GET")).body).toEqual({ drafts: [] });
});

test("a table's pending changes are found by their id, and are none of the SQL drafts", async () => {
  const kept = draft({ change: { text: `${changesMark}["public","item"],"rows":[]}` } });
  expect((await ask("PUT", "", kept)).status).toBe(200);
  expect((await ask("GET")).body).toEqual({ drafts: [] });
  expect((await ask("GET", `?draft=${kept.id}`)).body).toMatchObject({ draft: { text: kept.change.text } });
  await ask("DELETE", `?draft=${kept.id}`);
});

test("no file of the host holds it in clear", async () => {
  expect((await ask("PUT", "", draft())).status).toBe(200);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files.some(({ parentPath }) => parentPath.endsWith("notebook"))).toBe(true);
  const open = files.filter(({ parentPath, name }) =>
    readFileSync(join(parentPath, name), "utf8").includes("canary"),
  );
  expect(open.map(({ name }) => name)).toEqual([]);
});

test.each<[string, number, () => ReturnType<typeof ask>]>([
  ["without a session", 401, () => ask("PUT", "", draft(), { cookie: "" })],
  ["from a foreign page", 403, () => ask("PUT", "", draft(), { origin: "http://evil.example" })],
  ["to read from a foreign page", 403, () => ask("GET", "", undefined, { origin: "http://evil.example" })],
  ["that is no JSON", 415, () => ask("PUT", "", draft(), { "content-type": "text/plain" })],
  ["of another connection", 404, () => ask("PUT", "", draft(), { to: randomId() })],
  ["to read another connection's", 404, () => ask("GET", "", undefined, { to: randomId() })],
  ["to delete another connection's", 404, () => ask("DELETE", "?draft=x", undefined, { to: randomId() })],
  ["with a field too many", 400, () => ask("PUT", "", draft({ userId: "somebody" }))],
  ["with half an edit", 400, () => ask("PUT", "", draft({ change: { at: 1, put: "" } }))],
  ["with an id that is none", 400, () => ask("PUT", "", draft({ id: "../../x" }))],
  ["of a text too long", 400, () => ask("PUT", "", draft({ change: { text: "x".repeat(1_000_001) } }))],
  ["of a piece of nothing", 409, () => ask("PUT", "", draft({ change: { at: 0, cut: 0, put: "x" } }))],
])("a request %s is answered %i", async (_, status, made) => {
  expect((await made()).status).toBe(status);
});
