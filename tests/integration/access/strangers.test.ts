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

test("a flood of invented names, and of wrong passwords for one account, keeps the owner's browser out never", async () => {
  const flood = Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      login(n % 2 === 0 ? `invented ${n}` : ownerName, "wrong wrong wrong"),
    ),
  );
  for (let n = 0; n < 10; n += 1)
    expect((await login(ownerName.toUpperCase(), ownerPassword, device)).status).toBe(200);
  const statuses = (await flood).map(({ status }) => status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(30);
  // The owner's ten successes forgave the guesser nothing: the pause goes on doubling.
  await login(ownerName, "wrong wrong wrong");
  const again = await login(ownerName, "wrong wrong wrong");
  expect([again.status, Number(again.headers["retry-after"]) >= 2]).toEqual([429, true]);
});

test("the cookie is worth nothing for another account, and its own wrong tries are slowed down", async () => {
  const [name = "", value = ""] = device.split("=");
  for (const forged of [`${name}=${value}x`, `${name}=${"A".repeat(22)}.${"A".repeat(43)}`])
    expect((await login(ownerName, ownerPassword, forged)).status).toBe(429);
  expect((await login("somebody else", ownerPassword, device)).status).toBe(429);
  const tries = await Promise.all(
    Array.from({ length: 8 }, () => login(ownerName, "wrong wrong wrong", device)),
  );
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
