import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { PaletteFound, PaletteIndex } from "#app/(console)/palette/palette-entry.ts";
import { Secret } from "#lib/secret.ts";
import type { Workspace } from "#lib/workspace.ts";
import { sampleProfile } from "#tests/support/sample-profile.ts";

// What the command palette finds is what its caller may see, called as Next would call it.

const folder = mkdtempSync(join(tmpdir(), "cloak-palette-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
process.env.CLOAK_DB_LOG_LEVEL = "silent";

let sent = new Headers();
vi.mock("next/headers", () => ({ headers: async () => sent, cookies: async () => new Map() }));
vi.mock("next-intl/server", () => ({
  getTranslations: async () => Object.assign((key: string) => key, { has: () => true }),
  getLocale: async () => "en",
  getMessages: async () => new Proxy({}, { get: () => ({}) }),
}));
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));
vi.mock("next/cache", () => ({ revalidatePath: () => undefined }));

const here = "127.0.0.1:3000";
const common = { host: here, origin: `http://${here}`, "content-type": "application/json" };
const names = ["owner", "maker", "stranger"] as const;
const cookies = {} as Record<(typeof names)[number], string>;
let kept: Workspace;
let makersId: string;

beforeAll(async () => {
  const { workspace } = await import("#app/_server/workspace.ts");
  const opened = await workspace();
  if (!opened.ok) throw new Error(opened.problem.code);
  kept = opened.value;
  expect((await kept.grants.setDefault("none")).ok).toBe(true);
  for (const name of names) {
    const role = name === "owner" ? "owner" : "member";
    const made = await kept.users.create({ name, password: new Secret("plum-tractor-oboe-9"), role });
    if (!made.ok) throw new Error(made.problem.code);
    const begun = await kept.sessions.start(made.value.id, "test", made.value.sessionsFrom);
    if (!begun.ok) throw new Error(begun.problem.code);
    cookies[name] = `cloak_sid_3000=${begun.value.cookie.reveal()}`;
    if (name !== "maker") continue;
    for (const shop of ["Orchard shop", "Orchard archive", "Kitchen"]) {
      const { id } = made.value;
      const profile = sampleProfile({ name: shop, host: "db.example.test", port: 5432 });
      const saved = await kept.profiles.create(profile, id, undefined, kept.grants.starting(id));
      if (!saved.ok) throw new Error(saved.problem.code);
      makersId = saved.value.id;
    }
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function ask<T>(caller: (typeof names)[number], query: string): Promise<T> {
  const { GET } = await import("#app/api/palette/route.ts");
  const headers = { ...common, cookie: cookies[caller] };
  const answer = await GET(new Request(`http://${here}/api/palette${query}`, { headers }));
  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  return (await answer.json()) as T;
}

const found = async (caller: (typeof names)[number], query: string) =>
  (await ask<PaletteFound>(caller, query)).connections;

describe("connections", () => {
  test("are found with a slip of the finger, the best with what can be done with it; nothing of a secret is sent", async () => {
    const entries = await found("maker", "?search=orchrad+shop");
    expect(entries.map(({ kind, act }) => act ?? kind)).toEqual(["connection", "test", "action"]);
    expect(entries[0]).toMatchObject({ title: "Orchard shop", detail: "db.example.test:5432/postgres" });
    expect(JSON.stringify(entries)).not.toContain("secret");
    expect(
      (await found("maker", "?search=orchard")).filter(({ kind }) => kind === "connection"),
    ).toHaveLength(2);
  });

  test("without words are those that were used lately, in that order, or the first of the list", async () => {
    const titles = async (search: string) => (await found("maker", search)).map(({ title }) => title);
    expect(await titles("?search=")).toEqual(["Kitchen", "Orchard archive", "Orchard shop"]);
    expect((await titles(`?search=&recent=gone,${makersId}`))[0]).toBe("Kitchen");
  });

  test("of others are not there, searched for or named by their id", async () => {
    expect(await found("stranger", "?search=orchard")).toEqual([]);
    expect(await found("stranger", `?search=&recent=${makersId}`)).toEqual([]);
    expect(await found("owner", "?search=kitchen")).not.toEqual([]);
  });
});

test("problems are found by the words of other programs, and come back as those that were looked at", async () => {
  const { problems } = await ask<PaletteFound>("stranger", "?search=self+signed+certificate");
  expect(problems[0]).toMatchObject({ detail: "tls-self-signed", href: "/help/problems/tls-self-signed" });
  const lately = await ask<PaletteFound>("stranger", "?search=&recent=problem+tls-expired,problem+none");
  expect(lately.problems.map(({ id }) => id)).toEqual(["problem tls-expired"]);
});

test("the pages of owners are offered to owners", async () => {
  const pages = async (caller: (typeof names)[number]) =>
    (await ask<PaletteIndex>(caller, "")).entries.flatMap(({ href }) => href ?? []);
  expect(await pages("owner")).toEqual(expect.arrayContaining(["/settings/team", "/settings/audit"]));
  const members = await pages("stranger");
  expect(members).toContain("/connections/new");
  expect(members).not.toContain("/settings/team");
  expect(members).not.toContain("/settings/audit");
});

test("nobody is told anything without a session", async () => {
  const { GET } = await import("#app/api/palette/route.ts");
  for (const query of ["", "?search=orchard"]) {
    const answer = await GET(new Request(`http://${here}/api/palette${query}`, { headers: common }));
    expect(answer.status).toBe(401);
  }
});

test("a theme is chosen for oneself, and every other preference stays", async () => {
  const { chooseTheme } = await import("#app/(console)/palette/theme-action.ts");
  sent = new Headers({ ...common, cookie: cookies.maker });
  expect((await chooseTheme("dark")).ok).toBe(true);
  expect((await chooseTheme("pink")).ok).toBe(false);
  const people = await kept.users.list();
  const id = people.ok ? people.value.find(({ name }) => name === "maker")?.id : undefined;
  expect(await kept.preferences.of(id ?? "")).toMatchObject({ value: { theme: "dark", pageSize: 50 } });
});

test("labels and stars are written as often as a form is read, and no oftener", async () => {
  const door = await import("#app/(console)/connections/list/list-actions.ts");
  sent = new Headers({ ...common, cookie: cookies.stranger });
  const codes: string[] = [];
  for (let times = 0; times < 300 && codes.at(-1) !== "too-many-attempts"; times++) {
    const answer = await (times % 2 === 0 ? door.labelConnections({}) : door.setFavourites([], true));
    codes.push(answer.ok ? "ok" : answer.explained.problem.code);
  }
  expect([...new Set(codes)]).toEqual(["setting-invalid", "too-many-attempts"]);
  expect(codes.length).toBeGreaterThan(100);
  for (const answer of [await door.labelConnections({}), await door.setFavourites([], true)])
    expect(answer).toMatchObject({ ok: false, explained: { problem: { code: "too-many-attempts" } } });
});
