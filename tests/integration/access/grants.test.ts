import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { RunMessage } from "#app/_server/run-messages.ts";
import type { AttemptMessage, TestAnswer } from "#app/(console)/connections/attempt/attempt-message.ts";
import type { ServerActivity } from "#lib/activity/shapes.ts";
import { readEnvironment } from "#lib/env.ts";
import { processWide } from "#lib/process-wide.ts";
import { formValues } from "#lib/profiles/profile-view.ts";
import { randomId } from "#lib/random-id.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { Secret } from "#lib/secret.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { type Actor, type ConnectionAct, can, type Level, levels } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";
import { formTester } from "#tests/support/test-form.ts";
import { accessMatrix } from "#tests/unit/app/access-matrix.ts";

/*
 * Roles × grants × doors, against a real server: every handler and action that is about a connection, called as Next
 * would call it by an owner, the maker, and members with each level. Only what Next would hand to them is stood in
 * for.
 */

const root = join(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "cloak-grants-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
process.env.CLOAK_DB_LOG_LEVEL = "silent";

let sent = new Headers();
vi.mock("next/headers", () => ({ headers: async () => sent, cookies: async () => new Map() }));
vi.mock("next-intl/server", () => ({
  getTranslations: async () => Object.assign((key: string) => key, { has: () => true }),
  getLocale: async () => "en",
  getFormatter: async () => ({ dateTime: String }),
  getMessages: async () => new Proxy({}, { get: () => ({}) }),
}));
// What Next gives to server code under this name; outside its bundler the name means the browser's.
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));
vi.mock("next/cache", () => ({ revalidatePath: () => undefined }));

const here = "127.0.0.1:3000";
const common = { host: here, origin: `http://${here}`, "content-type": "application/json" };
const password = "s3cret-7Q2x9";

let server: SampleServer;
let kept: Workspace;

/** Who calls. What a member has is their name. */
const callers = ["owner", "maker", ...levels] as const;
type Caller = (typeof callers)[number];
const people = {} as Record<Caller, Actor & { readonly cookie: string }>;
const levelOfCaller = (caller: Caller): Level =>
  caller === "owner" || caller === "maker" ? "manage" : caller;

beforeAll(async () => {
  server = await startPostgres({
    users: [{ name: "app", password }],
    databases: ["shop"],
    fill: {
      shop: `create table public.basket (item text); grant all on public.basket to app;
             create table public.shelf (id int primary key, item text); grant all on public.shelf to app;
             insert into public.shelf values (1, 'plum');
             create sequence public.turns; grant all on sequence public.turns to app;
             create function public.put_basket() returns int language sql as $$ insert into public.basket values ('x') returning 1 $$;
             create procedure public.put_basket_by_call(inout n int) language plpgsql as
               $$ begin commit; insert into public.basket values ('x'); end $$`,
    },
    // Nobody's sessions are closed between two tests.
    settings: { max_connections: 400 },
  });
  const { workspace } = await import("#app/_server/workspace.ts");
  const opened = await workspace();
  if (!opened.ok) throw new Error(opened.problem.code);
  kept = opened.value;
  expect((await kept.grants.setDefault("none")).ok).toBe(true);
  for (const name of callers) {
    const role = name === "owner" ? "owner" : "member";
    const made = await kept.users.create({ name, password: new Secret("plum-tractor-oboe-9"), role });
    if (!made.ok) throw new Error(made.problem.code);
    const { id, sessionsFrom } = made.value;
    const begun = await kept.sessions.start(id, "test", sessionsFrom);
    if (!begun.ok) throw new Error(begun.problem.code);
    const cookie = `cloak_sid_3000=${begun.value.cookie.reveal()}`;
    people[name] = { id, name, role, sessionId: begun.value.session.id, cookie };
  }
});
// The server has places for some hundred alone.
afterEach(async () => {
  const { liveClients } = await import("#lib/session/live-clients.ts");
  const { problem } = await import("#lib/problems/problem.ts");
  liveClients().close({}, problem("cancelled"));
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const form = (more: object = {}) => ({
  ...newFormValues,
  name: "Shop",
  host: "127.0.0.1",
  port: String(server.port),
  user: "app",
  database: "shop",
  password,
  ssl: false,
  ...more,
});

/** A connection of the maker's, of which each member has what they are called by. */
async function granted(more?: object): Promise<string> {
  const id = await (more === undefined ? put() : saved(more));
  const given = new Map(levels.map((level) => [people[level].id, level] as const));
  const set = await kept.grants.set(id, { rest: "none", people: given }, () => true);
  if (!set.ok) throw new Error(set.problem.code);
  return id;
}

/** As the maker's form saves it; nobody may do that as often as there are doors here. */
async function saved(more: object): Promise<string> {
  const { saveConnection } = await doors("maker");
  const answer = await saveConnection(form(more));
  if (answer.type !== "saved") throw new Error(JSON.stringify(answer));
  return answer.view.id;
}

async function put(): Promise<string> {
  const maker = people.maker.id;
  const shop = { name: "Shop", port: server.port, database: "shop", password, allowWeakPassword: false };
  const made = await kept.profiles.create(sampleProfile(shop), maker, undefined, kept.grants.starting(maker));
  if (!made.ok) throw new Error(made.problem.code);
  return made.value.id;
}

async function doors(caller: Caller) {
  sent = new Headers({ ...common, cookie: people[caller].cookie });
  return {
    ...(await import("#app/(console)/connections/actions.ts")),
    ...(await import("#app/(console)/connections/unsaved-actions.ts")),
    ...(await import("#app/(console)/connections/[id]/unlock/unlock-actions.ts")),
    ...(await import("#app/(console)/connections/list/list-actions.ts")),
    ...(await import("#app/(console)/settings/actions.ts")),
    ...(await import("#app/(console)/settings/access-actions.ts")),
    ...(await import("#app/(console)/settings/label-actions.ts")),
    ...(await import("#app/(console)/connections/[id]/moved/moved-actions.ts")),
    testConnection: formTester(sent),
  };
}

/** The values that the form of this connection starts with. */
async function valuesOf(id: string, change: object = {}) {
  const open = await kept.profiles.open(id);
  if (!open.ok || open.value === undefined) throw new Error("not kept");
  return { ...formValues(open.value), ...change };
}

type Args = (id: string) => readonly unknown[] | Promise<readonly unknown[]>;
const body = (path: string, json: object, id = "x") => [
  new Request(`http://${here}${path}`, { method: "POST", headers: sent, body: JSON.stringify(json) }),
  { params: Promise.resolve({ id }) },
];
const statement = (sql: string, readOnly = true) => ({
  sql,
  readOnly,
  runId: randomId(),
  tab: { id: randomId(), lease: randomId(), name: "SQL" },
  rev: 1,
});

const planned = (sql: string, how = "plan") => ({
  sql,
  values: null,
  how,
  runId: randomId(),
  tab: { id: randomId(), lease: randomId(), name: "SQL" },
  rev: 1,
});

const shelf = { schema: "public", table: "shelf" };
/** A plum of another version than there is: it changes nothing, whoever may. */
const newPlum = {
  ...shelf,
  rev: 1,
  id: randomId(),
  key: ["id"],
  changes: [
    {
      kind: "update",
      row: { key: ["1"], place: null, version: "1" },
      cells: [{ column: "item", value: "damson" }],
    },
  ],
};
const withDrafts = (method: string, id: string, json?: object) => [
  new Request(`http://${here}/api/connections/${id}/drafts`, {
    method,
    headers: sent,
    ...(json !== undefined && { body: JSON.stringify(json) }),
  }),
  { params: Promise.resolve({ id }) },
];

const query = { name: "Shelf", sql: "select item from shelf", note: "", everywhere: false, shared: true };
const toNotebook = (path: string, method: string, id: string, json?: object) => [
  new Request(`http://${here}/api/connections/${id}/${path}`, {
    method,
    headers: sent,
    ...(json !== undefined && { body: JSON.stringify(json) }),
  }),
  { params: Promise.resolve({ id }) },
];
/** A query of the caller's, of this connection. */
async function queryOf(id: string): Promise<string> {
  const caller = Object.values(people).find(({ cookie }) => sent.get("cookie") === cookie);
  const made = await kept.savedQueries.create(caller?.id ?? "", { ...query, connectionId: id });
  if (!made.ok) throw new Error(made.problem.code);
  return made.value.id;
}

/** How each door that is about a connection is called, as it is about this one. */
const calls: Readonly<Record<string, Args>> = {
  "app/api/connections/[id]/test/route.ts#POST": (id) =>
    body(`/api/connections/${id}/test`, { attempt: randomId() }, id),
  "app/(console)/connections/list/list-actions.ts#labelConnections": (id) => [{ ids: [id], group: "Till" }],
  "app/(console)/connections/list/list-actions.ts#setFavourites": (id) => [[id], true],
  "app/api/connections/[id]/run/route.ts#POST": (id) =>
    body(`/api/connections/${id}/run`, statement("select 1"), id),
  "app/api/connections/[id]/plan/route.ts#POST": (id) =>
    body(`/api/connections/${id}/plan`, planned("select 1"), id),
  "app/api/connections/[id]/activity/route.ts#POST": (id) => body(`/api/connections/${id}/activity`, {}, id),
  "app/api/connections/[id]/activity/end/route.ts#POST": (id) =>
    body(`/api/connections/${id}/activity/end`, { act: "cancel", pid: 2_147_483_647, start: "1" }, id),
  "app/api/connections/[id]/citus/route.ts#GET": (id) => [
    new Request(`http://${here}/api/connections/${id}/citus`, { headers: sent }),
    { params: Promise.resolve({ id }) },
  ],
  "app/api/connections/[id]/drafts/route.ts#GET": (id) => withDrafts("GET", id),
  "app/api/connections/[id]/drafts/route.ts#PUT": (id) =>
    withDrafts("PUT", id, {
      id: randomId(),
      rev: 0,
      window: randomId(),
      edit: 1,
      change: { text: "select" },
    }),
  "app/api/connections/[id]/drafts/route.ts#DELETE": (id) => withDrafts("DELETE", id),
  "app/api/connections/[id]/history/route.ts#POST": (id) => toNotebook("history", "POST", id, {}),
  "app/api/connections/[id]/history/route.ts#GET": (id) => toNotebook("history?run=x", "GET", id),
  "app/api/connections/[id]/history/route.ts#DELETE": (id) => toNotebook("history?run=x", "DELETE", id),
  "app/api/connections/[id]/queries/route.ts#GET": (id) => toNotebook("queries", "GET", id),
  "app/api/connections/[id]/queries/route.ts#POST": (id) => toNotebook("queries", "POST", id, query),
  "app/api/connections/[id]/queries/route.ts#PUT": async (id) =>
    toNotebook("queries", "PUT", id, { ...query, id: await queryOf(id), rev: 1 }),
  "app/api/connections/[id]/queries/route.ts#DELETE": async (id) =>
    toNotebook(`queries?query=${await queryOf(id)}`, "DELETE", id),
  "app/api/connections/[id]/picture/route.ts#POST": (id) => body(`/api/connections/${id}/picture`, shelf, id),
  "app/api/connections/[id]/exports/route.ts#POST": (id) =>
    body(`/api/connections/${id}/exports`, { what: { kind: "table", ...shelf }, format: "csv", rev: 1 }, id),
  "app/api/connections/[id]/imports/route.ts#POST": (id) =>
    body(
      `/api/connections/${id}/imports`,
      { ...shelf, columns: ["id"], header: false, bytes: 0, trial: true, rev: 1 },
      id,
    ),
  "app/api/connections/[id]/relations/route.ts#POST": (id) =>
    body(`/api/connections/${id}/relations`, {}, id),
  "app/api/connections/[id]/table/route.ts#POST": (id) => body(`/api/connections/${id}/table`, shelf, id),
  "app/api/connections/[id]/result-tables/route.ts#POST": (id) =>
    body(`/api/connections/${id}/result-tables`, { oids: [1259] }, id),
  "app/api/connections/[id]/rows/route.ts#POST": (id) => body(`/api/connections/${id}/rows`, shelf, id),
  "app/api/connections/[id]/count/route.ts#POST": (id) => body(`/api/connections/${id}/count`, shelf, id),
  "app/api/connections/[id]/value/route.ts#POST": (id) =>
    body(`/api/connections/${id}/value`, { ...shelf, column: "item", key: ["1"], place: null }, id),
  "app/api/connections/[id]/changes/editable/route.ts#POST": (id) =>
    body(`/api/connections/${id}/changes/editable`, shelf, id),
  "app/api/connections/[id]/changes/try/route.ts#POST": (id) =>
    body(`/api/connections/${id}/changes/try`, newPlum, id),
  "app/api/connections/[id]/changes/apply/route.ts#POST": (id) =>
    body(`/api/connections/${id}/changes/apply`, newPlum, id),
  "app/api/connections/[id]/look-up/route.ts#POST": (id) =>
    body(`/api/connections/${id}/look-up`, { ...shelf, columns: ["id"], search: "" }, id),
  "app/api/carry/export/route.ts#POST": (id) => body("/api/carry/export", { ids: [id], seal: null }),
  "app/api/copy-as/route.ts#POST": (id) => body("/api/copy-as", { want: "saved", id }),
  "app/api/attempts/[id]/test/route.ts#POST": async (id) => {
    const attempt = randomId();
    // Of what is not there, anything.
    const values = await valuesOf(id).catch(() => form());
    return body(`/api/attempts/${attempt}/test`, { values, connectionId: id }, attempt);
  },
  "app/(console)/connections/actions.ts#findStrongest": async (id) => [await valuesOf(id), randomId(), id],
  "app/(console)/connections/actions.ts#saveConnection": async (id) => [
    await valuesOf(id, { name: "Renamed" }),
    { id, rev: 1 },
  ],
  "app/(console)/connections/unsaved-actions.ts#connectUnsaved": async (id) => [
    await valuesOf(id),
    randomId(),
    id,
  ],
  // About what the caller has connected as it is; to whom it is not there, that of somebody else.
  "app/(console)/connections/unsaved-actions.ts#saveUnsaved": async (id) => {
    const { connectUnsaved } = await import("#app/(console)/connections/unsaved-actions.ts");
    return [(await ended(await connectUnsaved(await valuesOf(id), randomId(), id))).opened ?? id, ""];
  },
  "app/(console)/connections/[id]/unlock/unlock-actions.ts#unlockWriting": (id) => [
    { id, reason: "mend a basket", minutes: 15 },
  ],
  "app/(console)/connections/[id]/unlock/unlock-actions.ts#lockWriting": (id) => [id],
  "app/(console)/connections/[id]/moved/moved-actions.ts#seeMoves": (id) => [id, 1],
  "app/(console)/settings/access-actions.ts#setAccess": (id) => [{ id, rest: "none", people: [] }],
  "app/(console)/settings/actions.ts#removeConnection": (id) => [id],
  "app/(console)/settings/actions.ts#undoRemoval": async (id) => {
    const before = sent;
    const { removeConnection } = await doors("maker");
    expect(await removeConnection(id)).toMatchObject({ ok: true });
    sent = before;
    return [id];
  },
  "app/(console)/settings/actions.ts#duplicateConnection": (id) => [id],
  "app/(console)/settings/actions.ts#dismissImportNote": (id) => [id, 1],
};

/** Of pages what the browser is sent can be asked alone: `pages-granted.test.ts` does. */
const about = Object.entries(accessMatrix).flatMap(([key, access]) =>
  "act" in access && access.connection !== null && !key.endsWith("page.tsx")
    ? [[key, access.connection] as const]
    : [],
);

test("every door that is about a connection is called here", () => {
  expect(about.map(([key]) => key).filter((key) => calls[key] === undefined)).toEqual([]);
  expect(Object.keys(calls).filter((key) => !about.some(([known]) => known === key))).toEqual([]);
});

/** What is not there for a caller is not found; what they can see and may not do is not allowed. */
function expected(caller: Caller, needs: ConnectionAct): string {
  const level = levelOfCaller(caller);
  if (level === "none") return "not-found";
  const grants = { maker: null, people: new Map([[people[caller].id, level]]), rest: "none" } as const;
  return can(people[caller], needs, { grants }) ? "passed" : "not-allowed";
}

describe.each(about)("%s", (key, needs) => {
  test.each(callers)("%s", async (caller) => {
    const id = await granted();
    await doors(caller);
    const answer = expected(caller, needs);
    // Of what is gone nobody is told that it could be put back.
    const gone = key.endsWith("#undoRemoval") && answer !== "passed" ? "not-found" : answer;
    expect(await call(key, id)).toBe(gone);
  });

  test("of nothing there is, the same for everybody", async () => {
    if (key.endsWith("#undoRemoval") || key.endsWith("#saveUnsaved")) return;
    const id = await granted();
    await doors("none");
    const args = ((await calls[key]?.(id)) ?? []) as unknown[];
    const told = JSON.stringify(await answerOf(key, args));
    const missing = randomId();
    const elsewhere = JSON.parse(JSON.stringify(args).replaceAll(id, missing)) as unknown[];
    const asked = key.includes("/api/") ? await calls[key]?.(missing) : elsewhere;
    expect(JSON.stringify(await answerOf(key, [...(asked ?? [])]))).toBe(told);
  });
});

describe("what nobody without access is told", () => {
  test("the lists, their counts and what is damaged", async () => {
    const { listConnections, listedConnections } = await import(
      "#app/(console)/connections/list/list-connections.ts"
    );
    const hidden = await granted({ name: "Hidden" });
    const query = { search: "hidden", page: 1, pageSize: 50 };
    for (const caller of callers) {
      const list = await listConnections({ ...query, actor: people[caller] });
      const sees = caller !== "none";
      expect([caller, list.rows.map(({ id }) => id)]).toEqual([caller, sees ? [hidden] : []]);
      expect((await listedConnections(people[caller], [hidden])).length).toBe(sees ? 1 : 0);
    }
    const none = await listConnections({ ...query, search: "", actor: people.none });
    expect([none.all, none.matching, none.pages, none.damaged]).toEqual([0, 0, 1, []]);
  });

  test("groups, tags, and who tried a connection last", async () => {
    const { connectionsPage, matchingConnections } = await import(
      "#app/(console)/connections/list/list-connections.ts"
    );
    const { connectionsQuery } = await import("#app/(console)/connections/list/connections-query.ts");
    const id = await granted({ name: "Labelled" });
    const { labelConnections } = await doors("maker");
    const asked = { ids: [id], group: " Hush  now ", addTags: ["quiet"] };
    expect(await labelConnections(asked)).toEqual({ ok: true, value: null });
    expect(auditLines().at(-1)).toMatchObject({
      action: "connection-label",
      object: id,
      actor: people.maker.id,
      changes: [
        { field: "group", from: "", to: "Hush now" },
        { field: "tags", from: "", to: "quiet" },
      ],
    });
    expect(await call("app/api/connections/[id]/test/route.ts#POST", id)).toBe("passed");
    expect(auditLines().at(-1)).toMatchObject({ action: "connection-test", object: id, result: "allowed" });
    const query = connectionsQuery({ search: "labelled" });
    // Nobody waits for the note of it.
    await expect.poll(async () => (await kept.lastSeen.all()).has(id)).toBe(true);
    for (const caller of callers) {
      const page = await connectionsPage(people[caller], query, 50);
      const rows = page.sections.flatMap((section) => section.rows);
      // The group of the door's own tests stands on others.
      const groups = page.groups.filter((name) => name !== "Till");
      const told = [groups, page.tags, rows.map(({ triedBy, tls }) => [triedBy, tls])];
      const all = [["Hush now"], ["quiet"], [["maker", "plain"]]];
      expect([caller, told]).toEqual([caller, caller === "none" ? [[], [], []] : all]);
      const matching = await matchingConnections(people[caller], query);
      expect([caller, matching.length]).toEqual([caller, caller === "none" ? 0 : 1]);
    }
  });

  test("a test that is asked for again and again stands in the audit log once a minute", async () => {
    // A server that answers gives the try back: nothing else bounds how many lines one person can have written.
    const id = await granted({ name: "Again" });
    for (let times = 0; times < 3; times++)
      expect([times, await call("app/api/connections/[id]/test/route.ts#POST", id)]).toEqual([
        times,
        "passed",
      ]);
    const lines = auditLines().filter(({ action, object }) => action === "connection-test" && object === id);
    expect(lines).toHaveLength(1);
    expect((await kept.audit.flush()).ok).toBe(true);
    expect(auditLines().findLast(({ object }) => object === id)).toMatchObject({
      action: "connection-test",
      times: 2,
    });
  });

  test("a test whose browser has gone before it began is not dialled", async () => {
    const id = await granted({ name: "Gone before" });
    await doors("read");
    const { POST } = await import("#app/api/connections/[id]/test/route.ts");
    const gone = new AbortController();
    const asked = POST(
      new Request(`http://${here}/api/connections/${id}/test`, {
        method: "POST",
        headers: sent,
        body: JSON.stringify({ attempt: randomId() }),
        signal: gone.signal,
      }),
      { params: Promise.resolve({ id }) },
    );
    gone.abort();
    expect(await (await asked).json()).toEqual({ came: "cancelled" });
  });

  test("labels change of all that are named or of none, and a name that could hide is none", async () => {
    const [theirs, mine] = [await granted(), await put()];
    const labelled = async () => {
      const all = await kept.labels.all();
      return all.ok && [theirs, mine].some((id) => all.value.has(id));
    };
    const { labelConnections } = await doors("read");
    expect(codeIn(await labelConnections({ ids: [theirs], group: "Till" }))).toBe("not-allowed");
    const door = await doors("maker");
    const ids = [mine, theirs, randomId()];
    expect(codeIn(await door.labelConnections({ ids, group: "Till" }))).toBe("not-found");
    for (const group of ["", "two\nlines", "turned \u202e round", "x".repeat(41), 7])
      expect(JSON.stringify(await door.labelConnections({ ids: [mine], group }))).toContain(
        '"setting-invalid"',
      );
    expect(await labelled()).toBe(false);
  });

  test("a group or a tag gets another name, or goes, on what one manages alone", async () => {
    const [managed, other] = [await granted(), await granted()];
    const seen = { rest: "none", people: new Map([[people.manage.id, "read" as const]]) } as const;
    expect(await kept.grants.set(other, seen, () => true)).toMatchObject({ ok: true });
    const owner = await doors("owner");
    for (const ids of [[managed], [other]])
      expect(await owner.labelConnections({ ids, group: "Old", addTags: ["old", "kept"] })).toMatchObject({
        ok: true,
      });
    const labelsOf = async (id: string) => {
      const all = await kept.labels.all();
      return all.ok ? all.value.get(id) : undefined;
    };
    for (const caller of ["none", "read"] as const) {
      const { renameLabel } = await doors(caller);
      // Whether it stands on something that they do not manage, nobody is told.
      expect([caller, codeIn(await renameLabel({ kind: "group", name: "Old", to: "New" }))]).toEqual([
        caller,
        "not-found",
      ]);
    }
    expect(await labelsOf(other)).toEqual({ group: "Old", tags: ["old", "kept"] });
    const { renameLabel } = await doors("manage");
    for (const to of ["", "two\nlines", "turned \u202e round", "x".repeat(41), 7])
      expect(JSON.stringify(await renameLabel({ kind: "tag", name: "old", to }))).toContain(
        '"setting-invalid"',
      );
    const made = await renameLabel({ kind: "group", name: "Old", to: "New" });
    expect(made).toEqual({ ok: true, value: [managed] });
    expect(auditLines().at(-1)).toMatchObject({
      action: "connection-label",
      object: managed,
      actor: people.manage.id,
      changes: [{ field: "group", from: "Old", to: "New" }],
    });
    expect(await renameLabel({ kind: "tag", name: "OLD", to: "newer" })).toEqual({
      ok: true,
      value: [managed],
    });
    expect(await renameLabel({ kind: "tag", name: "kept", to: null })).toEqual({
      ok: true,
      value: [managed],
    });
    expect(await labelsOf(managed)).toEqual({ group: "New", tags: ["newer"] });
    expect(await labelsOf(other)).toEqual({ group: "Old", tags: ["old", "kept"] });
  });

  test("favourites are one's own, and of what one can see", async () => {
    const { connectionsPage } = await import("#app/(console)/connections/list/list-connections.ts");
    const { connectionsQuery } = await import("#app/(console)/connections/list/connections-query.ts");
    const id = await granted({ name: "Starred" });
    const { setFavourites } = await doors("read");
    expect(await setFavourites([id], true)).toEqual({ ok: true, value: null });
    const kinds = async (caller: Caller) =>
      (await connectionsPage(people[caller], connectionsQuery({ search: "starred" }), 50)).sections.map(
        ({ kind }) => kind,
      );
    expect([await kinds("read"), await kinds("owner")]).toEqual([["favourites"], ["all"]]);
    // Once it is hidden from them it is nowhere in their list.
    await kept.grants.set(id, { rest: "none", people: new Map() }, () => true);
    expect(await kinds("read")).toEqual([]);
  });

  test("an import of what is there already goes as any other", async () => {
    await granted({ name: "There already" });
    await doors("none");
    const { importConnections } = await import("#app/(console)/connections/form/import-actions.ts");
    expect(await importConnections([form({ name: "There already" })])).toEqual({ type: "saved", count: 1 });
    const { listConnections } = await import("#app/(console)/connections/list/list-connections.ts");
    const list = await listConnections({ search: "", page: 1, pageSize: 50, actor: people.none });
    expect(list.rows.map(({ name, level }) => [name, level])).toEqual([["There already", "manage"]]);
  });
});

describe("who may read and not write", () => {
  const insert = "insert into public.basket values ('by a reader') returning item";

  test("does not write by asking for it", async () => {
    const id = await granted();
    for (const caller of ["read", "none"] as const) {
      await doors(caller);
      const answer = await run(id, insert, false);
      expect([caller, answer.status]).toEqual([caller, caller === "none" ? 404 : 403]);
      const { problem } = (await answer.json()) as { problem: { facts: object } };
      if (caller === "read") expect(problem.facts).toMatchObject({ reason: "read-access" });
    }
    await doors("write");
    expect(await sqlState(await run(id, insert, false))).toBe("");
  });

  test.each([
    insert,
    "set transaction read write",
    "set session characteristics as transaction read write",
    `with made as (${insert}) select * from made`,
    "commit and chain",
    "do $$ begin perform set_config('transaction_read_only', 'off', false); insert into public.basket values ('x'); end $$",
    "select set_config('transaction_read_only', 'off', true)",
    `explain analyze ${insert}`,
  ])("does not write by %s", async (sql) => {
    const id = await granted();
    await doors("read");
    const state = await sqlState(await run(id, sql));
    // What the server takes, it takes inside the read-only transaction.
    if (state === "") expect(await sqlState(await run(id, insert))).toBe("25006");
  });

  test.each([
    insert,
    `with made as (${insert}) select * from made`,
    "select public.put_basket()",
    "call public.put_basket_by_call(null)",
    "select set_config('transaction_read_only', 'off', true), public.put_basket()",
    `explain analyze ${insert}`,
    `select 1) to stdout; ${insert}; copy (select 1`,
    "select nextval('public.turns')",
  ])("does not write by the file of %s", async (sql) => {
    const id = await granted();
    const rows = async () => (await server.admin("select from public.basket", undefined, "shop")).length;
    const before = await rows();
    await doors("read");
    const { POST } = await import("../../../app/api/connections/[id]/exports/route.ts");
    const { GET } = await import("../../../app/api/connections/[id]/exports/[ticket]/route.ts");
    const tabs = [{}, { inTransaction: true }, { tab: { id: randomId(), lease: randomId(), name: "SQL" } }];
    for (const format of ["csv", "insert"])
      for (const tab of tabs) {
        const what = { kind: "statement", sql, ...tab };
        const [request, context] = body(`/api/connections/${id}/exports`, { what, format }, id) as Parameters<
          typeof POST
        >;
        const given = await POST(request, context);
        if (!given.ok) continue;
        const { ticket } = (await given.json()) as { ticket: string };
        const params = Promise.resolve({ id, ticket });
        const file = await GET(new Request(`http://${here}/x`, { headers: sent }), { params });
        if (file.ok) await expect(file.text()).rejects.toThrow();
      }
    const tab = { id: randomId(), lease: randomId(), name: "SQL" };
    const inside = { kind: "statement", sql, tab, inTransaction: true };
    const [request, context] = body(
      `/api/connections/${id}/exports`,
      { what: inside, format: "csv" },
      id,
    ) as Parameters<typeof POST>;
    expect((await POST(request, context)).status).toBe(403);
    expect(await rows()).toBe(before);
  });

  test("does not write by the plan of it", async () => {
    const id = await granted();
    const rows = async () => (await server.admin("select from public.basket", undefined, "shop")).length;
    const before = await rows();
    await doors("read");
    for (const sql of [insert, `with made as (${insert}) select * from made`, "select 1; commit"]) {
      expect((await plan(id, sql, "plan")).status).toBe(sql.includes(";") ? 422 : 200);
      const measured = await plan(id, sql, "measure");
      expect(measured.status).toBe(422);
      const refusal = (await measured.json()) as { why: string; error?: { sqlstate: string } };
      expect(refusal.error?.sqlstate ?? refusal.why).toBe(sql.includes(";") ? "several" : "25006");
      const answer = await plan(id, sql, "measure-write");
      expect([answer.status, await reasonOf(answer)]).toEqual([403, "read-access"]);
      expect((await plan(id, sql, "plan", true)).status).toBe(403);
    }
    await doors("write");
    expect((await plan(id, insert, "measure-write")).status).toBe(200);
    expect((await plan(id, insert, "measure", true)).status).toBe(422);
    expect(await rows()).toBe(before);
  });

  test("ends nobody's session", async () => {
    const id = await granted();
    await doors("write");
    expect(await sqlState(await run(id, "select 1"))).toBe("");
    const seen = (await (await ask(id, "activity", {})).json()) as ServerActivity;
    const of = seen.sessions.find(({ whose }) => whose?.who === "you");
    expect(seen).toMatchObject({ mayEnd: "yes", tellsBlocking: true });
    expect(of).toMatchObject({ whose: { tab: "SQL" }, application: `cloak:${people.write.id}` });
    const ends = { act: "end", pid: of?.pid, start: of?.start };
    for (const caller of ["none", "read"] as const) {
      await doors(caller);
      const answer = await ask(id, "activity/end", ends);
      expect([caller, answer.status]).toEqual([caller, caller === "none" ? 404 : 403]);
    }
    const told = (await (await ask(id, "activity", {})).json()) as ServerActivity;
    expect(told.mayEnd).toBe("read-access");
    expect(told.sessions.find(({ pid }) => pid === of?.pid)?.whose).toEqual({ who: "console" });
    await doors("write");
    expect(await (await ask(id, "activity/end", { ...ends, start: "1" })).json()).toEqual({ came: "gone" });
    expect(await (await ask(id, "activity/end", ends)).json()).toEqual({ came: "sent" });
    const noted = auditLines().filter(({ action }) => action === "activity-end");
    const line = {
      object: id,
      actor: people.write.id,
      changes: [{ field: "pid", from: String(of?.pid), to: "" }],
    };
    expect(noted).toMatchObject([
      { ...line, result: "allowed" },
      { ...line, result: "not-found" },
      { ...line, result: "allowed" },
    ]);
  });

  test("does not write on what they connect unsaved of it, nor save that, nor lead it on", async () => {
    const id = await granted();
    const door = await doors("read");
    const { opened = "" } = await ended(await door.connectUnsaved(await valuesOf(id), randomId(), id));
    expect((await run(opened, insert, false)).status).toBe(403);
    expect(await sqlState(await run(opened, insert))).toBe("25006");
    expect(codeIn(await door.saveUnsaved(opened, ""))).toBe("not-allowed");
    const changes = [
      { environment: "development" },
      { applicationName: "else" },
      { host: "localhost" },
      { password },
      { port: "1" },
    ];
    for (const change of changes) {
      for (const from of [id, opened]) {
        const values = await valuesOf(id, change);
        expect(codeIn(await door.connectUnsaved(values, randomId(), from))).toBe("not-allowed");
        expect(codeIn(await door.testConnection(values, randomId(), from))).toBe("not-allowed");
        expect(codeIn(await door.findStrongest(values, randomId(), from))).toBe("not-allowed");
        expect(codeIn(await door.saveConnection(values, { id: from, rev: 1 }))).toBe("not-allowed");
      }
    }
  });

  test("what they duplicate is theirs, and brings no secret along", async () => {
    const id = await granted();
    const { duplicateConnection } = await doors("read");
    const copy = await duplicateConnection(id);
    if (!copy.ok) throw new Error("no copy");
    const book = await kept.grants.read();
    expect(book.ok && book.value.of(copy.value.id)).toEqual({
      maker: people.read.id,
      people: new Map(),
      rest: "none",
    });
    expect((await run(copy.value.id, insert, false)).status).toBe(400);
  });
});

describe("Production", () => {
  const insert = "insert into public.basket values ('unlocked')";
  const production = () => granted({ name: "Live", environment: "production" });
  const changeDoors = ["try", "apply"].map(
    (mode) => `app/api/connections/[id]/changes/${mode}/route.ts#POST`,
  );
  const unlock = { reason: "mend a basket", minutes: 15 };
  const lines = auditLines;

  test("is read-only for everybody, the owner too, whatever is asked", async () => {
    const id = await production();
    for (const caller of ["owner", "maker", "manage", "write"] as const) {
      await doors(caller);
      expect([caller, await reasonOf(await run(id, insert, false))]).toEqual([caller, "production-locked"]);
      expect(await sqlState(await run(id, insert))).toBe("25006");
      for (const door of changeDoors) expect([caller, await call(door, id)]).toEqual([caller, "not-allowed"]);
    }
    await doors("read");
    expect(await reasonOf(await run(id, insert, false))).toBe("read-access");
  });

  test("stays so as an unsaved twin that is none, whoever makes it", async () => {
    const id = await production();
    const door = await doors("manage");
    const values = await valuesOf(id, { environment: "none" });
    const { opened = "" } = await ended(await door.connectUnsaved(values, randomId(), id));
    expect(await reasonOf(await run(opened, insert, false))).toBe("production-locked");
    expect(await door.unlockWriting({ id: opened, ...unlock })).toEqual({ ok: true, value: null });
    expect(await sqlState(await run(opened, insert, false))).toBe("");
  });

  test("is unlocked for one person's own session, with a reason that the log keeps", async () => {
    const id = await production();
    const door = await doors("write");
    for (const reason of ["", "ab", " \n ", "two\nlines", "turned \u202e round", "x".repeat(201)]) {
      expect(await door.unlockWriting({ id, ...unlock, reason })).toMatchObject({ ok: false });
    }
    for (const minutes of [0, 14, 241, Number.POSITIVE_INFINITY]) {
      expect(await door.unlockWriting({ id, ...unlock, minutes })).toMatchObject({ ok: false });
    }
    expect(await door.unlockWriting({ id, ...unlock })).toEqual({ ok: true, value: null });
    expect(lines().at(-1)).toMatchObject({
      action: "write-unlock",
      object: id,
      actor: people.write.id,
      reason: "mend a basket",
      changes: [{ field: "minutes", from: "", to: "15" }],
    });
    expect(await sqlState(await run(id, insert, false))).toBe("");
    for (const door of changeDoors) expect(await call(door, id)).toBe("passed");
    await doors("manage");
    expect(await reasonOf(await run(id, insert, false))).toBe("production-locked");
  });

  test("a statement leaves its digest in the log before it is sent; of which statements, the operator says", async () => {
    const live = await production();
    const dev = await granted({ name: "Sandbox" });
    await (await doors("write")).unlockWriting({ id: live, ...unlock });
    const memory = processWide<{ environment?: unknown }>("environment", () => ({}));
    const before = memory.environment;
    const noted = async (id: string, readOnly: boolean) => {
      const count = lines().length;
      expect(await sqlState(await run(id, secret, readOnly))).toBe("");
      return lines()
        .slice(count)
        .filter(({ action }) => action === "statement-run");
    };
    const secret = "select 1 where 'password=hunter2-Zq7' <> ''";
    const sha256 = createHash("sha256").update(secret).digest("hex");
    try {
      for (const [which, expected] of [
        // On Production for writing, and reading; elsewhere for writing, and reading.
        [undefined, [1, 0, 0, 0]],
        ["none", [0, 0, 0, 0]],
        ["writes", [1, 0, 1, 0]],
        ["all", [1, 1, 1, 1]],
      ] as const) {
        memory.environment = readEnvironment({
          ...process.env,
          CLOAK_DB_AUDIT_STATEMENTS: which,
          CLOAK_DB_AUDIT_TEXT: which === "all" ? "1" : "0",
        });
        const found = [];
        for (const id of [live, dev])
          for (const readOnly of [false, true]) found.push(await noted(id, readOnly));
        expect([which, found.map(({ length }) => length)]).toEqual([which, expected]);
        for (const line of found.flat()) {
          const text = [{ field: "statement", from: "", to: "select 1 where 'password=[secret]' <> ''" }];
          expect(line).toMatchObject({ actor: people.write.id, result: "allowed" });
          expect(line.changes).toEqual([
            { field: "sha256", from: "", to: sha256 },
            ...(which === "all" ? text : []),
          ]);
        }
      }
    } finally {
      memory.environment = before;
    }
    expect(JSON.stringify(lines())).not.toContain("hunter2");
  });

  /** What each of these does ends a transaction that is open, and locks writing. */
  const ends: readonly (readonly [string, (id: string) => Promise<unknown>])[] = [
    ["the button", async (id) => (await doors("write")).lockWriting(id)],
    [
      "the loss of the access",
      async (id) => (await doors("maker")).setAccess({ id, rest: "read", people: [] }),
    ],
    [
      "a change of the connection",
      async (id) =>
        (await doors("manage")).saveConnection(await valuesOf(id, { name: "Else" }), { id, rev: 1 }),
    ],
    [
      "its time",
      async (id) => {
        const { writeUnlocks } = await import("#lib/session/close-clients.ts");
        // As its timer does.
        writeUnlocks().end({ sessionId: people.write.sessionId, connectionId: id });
      },
    ],
  ];

  test.each(ends)("%s ends it, and the write sessions with it", async (_, end) => {
    const id = await production();
    const { liveClients } = await import("#lib/session/live-clients.ts");
    await (await doors("write")).unlockWriting({ id, ...unlock });
    expect(await sqlState(await run(id, "begin", false))).toBe("");
    expect(await sqlState(await run(id, "select 1"))).toBe("");
    const modes = () =>
      liveClients()
        .owners()
        .filter(({ profileId }) => profileId === id)
        .map(({ mode }) => mode);
    expect(modes().sort()).toEqual(["read-only", "read-write"]);
    await end(id);
    await vi.waitFor(() => expect(modes()).not.toContain("read-write"));
    await vi.waitFor(() =>
      expect(lines().some((line) => line.action === "write-lock" && line.object === id)).toBe(true),
    );
    await doors("write");
    const again = await run(id, insert, false);
    expect([403, 409]).toContain(again.status);
  });

  test.each(ends)("%s ends an import that has begun, and it brings nothing", async (_, end) => {
    const id = await production();
    await (await doors("write")).unlockWriting({ id, ...unlock });
    const imports = await import("../../../app/api/connections/[id]/imports/route.ts");
    const ask = { ...shelf, columns: ["id", "item"], header: false, bytes: 4, trial: false };
    const [request, context] = body(`/api/connections/${id}/imports`, ask, id) as Parameters<
      typeof imports.POST
    >;
    const begun = (await (await imports.POST(request, context)).json()) as { id: string };
    const { importFor } = await import("#app/_server/take-piece.ts");
    const run_ = importFor(people.write, { id, transfer: begun.id });
    async function* piece() {
      yield Buffer.from("7,x\n");
    }
    expect(await run_?.piece(0, piece())).toBe(true);
    await end(id);
    await vi.waitFor(() => expect(run_?.stand()).toMatchObject({ state: "failed" }));
    await run_?.finish();
    expect(await server.admin("select 1 from public.shelf where id = 7", [], "shop")).toEqual([]);
  });

  test("the sign-out of its session ends it, and of that alone", async () => {
    const { writeUnlocks } = await import("#lib/session/close-clients.ts");
    const id = await production();
    await (await doors("write")).unlockWriting({ id, ...unlock });
    const user = await kept.users.find(people.write.id);
    if (!user.ok || user.value === undefined) throw new Error("no user");
    const begun = await kept.sessions.start(people.write.id, "test", user.value.sessionsFrom);
    if (!begun.ok) throw new Error(begun.problem.code);
    const sessionId = begun.value.session.id;
    const cookie = `cloak_sid_3000=${begun.value.cookie.reveal()}`;
    sent = new Headers({ ...common, cookie });
    const { unlockWriting } = await import("#app/(console)/connections/[id]/unlock/unlock-actions.ts");
    expect(await unlockWriting({ id, ...unlock })).toEqual({ ok: true, value: null });
    const { POST } = await import("../../../app/api/logout/route.ts");
    await POST(new Request(`http://${here}/api/logout`, { method: "POST", headers: sent, body: "{}" }));
    expect(writeUnlocks().left({ sessionId, connectionId: id })).toBe(0);
    expect(writeUnlocks().left({ sessionId: people.write.sessionId, connectionId: id })).toBeGreaterThan(0);
  });

  test("a statement that runs when the time is over is ended, and told why", async () => {
    const id = await production();
    await (await doors("write")).unlockWriting({ id, ...unlock });
    const running = run(id, "select pg_sleep(60)", false);
    const { liveClients } = await import("#lib/session/live-clients.ts");
    await vi.waitFor(() =>
      expect(liveClients().owners()).toContainEqual(
        expect.objectContaining({ profileId: id, mode: "read-write" }),
      ),
    );
    const answer = await running;
    const text = answer.text();
    const { lockWriting } = await doors("write");
    await lockWriting(id);
    expect(await text).toContain("locked-again");
  });
});

describe("a connection that somebody moved", () => {
  const asked = async (id: string) => codeOf(await run(id, "select 1"));
  const codeOf = async (answer: Response) =>
    answer.status === 200 ? "ran" : ((await answer.json()) as { problem: { code: string } }).problem.code;

  test("is told to everybody else, once each, before anything is sent there", async () => {
    const id = await granted();
    await doors("read");
    expect(await asked(id)).toBe("ran");
    const moved = await (await doors("manage")).saveConnection(
      await valuesOf(id, { host: "localhost", password, name: "Moved" }),
      { id, rev: 1 },
    );
    expect(moved.type).toBe("saved");
    for (const caller of ["read", "write", "maker", "owner"] as const) {
      const door = await doors(caller);
      const values = await valuesOf(id);
      expect([caller, await codeOf(await run(id, "select 1", true, 2))]).toEqual([
        caller,
        "connection-moved",
      ]);
      expect(JSON.stringify(await door.testConnection(values, randomId(), id))).toContain("connection-moved");
      expect(await ended(await door.connectUnsaved(values, randomId(), id))).toEqual({
        code: "connection-moved",
      });
      if (caller === "owner" || caller === "maker")
        expect(JSON.stringify(await door.findStrongest(values, randomId(), id))).toContain(
          "connection-moved",
        );
      const untold = await kept.moves.untold(id, people[caller].id, 2);
      expect(untold).toMatchObject([
        { by: people.manage.id, rev: 2, changes: [{ field: "host", from: "127.0.0.1", to: "localhost" }] },
      ]);
      expect(await door.seeMoves(id, 2)).toEqual({ ok: true, value: null });
      expect([caller, await codeOf(await run(id, "select 1", true, 2))]).toEqual([caller, "ran"]);
    }
    await doors("manage");
    expect(await codeOf(await run(id, "select 1", true, 2))).toBe("ran");
  });

  test("and not where it only has another name, nor where the save came to nothing", async () => {
    const id = await granted();
    const door = await doors("manage");
    const stale = { id, rev: 1 };
    expect((await door.saveConnection(await valuesOf(id, { name: "Else" }), stale)).type).toBe("saved");
    const moved = await valuesOf(id, { host: "localhost", password });
    expect((await door.saveConnection(moved, stale)).type).toBe("conflict");
    expect(await kept.moves.untold(id, people.read.id, 99)).toEqual([]);
  });
});

describe("a change of who may", () => {
  test("ends what goes on of who has lost their access, and of nobody else", async () => {
    const { liveClients } = await import("#lib/session/live-clients.ts");
    const id = await granted();
    for (const caller of ["read", "write"] as const) {
      await doors(caller);
      expect(await sqlState(await run(id, "select 1"))).toBe("");
    }
    const users = () =>
      liveClients()
        .owners()
        .filter(({ profileId }) => profileId === id)
        .map(({ userId }) => userId);
    expect(users().sort()).toEqual([people.read.id, people.write.id].sort());
    const { setAccess } = await doors("maker");
    const set = await setAccess({ id, rest: null, people: [[people.write.id, "read"]] });
    expect(set).toEqual({ ok: true, value: null });
    expect(users()).toEqual([people.write.id]);
    await doors("read");
    expect((await run(id, "select 1")).status).toBe(404);
  });

  test("ends a file that goes on, and makes tickets and kept answers worthless", async () => {
    const id = await granted();
    await doors("write");
    const exports = await import("../../../app/api/connections/[id]/exports/route.ts");
    const file = await import("../../../app/api/connections/[id]/exports/[ticket]/route.ts");
    const what = { kind: "statement", sql: "select repeat('x', 1000) from generate_series(1, 1000000)" };
    const ticketed = async () => {
      const [request, context] = body(
        `/api/connections/${id}/exports`,
        { what, format: "csv" },
        id,
      ) as Parameters<typeof exports.POST>;
      return ((await (await exports.POST(request, context)).json()) as { ticket: string }).ticket;
    };
    const fetched = (ticket: string) =>
      file.GET(new Request(`http://${here}/x`, { headers: sent }), {
        params: Promise.resolve({ id, ticket }),
      });
    const running = await fetched(await ticketed());
    expect(running.status).toBe(200);
    const waiting = await ticketed();
    const plum = {
      ...shelf,
      rev: 1,
      id: randomId(),
      key: ["id"],
      changes: [{ kind: "insert", cells: [{ column: "id", value: "8" }] }],
    };
    const apply = await import("../../../app/api/connections/[id]/changes/apply/route.ts");
    const applied = () =>
      apply.POST(
        ...(body(`/api/connections/${id}/changes/apply`, plum, id) as Parameters<typeof apply.POST>),
      );
    expect(await (await applied()).json()).toMatchObject({ outcome: "applied" });

    expect(await (await doors("maker")).setAccess({ id, rest: "none", people: [] })).toMatchObject({
      ok: true,
    });
    await expect(running.text()).rejects.toThrow();
    await doors("write");
    expect((await fetched(waiting)).status).toBe(404);
    expect((await applied()).status).toBe(404);
  });

  test("leaves what was connected unsaved as it is saved, and ends what was changed in it", async () => {
    const id = await granted();
    const door = await doors("manage");
    const same = await ended(await door.connectUnsaved(await valuesOf(id), randomId(), id));
    const changed = await ended(
      await door.connectUnsaved(await valuesOf(id, { applicationName: "else" }), randomId(), id),
    );
    const { opened: kept_ = "" } = same;
    const { opened: lost = "" } = changed;
    expect((await run(lost, "select 1")).status).toBe(200);
    await (await doors("maker")).setAccess({ id, rest: "none", people: [[people.manage.id, "read"]] });
    await doors("manage");
    expect((await run(lost, "select 1")).status).toBe(404);
    expect(await sqlState(await run(kept_, "select 1"))).toBe("");
    expect((await run(kept_, "select 1", false)).status).toBe(403);
  });

  test("of the console's default reaches what follows it; a member sets neither it nor tightens", async () => {
    const old = await kept.profiles.create({
      ...(await draftOf()),
      name: "From before",
    });
    if (!old.ok) throw new Error("not kept");
    await doors("none");
    expect(await sqlState(await run(old.value.id, "select 1"))).toBe("");
    const member = await doors("manage");
    expect(codeIn(await member.tightenAccess())).toBe("not-allowed");
    expect(codeIn(await member.setDefaultAccess("manage"))).toBe("not-allowed");
    const owner = await doors("owner");
    expect(await owner.tightenAccess()).toEqual({ ok: true, value: null });
    await doors("none");
    expect((await run(old.value.id, "select 1")).status).toBe(404);
    await (await doors("owner")).setDefaultAccess("read");
    await doors("none");
    expect(await sqlState(await run(old.value.id, "select 1"))).toBe("");
    await (await doors("owner")).setDefaultAccess("none");
  });
});

function auditLines() {
  return readFileSync(join(folder, "config", "audit.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map(
      (line) =>
        JSON.parse(line) as {
          action: string;
          object: string;
          actor: string;
          reason?: string;
          changes?: unknown;
        },
    );
}

async function reasonOf(answer: Response): Promise<string | undefined> {
  return ((await answer.json()) as { problem: { facts: { reason?: string } } }).problem.facts.reason;
}

function plan(id: string, sql: string, how: string, inTransaction = false): Promise<Response> {
  return ask(id, "plan", { ...planned(sql, how), values: [], inTransaction });
}

async function ask(id: string, what: "plan" | "activity" | "activity/end", json: object): Promise<Response> {
  const routes = {
    plan: () => import("../../../app/api/connections/[id]/plan/route.ts"),
    activity: () => import("../../../app/api/connections/[id]/activity/route.ts"),
    "activity/end": () => import("../../../app/api/connections/[id]/activity/end/route.ts"),
  };
  const { POST } = await routes[what]();
  const [request, parts] = body(`/api/connections/${id}/${what}`, json, id);
  return POST(request as Request, parts as { params: Promise<{ id: string }> });
}

async function draftOf() {
  const { parseProfileForm } = await import("#lib/profiles/form.ts");
  const draft = await parseProfileForm(form());
  if (!draft.ok) throw new Error(JSON.stringify(draft.problem));
  return draft.value;
}

async function run(id: string, sql: string, readOnly = true, rev = 1): Promise<Response> {
  const { POST } = await import("../../../app/api/connections/[id]/run/route.ts");
  const [request, parts] = body(`/api/connections/${id}/run`, { ...statement(sql, readOnly), rev }, id);
  return POST(request as Request, parts as { params: Promise<{ id: string }> });
}

/** The SQLSTATE that it ended with; empty where it went well. */
async function sqlState(answer: Response): Promise<string> {
  const messages = (await answer.text())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as RunMessage);
  expect(answer.status, JSON.stringify(messages[0])).toBe(200);
  const end = messages.at(-1);
  return end?.type === "error" ? (end.error?.sqlstate ?? "error") : "";
}

async function answerOf(key: string, args: readonly unknown[]): Promise<unknown> {
  const [path = "", name = "default"] = key.split("#");
  const door = (await import(/* @vite-ignore */ join(root, path))) as Record<
    string,
    (...given: readonly unknown[]) => Promise<unknown>
  >;
  const answer = await door[name]?.(...args);
  if (!(answer instanceof Response)) return answer;
  // A test's end is in its stream.
  const isTold = answer.status !== 200 || path.endsWith("/test/route.ts");
  return [answer.status, isTold ? await answer.text() : ""];
}

/** Calls a door about this connection; the code of its refusal, or `passed`. */
async function call(key: string, id: string): Promise<string> {
  const answer = await answerOf(key, (await calls[key]?.(id)) ?? []);
  const streamed = Object(answer).type === "stream" ? await ended(answer as TestAnswer) : {};
  return codeIn(answer) ?? streamed.code ?? "passed";
}

/** Of an answer, whatever form that has. */
function codeIn(answer: unknown): string | undefined {
  const code = /\\?"code\\?":\\?"([a-z-]+)\\?"/.exec(JSON.stringify(answer) ?? "")?.[1];
  return code === "not-found" || code === "not-allowed" ? code : undefined;
}

async function ended(answer: TestAnswer): Promise<{ readonly opened?: string; readonly code?: string }> {
  if (answer.type !== "stream") return {};
  for await (const message of answer.messages as unknown as AsyncIterable<AttemptMessage>) {
    if (message.type === "problem") return { code: message.explained.problem.code };
    if (message.type !== "done") continue;
    return { ...(message.opened !== undefined && { opened: message.opened }) };
  }
  throw new Error("the stream ended without an end");
}
