import { connect } from "node:net";
import { text as readText } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startConsole } from "#tests/support/console-server.ts";
import { rawRequest } from "#tests/support/raw-request.ts";
import { ownerName, ownerPassword, problemOf, Visitor } from "./visitor.ts";

let console_: Awaited<ReturnType<typeof startConsole>>;
let owner: Visitor;

beforeAll(async () => {
  console_ = await startConsole();
  owner = new Visitor(console_.url);
  const token = console_.setupToken();
  const done = await owner.post("/api/setup", { token, name: ownerName, password: ownerPassword });
  expect(done.status).toBe(200);
});

afterAll(() => console_?.stop());

/** What the framework takes for a form of a server action, whatever path it is sent to. */
const actionForm = [
  "--x",
  'Content-Disposition: form-data; name="$ACTION_REF_1"',
  "",
  "",
  "--x",
  'Content-Disposition: form-data; name="$ACTION_1:0"',
  "",
  '{"id":"00000000000000000000000000000000000000000000","bound":null}',
  "--x--",
  "",
].join("\r\n");
const multipart = "multipart/form-data; boundary=x";

describe("what a stranger sends never reaches the framework", () => {
  const closed = [
    "/api",
    "/api/nowhere",
    "/api/nowhere/login",
    "/api/login/x",
    "/api/loginx",
    "/api/LOGIN",
    "/api/health",
    "/api/trust",
    "/api/material",
    "/api/material/sort",
    "/api/copy-as",
    "/api/connections/x/run",
    "/api/attempts/x/cancel",
    "/api/%6cogin",
    "/api/login%20",
    "/api/login.txt",
    "/api/login;x",
    "/%61pi/login",
    "/API/login",
    "/login",
    "/settings",
  ];
  /** Not even looked at: the door itself refuses paths that could be read in two ways. */
  const odd = [
    "/api//login",
    "//api/login",
    "/api/login/",
    "/api/./login",
    "/api/nowhere/../login",
    "/api/%2e%2e/login",
    "/api%2flogin",
    "/api/login%2f",
    "/api\\login",
    "/api%5Clogin",
    "/api/%ff",
    "/api/%zz",
    "/api/login%00",
    "/api/login.rsc",
    "/login.segments/_tree.segment.rsc",
    "/_next/data/x/api/login.json",
    "/_next/static/x.js",
  ];
  const types = [multipart, "application/x-www-form-urlencoded", "text/plain", "application/json", undefined];

  test.each([...closed, ...odd])("POST %s", async (target) => {
    for (const type of types) {
      const answer = await send("POST", target, type);
      expect([type, answer.status]).toEqual([
        type,
        odd.includes(target) ? expect.toBeOneOf([400, 404]) : 401,
      ]);
      if (answer.status === 401) expect(problemOf(answer)).toBe("not-signed-in");
      else expect(answer.text).toBe("");
      expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
    }
  });

  test.each(["/api/login", "/api/setup", "/api/logout"])("POST %s, but for JSON", async (target) => {
    for (const type of types) {
      const answer = await send("POST", target, type);
      if (type === "application/json") expect(answer.status).not.toBe(401);
      else expect([type, answer.status, problemOf(answer)]).toEqual([type, 401, "not-signed-in"]);
    }
    for (const type of [
      "application/json-seq",
      "text/json",
      "application/jsonx",
      "multipart/form-data; application/json",
    ]) {
      expect([type, (await send("POST", target, type)).status]).toEqual([type, 401]);
    }
    expect((await send("POST", `${target}?x=1`, "application/json; charset=utf-8")).status).not.toBe(401);
  });

  test.each(["PUT", "PATCH", "DELETE"])("%s, also where POST is answered", async (method) => {
    for (const target of ["/api/login", "/api/nowhere", "/login"]) {
      expect([target, (await send(method, target, "application/json")).status]).toEqual([target, 401]);
    }
  });

  test("and the server's log shows no trace of an action", () => {
    expect(console_.log()).not.toMatch(/action/i);
  });

  function send(method: string, target: string, type: string | undefined) {
    const body = type?.startsWith("multipart") ? actionForm : "{}";
    const headers = {
      Origin: console_.url,
      "Content-Length": String(body.length),
      ...(type !== undefined && { "Content-Type": type }),
    };
    return rawRequest(console_.url, { method, target, headers, body });
  }
});

describe("odd hosts", () => {
  test.each([
    "127.999.999.999",
    "127.0.0.256",
    "127.08.0.1",
    "127.0.0.1:65536",
    "127.0.0.1:99999",
    "localhost:70000",
    "[::1]:99999",
    "[::1",
    "localhost:",
    "localhost:x",
    "local host",
    "localhost/",
    "localhost#",
    "localhost?x",
    "user@localhost",
    "localhost\\",
    "%6cocalhost",
    "127.1",
    "0x7f000001",
    "127.0.0.1.",
  ])("%j", async (host) => {
    for (const target of ["/", "/login", "/api/health", "/_next/static/x.js"]) {
      const answer = await rawRequest(console_.url, { target, headers: { Host: host } });
      expect([target, answer.status]).toEqual([target, expect.toBeOneOf([400, 421])]);
      expectHeaders(answer.headers);
    }
  });

  test("none at all", async () => {
    for (const first of ["GET /login HTTP/1.0", "GET /login HTTP/1.1", "GET /login HTTP/1.1\r\nHost:"]) {
      const answer = await bytes(`${first}\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 4(?:00|21) /);
      expect(answer).toMatch(/\r\nContent-Security-Policy: default-src 'none'/i);
    }
  });
});

describe("odd paths", () => {
  test.each([
    "/connections/%ff",
    "/connections/%",
    "/connections/%e0%80",
    "/connections/%zz",
    "/%",
    "/connections/%00",
    "/connections/a%2fb",
    "/connections/a%5cb",
    "/connections/",
    "/login/",
    "/settings//",
    "/settings//x",
    "/connections\\new",
    "/./login",
    "/x/../login",
    "/%2e%2e/login",
    "/_next/static/%ff",
    "/_next/static//x.js",
    "/_next//static/x.js",
  ])("%s", async (target) => {
    for (const visitor of [{}, { Cookie: owner.cookie ?? "" }]) {
      const answer = await rawRequest(console_.url, { target, headers: visitor });
      expect(answer.status).toBeOneOf([400, 404]);
      expect(answer.headers.location).toBeUndefined();
      expectHeaders(answer.headers);
    }
  });

  test.each(["/login?x=%ff", "/login?%", "/login?//", "/login?a\\b", "/login?x=%00", "/connections/a%20b"])(
    "%s is read",
    async (target) => {
      const answer = await rawRequest(console_.url, { target });
      expect(answer.status).toBeLessThan(400);
      expectHeaders(answer.headers);
    },
  );
});

describe("requests that Node itself would answer", () => {
  test.each([
    ["no HTTP", "HELLO\r\n\r\n", 400],
    ["a header without a colon", "GET / HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n", 400],
    ["headers beyond measure", `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(70_000)}\r\n\r\n`, 431],
    [
      "an expectation",
      "GET / HTTP/1.1\r\nHost: localhost\r\nExpect: the-best\r\nConnection: close\r\n\r\n",
      417,
    ],
  ])("%s", async (_, sent, status) => {
    const answer = await bytes(sent);
    expect(answer.split(" ")[1]).toBe(String(status));
    expect(answer).toMatch(/\r\nContent-Security-Policy: default-src 'none'/i);
  });
});

function expectHeaders(headers: Awaited<ReturnType<typeof rawRequest>>["headers"]): void {
  expect(headers["content-security-policy"]).toEqual(expect.stringContaining("default-src 'none'"));
  expect(headers["content-security-policy"]).toEqual(expect.stringContaining("frame-ancestors 'none'"));
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["referrer-policy"]).toBe("no-referrer");
  expect(headers["x-frame-options"]).toBe("DENY");
  expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
  expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
  expect(headers["permissions-policy"]).toEqual(expect.stringContaining("camera=()"));
}

/** Sends bytes as they are and gives all that comes back. */
function bytes(sent: string): Promise<string> {
  const socket = connect(Number(new URL(console_.url).port), "127.0.0.1");
  socket.write(sent);
  return readText(socket);
}
