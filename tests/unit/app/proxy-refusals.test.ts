import { NextRequest } from "next/server";
import { beforeEach, expect, test } from "vitest";
import { gate } from "#app/_server/gate.ts";
import { proxy } from "../../../proxy.ts";

/** What is turned away at the door is counted for the audit log, with where it came from. */
const noted: (readonly [string, string | undefined])[] = [];

beforeEach(() => {
  noted.length = 0;
  gate().noteRefusal = (reason, source) => noted.push([reason, source]);
});

const here = "http://127.0.0.1:3000";

test.each([
  ["another host", "/login", "GET", { host: "evil.example" }, "host", 421],
  ["another origin", "/api/login", "POST", { origin: "https://evil.example" }, "origin", 403],
  ["a form of nobody", "/settings", "POST", { origin: here }, "not-signed-in", 401],
  ["an action of nobody", "/", "GET", { "next-action": "x" }, "not-signed-in", 401],
  ["an unknown handler", "/api/nowhere", "POST", { origin: here }, "not-signed-in", 401],
] as const)("%s", (_, path, method, headers, reason, status) => {
  const sent = { host: "127.0.0.1:3000", ...headers };
  const answer = proxy(new NextRequest(`${here}${path}`, { method, headers: sent }));
  expect(answer.status).toBe(status);
  expect(noted).toEqual([[reason, undefined]]);
});

test("what is let through is not", () => {
  const headers = { host: "127.0.0.1:3000", origin: here, "content-type": "application/json" };
  proxy(new NextRequest(`${here}/login`, { headers }));
  proxy(new NextRequest(`${here}/api/login`, { method: "POST", headers }));
  expect(noted).toEqual([]);
});

test("while the vault is locked there is no log to count in", () => {
  gate().noteRefusal = undefined;
  expect(proxy(new NextRequest(`${here}/login`, { headers: { host: "evil.example" } })).status).toBe(421);
});
