import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Exportable, ImportAnswered } from "#app/(console)/settings/carry/carry-answers.ts";
import { openAge } from "#lib/carry/age-file.ts";
import { newDraft } from "#lib/profiles/profile.ts";
import { Secret } from "#lib/secret.ts";
import { type Actor, type Level, levels } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";

/* The doors by which connections leave the console and come in, called as Next calls them, as everybody. */

const folder = mkdtempSync(join(tmpdir(), "cloak-carry-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
process.env.CLOAK_DB_LOG_LEVEL = "silent";

let sent = new Headers();
vi.mock("next/headers", () => ({ headers: async () => sent, cookies: async () => new Map() }));
vi.mock("next-intl/server", () => ({
  getTranslations: async () => Object.assign((key: string) => key, { has: () => true }),
  getLocale: async () => "en",
}));
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));

const here = "127.0.0.1:3000";
const common = { host: here, origin: `http://${here}`, "content-type": "application/json" };
const passphrase = "a lamp, a fig and 3 owls";

let kept: Workspace;
const people = {} as Record<"owner" | "maker" | Level, Actor & { readonly cookie: string }>;
type Caller = keyof typeof people;
/** One with a password of the maker's, of which each member has what they are called by; and one of nobody's. */
let shop = "";
let theirs = "";

beforeAll(async () => {
  const { workspace } = await import("#app/_server/workspace.ts");
  const opened = await workspace();
  if (!opened.ok) throw new Error(opened.problem.code);
  kept = opened.value;
  expect((await kept.grants.setDefault("none")).ok).toBe(true);
  for (const name of ["owner", "maker", ...levels] as const) {
    const role = name === "owner" ? "owner" : "member";
    const made = await kept.users.create({ name, password: new Secret("plum-tractor-oboe-9"), role });
    if (!made.ok) throw new Error(made.problem.code);
    const { id, sessionsFrom } = made.value;
    const begun = await kept.sessions.start(id, "test", sessionsFrom);
    if (!begun.ok) throw new Error(begun.problem.code);
    const cookie = `cloak_sid_3000=${begun.value.cookie.reveal()}`;
    people[name] = { id, name, role, sessionId: begun.value.session.id, cookie };
  }
  shop = await put("Shop", people.maker.id, { password: new Secret(canary) });
  theirs = await put("Theirs", null, { password: new Secret(foreign) });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Which of the two each caller may see, and manage. */
const sees = (caller: Caller) => caller !== "none";
const manages = (caller: Caller) => ["owner", "maker", "manage"].includes(caller);

describe.each(["owner", "maker", ...levels] as const)("%s", (caller) => {
  test("is told of what they may see, and of how many secrets are theirs", async () => {
    const found = await get<{ connections: readonly Exportable[] }>(caller, "export");
    const all = [
      {
        id: shop,
        name: "Shop",
        manages: manages(caller),
        mine: caller === "maker" ? 1 : 0,
        others: caller === "maker" ? 0 : 1,
      },
      { id: theirs, name: "Theirs", manages: manages(caller), mine: 0, others: 1 },
    ];
    expect(found.connections.filter(({ id }) => [shop, theirs].includes(id))).toEqual(
      sees(caller) ? all : [],
    );
  });

  test("takes out without secrets what they may see", async () => {
    const answer = await post(caller, "export", { ids: [shop, theirs], seal: null });
    const text = await answer.text();
    expect(answer.status).toBe(sees(caller) ? 200 : 404);
    expect(text).not.toMatch(/canary|foreign/);
    if (sees(caller))
      expect(JSON.parse(text).connections[0]).toMatchObject({ name: "Shop", hasSecrets: ["password"] });
  });

  test("takes out with secrets what they manage, and of that what they gave", async () => {
    const answer = await post(caller, "export", { ids: [shop, theirs], seal: { passphrase } });
    expect(answer.status).toBe(manages(caller) ? 200 : sees(caller) ? 403 : 404);
    if (!manages(caller)) return;
    const opened = await openAge(Buffer.from(await answer.arrayBuffer()), {
      passphrase: new Secret(passphrase),
    });
    if (!opened.ok) throw new Error(opened.problem.code);
    const text = opened.value.toString();
    expect(text.includes(canary)).toBe(caller === "maker");
    expect(text).not.toContain(foreign);
    expect(await lines("connection-export")).toContainEqual(
      expect.objectContaining({
        actor: people[caller].id,
        object: shop,
        ...(caller === "maker" && { secrets: ["password"] }),
      }),
    );
  });

  test("brings in what they then manage, and is told of no name that they may not see", async () => {
    const dry = await bring(caller, strings("Shop"), {});
    expect(dry.entries[0]?.outcome).toBe(sees(caller) ? "conflict" : "new");
    expect(dry.entries[0]?.choices).toEqual(
      manages(caller) ? ["skip", "rename", "replace"] : sees(caller) ? ["skip", "rename"] : [],
    );
    expect(dry.created).toBeNull();
    const before = await count();
    const done = await bring(caller, strings("Shop"), { write: true, onConflict: "rename" });
    expect(done.created).toHaveLength(1);
    expect(await count()).toBe(before + 1);
    const book = await kept.grants.read();
    expect(book.ok && book.value.of(done.created?.[0] ?? "").maker).toBe(people[caller].id);
  });

  test("writes over what they manage and nothing else", async () => {
    const id = await put(`Over ${caller}`, people.maker.id, {});
    const done = await bring(caller, strings(`Over ${caller}`), { write: true, onConflict: "replace" });
    const after = await kept.profiles.find(id);
    expect(after.ok && after.value?.host).toBe(manages(caller) ? "brought.example.test" : "db.example.test");
    expect(done.entries[0]?.act).toBe(manages(caller) ? "replace" : sees(caller) ? "skip" : "create");
  });
});

test("secrets leave after their giver has just shown who they are", async () => {
  const { mayLeadSecret } = await import("#lib/profiles/may-lead.ts");
  const later = Date.now() + 16 * 60_000;
  expect(mayLeadSecret("me", { userId: "me", mayUseHost: false, confirmedAt: Date.now() }, later)).toBe(
    "confirm",
  );
  vi.setSystemTime(later);
  try {
    const answer = await post("maker", "export", { ids: [shop], seal: { passphrase } });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({
      problem: { code: "not-allowed", facts: { reason: "confirm" } },
    });
  } finally {
    vi.useRealTimers();
  }
});

test("what another console seals to this one comes in by its page alone", async () => {
  const { recipient } = await get<{ recipient: string }>("maker", "import");
  const answer = await post("maker", "export", { ids: [shop], seal: { recipient } });
  const sealed = await answer.text();
  const done = await bring("manage", sealed, { write: true, onConflict: "rename" });
  expect([done.sealed, done.source]).toEqual([true, "cloak-connections"]);
  const made = await kept.profiles.open(done.created?.[0] ?? "");
  expect(made.ok && made.value?.secrets.password?.reveal()).toBe(canary);
  expect(made.ok && made.value?.givenBy?.password).toBe(people.manage.id);
  expect(JSON.stringify(done)).not.toContain(canary);
});

test.each<[string, object, number, object]>([
  [
    "a passphrase that is guessed at once",
    { seal: { passphrase: "password1234" } },
    400,
    { field: "passphrase", reason: "too-common" },
  ],
  ["a recipient that is none", { seal: { recipient: "age1nonsense" } }, 400, { field: "recipient" }],
  ["a body of another shape", { seal: "x" }, 400, { field: "body" }],
  ["nothing", { ids: [] }, 400, { field: "body" }],
])("what is asked for is checked: %s", async (_, change, status, facts) => {
  const answer = await post("maker", "export", { ids: [shop], seal: null, ...change });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ problem: { code: "setting-invalid", facts } });
});

test("a choice for one outweighs the one for all", async () => {
  const id = await put("First", people.maker.id, {});
  const before = await count();
  const file = `${strings("First")}\n${strings("Second")}`;
  const asked = { write: true, onConflict: "replace", choices: [[0, "rename"]] };
  const done = await bring("maker", file, asked);
  expect(done.entries.map(({ name, act }) => [name, act])).toEqual([
    ["First (2)", "create"],
    ["Second", "create"],
  ]);
  expect(await count()).toBe(before + 2);
  const first = await kept.profiles.find(id);
  expect(first.ok && first.value?.host).toBe("db.example.test");
});

const canary = "canary-5512";
const foreign = "foreign-5513";

test.each([
  ["export", "none"],
  ["import", "read"],
] as const)("what is no question of the door %s counts as well, before it is read", async (door, caller) => {
  const codes: number[] = [];
  for (let tries = 0; tries < 125; tries += 1) codes.push((await post(caller, door, { tries })).status);
  expect([codes[0], codes.at(-1)]).toEqual([400, 429]);
});

async function put(name: string, maker: string | null, secrets: object): Promise<string> {
  const draft = { ...newDraft(), name, host: "db.example.test", database: "app", user: "app", secrets };
  const made = await kept.profiles.create(draft, maker ?? undefined, undefined, kept.grants.starting(maker));
  if (!made.ok) throw new Error(made.problem.code);
  const given = new Map(levels.map((level) => [people[level].id, level] as const));
  if (maker === null) given.set(people.maker.id, "manage");
  const set = await kept.grants.set(made.value.id, { rest: "none", people: given }, () => true);
  if (!set.ok) throw new Error(set.problem.code);
  return made.value.id;
}

/** A service file: it gives a connection a name. */
function strings(name: string): string {
  return `[${name}]\nhost=brought.example.test\nuser=app\nsslmode=verify-full\n`;
}

function asked(caller: Caller, door: "export" | "import", body?: object): Request {
  sent = new Headers({ ...common, cookie: people[caller].cookie });
  const init = body === undefined ? { method: "GET" } : { method: "POST", body: JSON.stringify(body) };
  return new Request(`http://${here}/api/carry/${door}`, { ...init, headers: sent });
}

async function get<T>(caller: Caller, door: "export" | "import"): Promise<T> {
  const { GET } =
    door === "export"
      ? await import("#app/api/carry/export/route.ts")
      : await import("#app/api/carry/import/route.ts");
  return (await GET(asked(caller, door))).json();
}

async function post(caller: Caller, door: "export" | "import", body: object): Promise<Response> {
  const { POST } =
    door === "export"
      ? await import("#app/api/carry/export/route.ts")
      : await import("#app/api/carry/import/route.ts");
  return POST(asked(caller, door, body));
}

async function bring(caller: Caller, file: string, more: object): Promise<ImportAnswered> {
  const base = { passphrase: "", user: "", onConflict: "skip", choices: [], write: false };
  const answer = await post(caller, "import", {
    ...base,
    file: Buffer.from(file).toString("base64"),
    ...more,
  });
  const json = await answer.json();
  if (!answer.ok) throw new Error(JSON.stringify(json.problem));
  return json;
}

async function count(): Promise<number> {
  const all = await kept.profiles.list();
  if (!all.ok) throw new Error(all.problem.code);
  return all.value.length;
}

async function lines(action: string) {
  const page = await kept.audit.newest(100);
  if (!page.ok) throw new Error(page.problem.code);
  return page.value.entries.filter((line) => line.action === action);
}
