import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Secret } from "#lib/secret.ts";
import type { Workspace } from "#lib/workspace.ts";

/*
 * A console that can read and cannot write, asked as Next would ask it. Its log is caught where it is made: what a disk
 * says belongs there, and nowhere a stranger reads.
 */

const folder = mkdtempSync(join(tmpdir(), "cloak-degraded-"));
const configDir = join(folder, "config");
process.env.CLOAK_DB_CONFIG_DIR = configDir;
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");

const said: Record<string, unknown>[] = [];
vi.mock("#app/_server/log.ts", () => {
  const note = (facts: Record<string, unknown>) => said.push(facts);
  return { log: () => ({ error: note, warn: note, info: () => undefined }) };
});
let sent = new Headers();
vi.mock("next/headers", () => ({ headers: async () => sent, cookies: async () => new Map() }));
vi.mock("next-intl/server", () => ({ getTranslations: async () => (key: string) => key }));
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));

const here = "127.0.0.1:3000";
const common = { host: here, origin: `http://${here}`, "content-type": "application/json" };
const password = "plum-tractor-oboe-9";
let kept: Workspace;

beforeAll(async () => {
  const { workspace } = await import("#app/_server/workspace.ts");
  const opened = await workspace();
  if (!opened.ok) throw new Error(opened.problem.code);
  kept = opened.value;
  const made = await kept.users.create({ name: "olive", password: new Secret(password), role: "owner" });
  if (!made.ok) throw new Error(made.problem.code);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function post(path: "login" | "logout", body: object, cookie = ""): Promise<Response> {
  sent = new Headers({ ...common, cookie });
  const door = (await import(`../../../app/api/${path}/route.ts`)) as {
    POST(sent: Request): Promise<Response>;
  };
  const request = { method: "POST", headers: sent, body: JSON.stringify(body) };
  return door.POST(new Request(`http://${here}/api/${path}`, request));
}

async function health(): Promise<readonly [number, unknown]> {
  sent = new Headers({ host: here });
  const { GET } = await import("#app/api/health/route.ts");
  const answer = await GET();
  return [answer.status, await answer.json()];
}

const login = () => post("login", { name: "olive", password });
const cookieOf = (answer: Response) => (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";

async function actorOf(cookie: string) {
  const { callerOf } = await import("#app/_server/current-user.ts");
  const caller = await callerOf(new Headers({ ...common, cookie }));
  return caller.ok ? caller.value.actor : undefined;
}

/** What each of them does to the files, and what it is called. */
const troubles: readonly (readonly [string, () => void, () => void, string])[] = [
  [
    "others can read the log",
    () => chmodSync(join(configDir, "audit.jsonl"), 0o644),
    () => chmodSync(join(configDir, "audit.jsonl"), 0o600),
    "vault-unsafe-permissions",
  ],
  [
    "a folder lies where the log was",
    () => {
      moved = readFileSync(join(configDir, "audit.jsonl"), "utf8");
      rmSync(join(configDir, "audit.jsonl"));
      mkdirSync(join(configDir, "audit.jsonl"));
    },
    () => {
      rmSync(join(configDir, "audit.jsonl"), { recursive: true });
      writeFileSync(join(configDir, "audit.jsonl"), moved, { mode: 0o600 });
    },
    "vault-write-failed",
  ],
];
let moved = "";

describe.sequential("a console that cannot write", () => {
  test("is well before that", async () => {
    expect((await login()).status).toBe(200);
    expect(await health()).toEqual([200, { status: "ok" }]);
  });

  test.each(troubles)(
    "because %s: it is degraded, says so in the log once, and strangers get a code",
    async (_why, spoil, fix, code) => {
      spoil();
      try {
        said.length = 0;
        expect(await health()).toEqual([503, { status: "degraded", reason: code }]);
        await health();
        const refused = await login();
        expect(refused.status).toBeGreaterThanOrEqual(500);
        const text = await refused.text();
        expect(JSON.parse(text).problem).toMatchObject({ code, facts: {} });
        expect(text).not.toContain(folder);
        expect(text).not.toContain("chmod");
        const lines = said.filter((line) => line.problem === code);
        expect(lines).toHaveLength(1);
        expect(JSON.stringify(lines)).toContain("audit.jsonl");
      } finally {
        fix();
      }
      expect(await health()).toEqual([200, { status: "ok" }]);
      expect((await login()).status).toBe(200);
    },
  );

  test("lets people sign out though the log cannot be written", async () => {
    const cookie = cookieOf(await login());
    expect((await actorOf(cookie))?.name).toBe("olive");
    chmodSync(join(configDir, "audit.jsonl"), 0o644);
    const out = await post("logout", {}, cookie);
    chmodSync(join(configDir, "audit.jsonl"), 0o600);
    expect(out.status).toBe(204);
    expect(await actorOf(cookie)).toBeUndefined();
  });

  test("and says it when that could not be kept", async () => {
    const cookie = cookieOf(await login());
    const sessions = join(configDir, "sessions.json");
    rmSync(sessions);
    mkdirSync(join(sessions, "in the way"), { recursive: true });
    const out = await post("logout", {}, cookie);
    rmSync(sessions, { recursive: true });
    expect(out.status).toBe(500);
    expect((await out.json()).problem.code).toBe("sign-out-not-kept");
    // Over it is all the same: here, and in this browser.
    expect(await actorOf(cookie)).toBeUndefined();
    expect(out.headers.get("set-cookie")).toMatch(/Max-Age=0/);
  });
});
