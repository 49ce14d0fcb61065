import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Secret } from "#lib/secret.ts";
import { type Act, can } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";
import { type Access, accessMatrix } from "#tests/unit/app/access-matrix.ts";

/*
 * Every guarded handler and action, called as Next would call it but with no `proxy.ts` in front: the denials must be
 * the same. (Of pages the proxy turns nobody away; `gates.test.ts` asks for each of them.) Only what Next would
 * hand to them is stood in for.
 */

const root = join(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "cloak-doors-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
process.env.CLOAK_DB_LOG_LEVEL = "silent";

let sent = new Headers();
vi.mock("next/headers", () => ({ headers: async () => sent, cookies: async () => new Map() }));
vi.mock("next-intl/server", () => ({
  getTranslations: async () => Object.assign((key: string) => key, { rich: (key: string) => key }),
  getLocale: async () => "en",
  getTimeZone: async () => "UTC",
  getFormatter: async () => ({}),
}));
// What Next gives to server code under this name; outside its bundler the name means the browser's.
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));
vi.mock("next/cache", () => ({ revalidatePath: () => undefined }));

interface Caller {
  readonly name: string;
  readonly cookie: string;
}
let callers: Readonly<Record<"anonymous" | "disabled" | "ended" | "expired" | "member" | "owner", Caller>>;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { workspace } = await import("#app/_server/workspace.ts");
  const opened = await workspace();
  if (!opened.ok) throw new Error(opened.problem.code);
  callers = await makeCallers(opened.value);
});

afterAll(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

async function makeCallers({ users, sessions }: Workspace) {
  const password = new Secret("plum-tractor-oboe-9");
  const begin = async (name: string, role: "owner" | "member") => {
    const created = await users.create({ name, password, role });
    if (!created.ok) throw new Error(created.problem.code);
    const started = await sessions.start(created.value.id, "test", created.value.sessionsFrom);
    if (!started.ok) throw new Error(started.problem.code);
    const cookie = `cloak_sid_3000=${started.value.cookie.reveal()}`;
    return { name, cookie, id: created.value.id, sessionId: started.value.session.id };
  };
  const expired = await begin("expired", "owner");
  vi.setSystemTime(Date.now() + 8 * 60 * 60_000 + 1);
  const owner = await begin("owner", "owner");
  const member = await begin("member", "member");
  const disabled = await begin("disabled", "owner");
  await users.setDisabled(disabled.id, true);
  const ended = await begin("ended", "owner");
  await sessions.end(ended.id, ended.sessionId);
  return { anonymous: { name: "anonymous", cookie: "" }, disabled, ended, expired, member, owner };
}

const guarded = Object.entries(accessMatrix).filter(
  (entry): entry is [string, Access & { act: Act }] => "act" in entry[1] && !entry[0].endsWith("page.tsx"),
);
const here = "127.0.0.1:3000";
const own = { host: here, origin: `http://${here}`, "content-type": "application/json" };
/** What takes no JSON. */
const bytes = "app/api/connections/[id]/imports/[transfer]/route.ts#PUT";

describe.each(guarded)("%s", (key) => {
  test.each(["anonymous", "disabled", "ended", "expired"] as const)("%s: sign in first", async (who) => {
    expect(await call(key, { ...own, cookie: callers[who].cookie })).toBe("not-signed-in");
  });

  test("from elsewhere: not allowed, even for the owner", async () => {
    const { cookie } = callers.owner;
    for (const headers of [
      { ...own, cookie, origin: "https://evil.example" },
      { ...own, cookie, origin: "null" },
      { ...own, cookie, host: "evil.example", origin: "http://evil.example" },
      { ...own, cookie, host: "evil.example", origin: "http://evil.example", "x-forwarded-host": here },
      // A browser that says nothing of where a read comes from is believed: the answer stays unseen elsewhere.
      ...(key.endsWith("#GET") ? [] : [{ host: here, cookie, "content-type": "application/json" }]),
      { host: here, cookie, "content-type": "application/json", "sec-fetch-site": "cross-site" },
    ]) {
      expect(await call(key, headers)).toBe("not-allowed");
    }
  });
});

describe("for a member", () => {
  const forbidden = guarded.filter(([, { act }]) => !can({ role: "member" }, act));

  test.each(forbidden)("%s is not allowed", async (key) => {
    expect(await call(key, { ...own, cookie: callers.member.cookie })).toBe("not-allowed");
  });
});

describe("as a form on another page could send it", () => {
  // What only reads takes no body, of whatever kind.
  const changes = guarded.filter(([key]) => key.startsWith("app/api/") && !key.endsWith("#GET"));

  test.each(changes)("%s is refused", async (key) => {
    const headers = { ...own, cookie: callers.owner.cookie, "content-type": "text/plain" };
    expect(await call(key, headers)).toBe("setting-invalid");
  });
});

/** Calls one door and gives the code of its refusal, or "passed". */
async function call(key: string, given: Record<string, string>): Promise<string> {
  const isOurs = key === bytes && given["content-type"] === own["content-type"];
  const headers = isOurs ? { ...given, "content-type": "application/octet-stream" } : given;
  sent = new Headers(headers);
  const [path = "", name = "default"] = key.split("#");
  const door = (await import(/* @vite-ignore */ join(root, path))) as Record<
    string,
    (...args: unknown[]) => Promise<unknown>
  >;
  const params = Promise.resolve({ id: "x" });
  if (path.endsWith("route.ts")) {
    const request = new Request(`http://${here}/api`, {
      method: name,
      headers,
      ...(name !== "GET" && { body: "{}" }),
    });
    const answer = (await door[name]?.(request, { params })) as Response;
    return (
      ((await answer.json().catch(() => ({}))) as { problem?: { code: string } }).problem?.code ?? "passed"
    );
  }
  return codeIn(await door[name]?.());
}

/** The code in an action's answer, whatever form that has. */
function codeIn(answer: unknown): string {
  return /"code":"([a-z-]+)"/.exec(JSON.stringify(answer) ?? "")?.[1] ?? "passed";
}
