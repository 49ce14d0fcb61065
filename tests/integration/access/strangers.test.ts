import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startConsole } from "#tests/support/console-server.ts";
import { ownerName, ownerPassword, Visitor } from "./visitor.ts";

/** What strangers can do to those who belong here: a browser that signed in before is not kept out by them. */
let console_: Awaited<ReturnType<typeof startConsole>>;
let device: string;

beforeAll(async () => {
  console_ = await startConsole();
  const done = await new Visitor(console_.url).post("/api/setup", {
    token: console_.setupToken(),
    name: ownerName,
    password: ownerPassword,
  });
  const [session = "", known = ""] = (done.headers["set-cookie"] as readonly string[]).map(
    (cookie) => cookie.split(";")[0] ?? "",
  );
  device = known;
  // Signed out: nothing but the cookie of the browser is left.
  const out = await new Visitor(console_.url).post("/api/logout", {}, { Cookie: `${session}; ${known}` });
  expect(out.status).toBe(204);
  expect(String(out.headers["set-cookie"])).not.toContain("cloak_device");
});

afterAll(() => console_?.stop());

const login = (name: string, password: string, cookie = "") =>
  new Visitor(console_.url).post("/api/login", { name, password }, cookie === "" ? {} : { Cookie: cookie });

/** As many as may come at once: what counts is how many were begun, however long the work then takes. */
const wrong = (count: number, name: string, cookie?: string) =>
  Promise.all(Array.from({ length: count }, () => login(name, "wrong wrong wrong", cookie)));

test("strangers who guess, at one account and at invented ones, never keep the owner's browser out", async () => {
  const flood = Promise.all([
    wrong(30, ownerName),
    ...Array.from({ length: 6 }, (_, n) => wrong(1, `invented ${n}`)),
  ]);
  for (let n = 0; n < 4; n += 1)
    expect((await login(ownerName.toUpperCase(), ownerPassword, device)).status).toBe(200);
  const statuses = (await flood).flat().map(({ status }) => status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(12);
  // The owner's successes forgave the guesser nothing: otherwise these were free.
  expect((await wrong(4, ownerName)).map(({ status }) => status)).toContain(429);
});

test("a cookie that is not ours is worth nothing, and our own's wrong tries are slowed down", async () => {
  const [name = "", value = ""] = device.split("=");
  for (const forged of [`${name}=${value}x`, `${name}=${"A".repeat(22)}.${"A".repeat(43)}`])
    expect((await wrong(4, ownerName, forged)).map(({ status }) => status)).toContain(429);
  const tries = await wrong(8, ownerName, device);
  expect(tries.map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
});

test("a source that a client invents is not believed; the log has the socket's", async () => {
  const spoofed = await new Visitor(console_.url).post(
    "/api/login",
    { name: "invented", password: "wrong wrong wrong" },
    { "X-Forwarded-For": "203.0.113.9", "X-Cloak-Db-Socket": "203.0.113.9" },
  );
  expect(spoofed.status).toBeOneOf([401, 429]);
  const lines = readFileSync(join(console_.configDir, "audit.jsonl"), "utf8").trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ source: "127.0.0.1" });
});
