import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startConsole, type TestConsole } from "#tests/support/console-server.ts";
import { ownerName, ownerPassword, Visitor } from "./visitor.ts";

let server: TestConsole;
let visitor: Visitor;

beforeAll(async () => {
  server = await startConsole();
  visitor = new Visitor(server.url);
  const token = server.setupToken();
  const setup = await visitor.post("/api/setup", { token, name: ownerName, password: ownerPassword });
  expect(setup.status).toBe(200);
}, 300_000);

afterAll(() => server?.stop());

/** Asks, and hangs up: after so many ms, or as soon as the answer begins. */
function askAndLeave(path: string, after: number | "answer", body?: string): Promise<void> {
  return new Promise((resolve) => {
    const method = body === undefined ? "GET" : "POST";
    const headers = {
      Cookie: visitor.cookie ?? "",
      Origin: visitor.origin,
      "Content-Type": "application/json",
      // More than ever comes: the console waits for the rest.
      ...(body === undefined ? {} : { "Content-Length": String(body.length + 100) }),
    };
    const sent = request(new URL(path, server.url), { method, headers });
    sent.once("close", () => resolve());
    sent.on("error", () => undefined);
    sent.once("response", () => after === "answer" && sent.destroy());
    if (body === undefined) sent.end();
    else sent.write(body);
    if (after !== "answer") setTimeout(() => sent.destroy(), after);
  });
}

test("browsers that leave in the middle of it write no line of an error", async () => {
  for (const path of ["/connections", "/settings", "/connections/new", "/help/problems", "/login"]) {
    for (const after of [0, 5, 20, "answer"] as const) await askAndLeave(path, after);
  }
  for (const path of ["/api/login", "/api/setup", "/api/connections/none/run", "/connections"]) {
    for (const after of [0, 20]) await askAndLeave(path, after, '{"name":');
  }
  // What was left behind is done with by the time that others have been served after it.
  for (const path of ["/connections", "/settings", "/connections"]) {
    expect((await visitor.get(path)).status).toBe(200);
  }
  expect(server.log()).not.toMatch(/"level":"(error|fatal)"|aborted|ECONNRESET|Error:/);
}, 120_000);
