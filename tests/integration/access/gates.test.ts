import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readEnvironment } from "#lib/env.ts";
import { newDraft } from "#lib/profiles/profile.ts";
import { randomId } from "#lib/random-id.ts";
import { Secret } from "#lib/secret.ts";
import { can, type Level, levels } from "#lib/team/access.ts";
import { openWorkspace } from "#lib/workspace.ts";
import { type Locale, loadMessages } from "#messages/load-messages.ts";
import { startConsole } from "#tests/support/console-server.ts";
import { rawRequest } from "#tests/support/raw-request.ts";
import { accessMatrix } from "#tests/unit/app/access-matrix.ts";
import { ownerName, ownerPassword, problemOf, Visitor } from "./visitor.ts";

let console_: Awaited<ReturnType<typeof startConsole>>;
let stranger: Visitor;
let owner: Visitor;

beforeAll(async () => {
  console_ = await startConsole();
  stranger = new Visitor(console_.url);
  owner = new Visitor(console_.url);
  const done = await owner.post("/api/setup", {
    token: console_.setupToken(),
    name: ownerName,
    password: ownerPassword,
  });
  expect(done.status).toBe(200);
});

afterAll(() => console_?.stop());

const credentials = JSON.stringify({ name: "nobody", password: "wrong wrong wrong" });
const json = { "Content-Type": "application/json" };

describe("the Host allow-list", () => {
  test.each([
    "evil.example",
    "evil.example:3000",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "169.254.1.1",
  ])("%s is turned away", async (host) => {
    for (const path of ["/", "/login", "/api/health", "/_next/static/x.js"]) {
      const answer = await rawRequest(`${console_.url}${path}`, { headers: { Host: host } });
      expect(answer.status).toBe(421);
    }
  });

  test.each(["localhost", "LOCALHOST:8080", "127.0.0.1:1", "127.9.9.9", "[::1]:3000"])(
    "%s is answered",
    async (host) => {
      expect((await rawRequest(`${console_.url}/api/health`, { headers: { Host: host } })).status).toBe(200);
    },
  );

  test("a forwarded host does not help", async () => {
    const headers = { Host: "evil.example", "X-Forwarded-Host": new URL(console_.url).host };
    expect((await rawRequest(`${console_.url}/login`, { headers })).status).toBe(421);
  });
});

describe("requests that no browser sends", () => {
  test.each(["http://evil.example/", "//evil.example/", "/\\evil.example", "*"])(
    "for %s are refused",
    async (target) => {
      const answer = await rawRequest(console_.url, { target });
      expect([answer.status, answer.headers.location, answer.text]).toEqual([400, undefined, ""]);
    },
  );

  test.each(["TRACE", "PROPFIND", "SEARCH"])("by %s are refused", async (method) => {
    expect((await rawRequest(`${console_.url}/login`, { method })).status).toBe(405);
  });

  test("to change the protocol are hung up on", async () => {
    for (const path of ["/", "/_next/webpack-hmr"]) {
      const headers = {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      };
      await expect(rawRequest(console_.url + path, { headers })).rejects.toThrow("socket hang up");
    }
  });
});

describe("requests that change something", () => {
  /** 401 is the login's own answer: the request reached it. */
  const rows: readonly (readonly [string, Record<string, string>, number])[] = [
    ["without Origin and Sec-Fetch-Site", {}, 403],
    ["from another site, without Origin", { "Sec-Fetch-Site": "cross-site" }, 403],
    ["from another host of this site", { "Sec-Fetch-Site": "same-site" }, 403],
    ["typed in", { "Sec-Fetch-Site": "none" }, 403],
    ["from a sandboxed frame", { Origin: "null" }, 403],
    ["from another origin", { Origin: "https://evil.example" }, 403],
    ["from https on the same host", { Origin: "https:HERE" }, 403],
    ["from another port", { Origin: "http://127.0.0.1:1" }, 403],
    ["from a forwarded host", { Origin: "http://evil.example", "X-Forwarded-Host": "evil.example" }, 403],
    [
      "from another origin that claims to be ours",
      { Origin: "http://evil.example", "Sec-Fetch-Site": "same-origin" },
      403,
    ],
    ["from our own page", { Origin: "http:HERE" }, 401],
    ["from our own page, without Origin", { "Sec-Fetch-Site": "same-origin" }, 401],
  ];

  test.each(rows)("%s", async (_, sent, status) => {
    const here = console_.url.replace(/^http:/, "");
    const headers = Object.fromEntries(
      Object.entries(sent).map(([name, value]) => [name, value.replace("HERE", here)]),
    );
    const answer = await rawRequest(`${console_.url}/api/login`, {
      method: "POST",
      headers: { ...json, ...headers },
      body: credentials,
    });
    expect(answer.status).toBe(status);
  });

  test("bring JSON: what a foreign form can send is refused even with the right origin", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      undefined,
    ]) {
      const headers = { Origin: stranger.origin, ...(type !== undefined && { "Content-Type": type }) };
      const sent = { method: "POST", body: credentials };
      const url = `${console_.url}/api/login`;
      const unknown = await rawRequest(url, { ...sent, headers });
      expect([type, unknown.status]).toEqual([type, 401]);
      const known = await rawRequest(url, { ...sent, headers: { ...headers, Cookie: owner.cookie ?? "" } });
      expect([type, known.status]).toEqual([type, 415]);
    }
  });

  test("are small", async () => {
    const answer = await stranger.post("/api/login", { name: "x", password: "y".repeat(20_000) });
    expect(answer.status).toBe(400);
  });

  test("name only the fields there are", async () => {
    const answer = await stranger.post("/api/login", { name: "x", password: "y", role: "owner" });
    expect(answer.status).toBe(400);
  });
});

describe("strangers and server actions", () => {
  const skipping: readonly Record<string, string>[] = [
    {},
    { "Next-Router-Prefetch": "1", Purpose: "prefetch" },
    { RSC: "1", "Next-Router-State-Tree": "%5B%5D" },
    { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" },
    { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" },
    { "x-middleware-next": "1", "x-nextjs-data": "1", "x-matched-path": "/login" },
  ];

  test("every action id of the build is refused, whatever headers come along", async () => {
    const ids = [...actionIds(), "0".repeat(42)];
    expect(ids.length).toBeGreaterThan(1);
    for (const id of ids) {
      for (const extra of skipping) {
        for (const path of ["/", "/login", "/settings"]) {
          const headers = { "Next-Action": id, "Content-Type": "text/plain;charset=UTF-8", ...extra };
          const answer = await stranger.post(path, [], headers);
          expect([id, path, extra, answer.status]).toEqual([id, path, extra, 401]);
        }
      }
    }
  });

  test.each(["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"])(
    "a form of type %s is refused",
    async (type) => {
      const answer = await stranger.post("/login", {}, { "Content-Type": type });
      expect(answer.status).toBe(401);
      expect(problemOf(answer)).toBe("not-signed-in");
    },
  );

  test("a cookie whose MAC is not ours is no better than none", async () => {
    const [name] = (owner.cookie ?? "").split("=");
    const forged = `${name}=${"A".repeat(43)}.${"A".repeat(43)}`;
    const answer = await stranger.post("/settings", [], { Cookie: forged, "Next-Action": "0".repeat(42) });
    expect(answer.status).toBe(401);
  });

  test("a signed-in browser's action from another site is refused", async () => {
    for (const id of actionIds()) {
      const headers = {
        "Next-Action": id,
        Origin: "http://evil.example",
        "Content-Type": "text/plain;charset=UTF-8",
      };
      expect((await owner.post("/settings", [], headers)).status).toBe(403);
    }
  });

  test("the image optimiser is not there", async () => {
    expect((await owner.get("/_next/image?url=%2Fx.png&w=64&q=75")).status).toBe(404);
  });
});

describe("pages and handlers behind the login", () => {
  const pages = Object.entries(accessMatrix)
    .filter(([key, access]) => key.endsWith("page.tsx") && "act" in access)
    .map(([key]) => key.replace(/^app|\/\([^)]+\)|\/page\.tsx$/g, "").replace("[id]", "abc") || "/");

  test.each(pages)("%s sends strangers to the login", async (path) => {
    const answer = await stranger.get(path);
    const to = path === "/" ? "/login" : `/login?returnTo=${encodeURIComponent(path)}`;
    expect([answer.status, answer.headers.location]).toEqual([307, to]);
  });

  test("what is nowhere is not found inside the frame, once one is signed in", async () => {
    const answer = await owner.get("/no/where");
    expect(answer.status).toBe(404);
    expect(answer.text).toContain("<title>Page not found · Cloak DB</title>");
    // The browser puts it together; the frame's own words came with it.
    expect(answer.text).toContain("Account of ");
    const strangers = await stranger.get("/no/where");
    expect(strangers.headers.location).toBe("/login?returnTo=%2Fno%2Fwhere");
  });

  test("a navigation inside the console learns nothing more", async () => {
    // Next first adds its cache key to the address.
    const moved = await stranger.get("/connections", { RSC: "1" });
    const answer = await stranger.get(String(moved.headers.location ?? "/connections"), { RSC: "1" });
    expect(answer.text).not.toContain("Sign out");
    expect(answer.text).not.toContain("New connection");
    expect(`${answer.status} ${String(answer.headers.location)} ${answer.text}`).toContain("/login");
  });

  test("handlers answer 401 with the problem", async () => {
    const answer = await stranger.post("/api/material", { box: "ca", text: "x" });
    expect([answer.status, problemOf(answer)]).toEqual([401, "not-signed-in"]);
  });

  test("after the login `returnTo` stays inside", async () => {
    for (const path of ["https://evil.example/", "//evil.example", "/\\evil.example", "/api/logout"]) {
      const answer = await owner.get(`/login?returnTo=${encodeURIComponent(path)}`);
      expect(answer.headers.location).toBe("/connections#content");
    }
  });
});

/** What is answered in front of the framework (`front-door.ts`) is answered as behind it: the gate, the guard, the words. */
describe("in front of the framework", () => {
  const tab = { id: randomId(), lease: randomId(), name: "" };
  const body = { sql: "select 1", readOnly: true, runId: randomId(), tab, rev: 1 };
  // The doors take ids as they are made; with a dot the same request is the framework's.
  const run = ["/api/connections/nowhere/run", "/api/connections/no.where/run"] as const;
  const form = ["/api/attempts/nowhere/test", "/api/attempts/no.where/test"] as const;

  // They open soon after the start.
  beforeAll(() =>
    vi.waitFor(async () => expect((await owner.post(run[0], body)).headers.vary).toBeUndefined(), {
      timeout: 20_000,
    }),
  );

  test.each<[string, "owner" | "stranger", Record<string, string>, unknown, number, string | undefined]>([
    ["by a stranger", "stranger", {}, body, 401, "not-signed-in"],
    ["with a made-up cookie", "owner", { Cookie: "cloak_sid_1=a.b" }, body, 401, "not-signed-in"],
    ["for another host", "owner", { Host: "evil.example" }, body, 421, "not-allowed"],
    ["from another origin", "owner", { Origin: "https://evil.example" }, body, 403, "not-allowed"],
    [
      "from a forwarded host",
      "owner",
      { Origin: "http://evil.example", "X-Forwarded-Host": "evil.example" },
      body,
      403,
      "not-allowed",
    ],
    ["as text", "owner", { "Content-Type": "text/plain" }, body, 415, "setting-invalid"],
    ["of another shape", "owner", {}, { ...body, more: 1 }, 400, "setting-invalid"],
  ])("%s", async (_, who, headers, sent, status, code) => {
    for (const paths of [run, form]) await askBoth(paths, who, sent, headers, [status, code]);
  });

  test("a run on a connection that is not there", () => askBoth(run, "owner", body, {}, [404, "not-found"]));

  test.each(["en", "fr", "zh-TW"])("a form's test without an id, in the words of %s", async (language) => {
    const told = await askBoth(form, "owner", {}, { "Accept-Language": language }, [400, "setting-invalid"]);
    const words = (await loadMessages(language as Locale)).problems["setting-invalid"].title;
    expect(told).toContain(JSON.stringify(words).slice(1, 12));
  });

  describe("the files of the build", () => {
    const fileOf = async (kind: string) =>
      new RegExp(`"(/_next/static/[^"]+\\.${kind})"`).exec((await stranger.get("/login")).text)?.[1] ?? "";
    const ask = (path: string, headers: Record<string, string>) => fetch(console_.url + path, { headers });
    const same = [
      ...[
        "accept-ranges",
        "cache-control",
        "content-security-policy",
        "content-type",
        "cross-origin-opener-policy",
      ],
      ...[
        "cross-origin-resource-policy",
        "etag",
        "last-modified",
        "permissions-policy",
        "referrer-policy",
        "vary",
      ],
      ...["x-content-type-options", "x-frame-options"],
    ];

    test.each(["js", "css"])(
      "%s: as small as they get, and what the framework sends of them",
      async (kind) => {
        const path = await fileOf(kind);
        const plain = await ask(path, { "accept-encoding": "identity" });
        const text = await plain.text();
        const sizes: number[] = [];
        for (const [accepted, coding] of [
          ["gzip, deflate, br, zstd", "br"],
          ["gzip, deflate", "gzip"],
          ["br;q=0, gzip;q=0.5", "gzip"],
        ] as const) {
          const answer = await ask(path, { "accept-encoding": accepted });
          expect([answer.status, answer.headers.get("content-encoding")]).toEqual([200, coding]);
          for (const name of same)
            expect([name, answer.headers.get(name)]).toEqual([name, plain.headers.get(name)]);
          expect(await answer.text()).toBe(text);
          sizes.push(Number(answer.headers.get("content-length")));
        }
        const [brotli = 0, gzipped = 0] = sizes;
        expect(brotli).toBeGreaterThan(100);
        expect(brotli).toBeLessThan(gzipped);
        expect(gzipped).toBeLessThan(text.length);
      },
    );

    test("asked for in parts, or again by its tag, one is the framework's", async () => {
      const path = await fileOf("js");
      const tag = (await ask(path, { "accept-encoding": "br" })).headers.get("etag") ?? "";
      const more = [{ "If-None-Match": tag }, { Range: "bytes=0-9" }];
      const answers = more.map((headers) =>
        rawRequest(console_.url, { target: path, headers: { "Accept-Encoding": "br", ...headers } }),
      );
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([304, 206]);
    });

    test.each([
      ["/_next/static/../BUILD_ID", {}, 404],
      ["/_next/static/chunks/../../BUILD_ID", {}, 404],
      // As everything else that is not there, of a stranger.
      ["/_next/static/nothing.js", {}, 307],
      ["", { Host: "evil.example" }, 421],
    ])("%s %j is not given", async (path, headers, status) => {
      const answer = await rawRequest(console_.url, {
        target: path === "" ? await fileOf("js") : path,
        headers: { "Accept-Encoding": "br", ...headers },
      });
      expect(answer.status).toBe(status);
    });
  });

  async function askBoth(
    [taken, left]: readonly [string, string],
    who: "owner" | "stranger",
    sent: unknown,
    headers: Record<string, string>,
    expected: readonly [number, string | undefined],
  ): Promise<string> {
    const ask = (path: string) => (who === "owner" ? owner : stranger).post(path, sent, headers);
    const [front, behind] = [await ask(taken), await ask(left)];
    expect([front.status, problemOf(front)]).toEqual(expected);
    expect([behind.status, behind.text]).toEqual([front.status, front.text]);
    const always = ["cache-control", "content-type", "x-content-type-options", "x-frame-options"].concat([
      "referrer-policy",
      "cross-origin-opener-policy",
      "cross-origin-resource-policy",
    ]);
    for (const name of always) expect([name, front.headers[name]]).toEqual([name, behind.headers[name]]);
    for (const name of ["content-security-policy", "permissions-policy"])
      expect([name, front.headers[name]]).toEqual([name, expect.any(String)]);
    // Which of the two has answered: what is turned away by the gate has none of the framework's own.
    expect(front.headers.vary).toBeUndefined();
    return front.text;
  }
});

/** Of the handlers and actions `grants.test.ts` asks the same. */
describe("pages about a connection", () => {
  const about = Object.entries(accessMatrix).flatMap(([key, access]) =>
    key.endsWith("page.tsx") && "act" in access && access.connection !== null
      ? [[key.replace(/^app|\/\([^)]+\)|\/page\.tsx$/g, ""), access.connection] as const]
      : [],
  );
  const name = "Sealed orchard";
  const visitors = new Map<string, Visitor>();
  let id = "";
  const damaged = "not-theirs";

  beforeAll(async () => {
    const env = readEnvironment({
      ...process.env,
      CLOAK_DB_CONFIG_DIR: console_.configDir,
      CLOAK_DB_STATE_DIR: console_.stateDir,
    });
    const opened = env.ok ? await openWorkspace(env.value) : env;
    if (!opened.ok) throw new Error(opened.problem.code);
    const { users, profiles, grants, removedProfiles } = opened.value;
    const given = new Map<string, Level>();
    for (const level of levels) {
      const made = await users.create({ name: level, password: new Secret(ownerPassword), role: "member" });
      if (!made.ok) throw new Error(made.problem.code);
      given.set(made.value.id, level);
      const visitor = new Visitor(console_.url);
      const signedIn = await visitor.post("/api/login", { name: level, password: ownerPassword });
      expect(signedIn.status).toBe(200);
      visitors.set(level, visitor);
    }
    visitors.set("owner", owner);
    // A port that nobody listens on: the page stands, and says that it did not connect.
    const draft = { ...newDraft(), name, host: "127.0.0.1", port: 1, user: "app" };
    const made = await profiles.create(draft, undefined, undefined, grants.starting(null));
    if (!made.ok) throw new Error(made.problem.code);
    id = made.value.id;
    const felled = await profiles.create({ ...draft, name: "Felled tree" });
    if (!felled.ok) throw new Error(felled.problem.code);
    expect((await grants.set(felled.value.id, { rest: "none", people: given }, () => true)).ok).toBe(true);
    const removed = await profiles.remove(felled.value.id);
    if (!removed.ok) throw new Error(removed.problem.code);
    expect((await removedProfiles.keep("somebody", felled.value.id, removed.value)).ok).toBe(true);
    expect((await profiles.create({ ...draft, name: "From before" })).ok).toBe(true);
    expect((await grants.set(id, { rest: "none", people: given }, () => true)).ok).toBe(true);
  });

  test.each(about)("%s answers whom it should, and to the others is not there", async (path, needs) => {
    for (const [who, visitor] of visitors) {
      const level = who === "owner" ? "manage" : (who as Level);
      const granted = { grants: { maker: null, people: new Map<string, Level>(), rest: level } };
      const may = can({ id: "x", role: "member" }, needs, granted);
      for (const headers of [{}, { RSC: "1" }]) {
        const answer = await followed(visitor, path.replace("[id]", id), headers);
        const unknown = await followed(visitor, path.replace("[id]", damaged), headers);
        expect([who, answer.text.includes(name)]).toEqual([who, may]);
        if (may) expect([who, answer.status]).toEqual([who, 200]);
        else expect([who, answer.status]).toEqual([who, unknown.status]);
      }
    }
  });

  test.each(["/connections", "/settings", "/connections?search=orchard", "/settings?search=orchard"])(
    "%s lists it for whom it is there",
    async (path) => {
      for (const [who, visitor] of visitors) {
        const { text } = await visitor.get(path);
        expect([who, text.includes(name), text.includes(id)]).toEqual([who, who !== "none", who !== "none"]);
      }
    },
  );

  test("an owner alone is told of connections that everybody manages", async () => {
    for (const [who, visitor] of visitors) {
      const { text } = await visitor.get("/connections");
      expect([who, text.includes('href="/settings/access"')]).toEqual([who, who === "owner"]);
    }
  });

  test("what was deleted is shown to who may put it back, whoever deleted it", async () => {
    for (const [who, visitor] of visitors) {
      const { text } = await visitor.get("/settings");
      expect([who, text.includes("Felled tree")]).toEqual([who, who === "owner" || who === "manage"]);
    }
  });

  test("what is set about access is shown to who manages it", async () => {
    for (const [who, visitor] of visitors) {
      const { text } = await visitor.get("/settings/access");
      expect([who, text.includes(name)]).toEqual([who, who === "owner" || who === "manage"]);
    }
  });

  /** Next first adds its cache key to the address of a navigation. */
  async function followed(visitor: Visitor, path: string, headers: Record<string, string>) {
    const answer = await visitor.get(path, headers);
    const to = answer.headers.location;
    return to === undefined ? answer : visitor.get(String(to), headers);
  }
});

describe("headers", () => {
  const paths = [
    "/",
    "/login",
    "/connections",
    "/settings",
    "/nowhere",
    "/api/health",
    "/api/nowhere",
    "/_next/image",
    "/_next/static/nothing.js",
  ];

  test("stand on every answer, right or wrong", async () => {
    const page = await owner.get("/connections");
    const files = [...page.text.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)].map(
      ([, path]) => path ?? "",
    );
    expect(files.length).toBeGreaterThan(2);
    const answers = [
      ...(await Promise.all(
        [...paths, ...files].map(async (path) => [path, await owner.get(path)] as const),
      )),
      ["421", await rawRequest(console_.url, { headers: { Host: "evil.example" } })] as const,
      ["403", await owner.post("/api/login", {}, { Origin: "http://evil.example" })] as const,
      ["401", await stranger.post("/", [], { "Next-Action": "x" })] as const,
    ];
    for (const [path, { headers }] of answers) {
      expect([path, headers["x-content-type-options"]]).toEqual([path, "nosniff"]);
      expect([path, headers["referrer-policy"]]).toEqual([path, "no-referrer"]);
      expect([path, headers["x-frame-options"]]).toEqual([path, "DENY"]);
      expect([path, headers["cross-origin-opener-policy"]]).toEqual([path, "same-origin"]);
      expect([path, headers["cross-origin-resource-policy"]]).toEqual([path, "same-origin"]);
      expect([path, headers["permissions-policy"]]).toEqual([path, expect.stringContaining("camera=()")]);
      expect([path, headers["x-powered-by"]]).toEqual([path, undefined]);
      expect([path, headers["access-control-allow-origin"]]).toEqual([path, undefined]);
      expect([path, headers["strict-transport-security"]]).toEqual([path, undefined]);
      const policy = path.startsWith("/_next/static/") ? filePolicy : strictPolicy;
      expect([path, headers["content-security-policy"]]).toEqual([path, expect.stringMatching(policy)]);
    }
  });

  /** Each file is sent with its headers; the pages' long policy says nothing to one. */
  const filePolicy = /^default-src 'none'; frame-ancestors 'none'$/;

  const strictPolicy =
    /^default-src 'none'; script-src 'nonce-[A-Za-z0-9+/=]{20,}' 'strict-dynamic'; style-src 'self' 'nonce-[^']+'; .*frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types nextjs nextjs#bundler default$/;

  test("carry a nonce of their own each, which every script of the page has", async () => {
    const nonces = new Set<string>();
    for (const path of ["/login", "/connections", "/connections", "/nowhere"]) {
      const visitor = path === "/login" ? stranger : owner;
      // One that came in must not become the page's (CVE-2026-44581).
      const { headers, text } = await visitor.get(path, {
        "Content-Security-Policy": "script-src 'nonce-attacker'",
      });
      const nonce = /'nonce-([^']+)'/.exec(String(headers["content-security-policy"]))?.[1] ?? "";
      nonces.add(nonce);
      const scripts = [...text.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
      expect(scripts.length).toBeGreaterThan(1);
      expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
      expect(text).not.toContain("attacker");
    }
    expect(nonces.size).toBe(4);
  });

  test("no page carries inline styles or handlers, which the policy would drop", async () => {
    for (const path of ["/connections", "/settings"]) {
      const { text } = await owner.get(path);
      const tags = text.match(/<[a-z][^>]*>/g) ?? [];
      expect(tags.filter((tag) => /\s(style|on[a-z]+)=/.test(tag))).toEqual([]);
    }
  });

  test("pages and answers are kept in no cache", async () => {
    for (const path of ["/connections", "/login", "/api/health"]) {
      expect(String((await owner.get(path)).headers["cache-control"])).toContain("no-store");
    }
  });
});

/** The ids under which the build offers its server actions. */
function actionIds(): readonly string[] {
  const root = join(import.meta.dirname, "../../..");
  // The console under test was built where this points to, as `next.config.mjs` reads it.
  const path = join(
    root,
    process.env.CLOAK_DB_BUILD_DIR ?? ".next",
    "server",
    "server-reference-manifest.json",
  );
  if (!existsSync(path)) throw new Error(`no build at ${path}`);
  return Object.keys((JSON.parse(readFileSync(path, "utf8")) as { node: Record<string, unknown> }).node);
}
