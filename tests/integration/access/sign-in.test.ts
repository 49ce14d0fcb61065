import { existsSync } from "node:fs";
import { mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { createSignInLink } from "#lib/team/sign-in-link.ts";
import { startConsole } from "#tests/support/console-server.ts";
import { ownerName, ownerPassword, problemOf, Visitor } from "./visitor.ts";

let folder: string;
let env: Record<string, string>;
/** All that the consoles printed, and what must not stand in it. */
const logs: string[] = [];
const secrets: string[] = [ownerPassword, "wrong wrong wrong"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloak-access-"));
  env = { CLOAK_DB_CONFIG_DIR: join(folder, "config"), CLOAK_DB_STATE_DIR: join(folder, "state") };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs some steps against a console of its own, on the same vault each time, without the wrong tries of the last. */
async function withConsole(
  more: Record<string, string>,
  steps: (url: string) => Promise<void>,
): Promise<void> {
  await rm(join(folder, "config", "tries.json"), { force: true });
  const started = await startConsole({ env: { ...env, ...more } });
  try {
    await steps(started.url);
  } finally {
    await started.stop();
    logs.push(started.log());
  }
}

describe.sequential("from the first run on", () => {
  test("setup: only with the token, once, with a good name and password; then it is gone", () =>
    withConsole({}, async (url) => {
      const visitor = new Visitor(url);
      for (const path of ["/", "/connections", "/login"]) {
        expect((await visitor.get(path)).headers.location).toBe("/setup");
      }
      const tokenFile = join(env.CLOAK_DB_STATE_DIR ?? "", "setup-token");
      expect((await stat(tokenFile)).mode & 0o777).toBe(0o600);
      const token = (await readFile(tokenFile, "utf8")).trim();
      expect(token).toMatch(/^[a-z2-7]{32}$/);

      const wrong = await visitor.post("/api/setup", {
        token: "a".repeat(32),
        name: ownerName,
        password: ownerPassword,
      });
      expect([wrong.status, problemOf(wrong)]).toEqual([403, "not-allowed"]);
      expect(wrong.headers["set-cookie"]).toBeUndefined();
      const rows = [
        [{ name: ownerName, password: "short" }, "password", "too-short"],
        [{ name: ownerName, password: "password1234" }, "password", "too-common"],
        [{ name: ownerName, password: "marguerite2024" }, "password", "holds-user-name"],
        [{ name: " ", password: ownerPassword }, "name", "unreadable"],
      ] as const;
      for (const [fields, field, reason] of rows) {
        const refused = await visitor.post("/api/setup", { token, ...fields });
        expect(refused.status).toBe(400);
        expect(JSON.parse(refused.text).problem.facts).toEqual({ field, reason });
      }

      const both = [new Visitor(url), new Visitor(url)];
      const answers = await Promise.all(
        both.map((one, n) =>
          one.post("/api/setup", { token, name: `${ownerName}${n}`, password: ownerPassword }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
      const done = answers.find(({ status }) => status === 200);
      expect(done?.headers["set-cookie"]).toEqual([
        expect.stringMatching(
          /^cloak_sid_\d+=[\w-]{43}\.[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/,
        ),
        expect.stringMatching(
          /^cloak_device_\d+=[\w-]{22}\.[\w-]{43}; Path=\/; Max-Age=15552000; HttpOnly; SameSite=Strict$/,
        ),
      ]);
      expect(existsSync(tokenFile)).toBe(false);
      expect((await visitor.get("/setup")).status).toBe(404);
      expect((await visitor.post("/api/setup", { token, name: "eve", password: ownerPassword })).status).toBe(
        404,
      );
      expect((await visitor.get("/")).headers.location).toBe("/login");
    }));

  const name = () => ownersName;
  let ownersName = "";

  test("login: any case of the name; the old session ends; logging out ends it on the server", () =>
    withConsole({}, async (url) => {
      const visitor = new Visitor(url);
      const answers = await Promise.all(
        [0, 1].map((n) =>
          new Visitor(url).post("/api/login", { name: `${ownerName}${n}`, password: ownerPassword }),
        ),
      );
      ownersName = `${ownerName}${answers.findIndex(({ status }) => status === 200)}`;

      expect(
        (await visitor.post("/api/login", { name: name().toUpperCase(), password: ownerPassword })).status,
      ).toBe(200);
      const first = visitor.cookie;
      expect((await visitor.get("/")).headers.location).toBe("/connections");
      expect((await visitor.get("/login")).headers.location).toBe("/connections#content");
      expect((await visitor.get("/connections")).status).toBe(200);

      expect((await visitor.post("/api/login", { name: name(), password: ownerPassword })).status).toBe(200);
      expect(visitor.cookie).not.toBe(first);
      expect((await visitor.get("/connections", { Cookie: first ?? "" })).status).toBe(307);

      const second = visitor.cookie ?? "";
      const out = await visitor.post("/api/logout", {});
      expect(out.status).toBe(204);
      expect(String(out.headers["set-cookie"])).toContain("Max-Age=0");
      expect(out.headers["clear-site-data"]).toBe('"storage"');
      expect((await visitor.get("/connections", { Cookie: second })).status).toBe(307);
      expect((await visitor.post("/api/logout", {})).status).toBe(204);
    }));

  test("sessions survive a restart; on another port their cookie has another name", async () => {
    let cookie = "";
    await withConsole({}, async (url) => {
      const visitor = new Visitor(url);
      await visitor.post("/api/login", { name: name(), password: ownerPassword });
      cookie = visitor.cookie ?? "";
      secrets.push(cookie.split("=")[1] ?? "");
    });
    await withConsole({}, async (url) => {
      const visitor = new Visitor(url);
      const renamed = cookie.replace(/^cloak_sid_\d+/, `cloak_sid_${new URL(url).port}`);
      expect((await visitor.get("/connections", { Cookie: renamed })).status).toBe(200);
    });
  });

  test("an unknown name and a wrong password get the same bytes, and the same pause", () =>
    withConsole({}, async (url) => {
      const visitor = new Visitor(url);
      // All at once: what counts is how many were begun, however long the work then takes.
      const triesOf = (who: string) =>
        Array.from({ length: 6 }, () =>
          visitor.post("/api/login", { name: who, password: "wrong wrong wrong" }),
        );
      const bytesOf = async (tries: ReturnType<typeof triesOf>) => {
        const answers = await Promise.all(tries);
        return answers
          .map(({ status, headers: { date: _, "content-security-policy": __, ...rest }, text }) =>
            JSON.stringify([status, rest, text]),
          )
          .sort();
      };
      const login = () => visitor.post("/api/login", { name: name(), password: ownerPassword });
      const unknown = await bytesOf(triesOf("nobody at all"));
      const tries = triesOf(name());
      await Promise.any(tries.map(async (one) => expect((await one).status).toBe(429)));
      // Not even the right password while the pause lasts.
      expect((await login()).status).toBe(429);
      const known = await bytesOf(tries);
      expect(unknown).toEqual(known);
      expect(known.map((one) => one.slice(1, 4))).toEqual(["401", "401", "401", "401", "401", "429"]);
      expect(known[5]).toContain('"retry-after":"1"');
      expect(known[5]).toContain("too-many-attempts");
      await new Promise((resolve) => setTimeout(resolve, 1100));
      expect((await login()).status).toBe(200);
    }));

  test("a sign-in link works once, for its user, and not without its file", () =>
    withConsole({}, async (url) => {
      const state = env.CLOAK_DB_STATE_DIR ?? "";
      const without = await new Visitor(url).post("/api/login", { token: "x".repeat(43) });
      expect(without.status).toBe(401);
      const token = await createSignInLink(fileStore({ configDir: "", stateDir: state }), name());
      secrets.push(token);
      const file = join(state, "sign-in-link.json");
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await readFile(file, "utf8")).not.toContain(token);
      expect((await new Visitor(url).post("/api/login", { token: `${token}x` })).status).toBe(401);
      const both = [new Visitor(url), new Visitor(url)];
      const answers = await Promise.all(both.map((one) => one.post("/api/login", { token })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
      const visitor = both.find((_, n) => answers[n]?.status === 200);
      expect((await visitor?.get("/connections"))?.status).toBe(200);
      expect((await new Visitor(url).post("/api/login", { token })).status).toBe(401);
    }));

  test("without its key the console is locked, says so everywhere, and opens when the key is back", async () => {
    const key = join(env.CLOAK_DB_STATE_DIR ?? "", "vault.key");
    const config = join(env.CLOAK_DB_CONFIG_DIR ?? "", "config.json");
    const before = await readFile(config);
    await rename(key, `${key}.away`);
    await withConsole({}, async (url) => {
      const visitor = new Visitor(url);
      const health = await visitor.get("/api/health");
      expect([health.status, JSON.parse(health.text)]).toEqual([
        503,
        { status: "locked", reason: "vault-locked" },
      ]);
      for (const path of ["/", "/login", "/setup", "/connections", "/settings"]) {
        expect([path, (await visitor.get(path)).headers.location]).toEqual([path, "/locked"]);
      }
      const page = await visitor.get("/locked");
      expect(page.status).toBe(200);
      expect(page.text).toContain('data-problem="vault-locked"');
      for (const path of ["/api/login", "/api/setup"]) {
        const body = { token: "x", name: "x", password: "y" };
        const answer = await visitor.post(path, path === "/api/login" ? { token: "x" } : body);
        expect([path, answer.status, problemOf(answer)]).toEqual([path, 503, "vault-locked"]);
      }
      expect((await visitor.post("/settings", [], { "Next-Action": "x" })).status).toBe(401);
      expect(await readFile(config)).toEqual(before);

      await rename(`${key}.away`, key);
      // The console looks again once a second.
      await expect
        .poll(async () => (await visitor.get("/locked")).headers.location, { timeout: 5000 })
        .toBe("/");
      expect((await visitor.get("/api/health")).status).toBe(200);
      expect((await visitor.post("/api/login", { name: name(), password: ownerPassword })).status).toBe(200);
    });
  });

  test("behind https: __Host- cookie, HSTS, and only the public origin", () =>
    withConsole({ CLOAK_DB_PUBLIC_URL: "https://console.example.test" }, async (url) => {
      const visitor = new Visitor(url);
      const body = { name: name(), password: ownerPassword };
      const behind = { Host: "console.example.test", Origin: "https://console.example.test" };
      const refused = await visitor.post("/api/login", body);
      expect(refused.status, "the loopback origin is not the public one").toBe(403);
      const answer = await visitor.post("/api/login", body, behind);
      expect(answer.status).toBe(200);
      expect(answer.headers["set-cookie"]).toEqual([
        expect.stringMatching(
          /^__Host-cloak_sid=[^;]+; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure$/,
        ),
        expect.stringMatching(
          /^__Host-cloak_device=[^;]+; Path=\/; Max-Age=15552000; HttpOnly; SameSite=Strict; Secure$/,
        ),
      ]);
      expect(answer.headers["strict-transport-security"]).toBe("max-age=31536000; includeSubDomains");
      expect((await visitor.get("/connections", { Host: "console.example.test" })).status).toBe(200);
      const out = await visitor.post("/api/logout", {}, behind);
      // The cookie by which this browser is known again stays.
      expect(out.headers["clear-site-data"]).toBe('"storage"');
    }));

  test("plain HTTP away from loopback is refused, unless it was allowed", async () => {
    const CLOAK_DB_PUBLIC_URL = "http://console.example.test:8080";
    const Host = "console.example.test:8080";
    await withConsole({ CLOAK_DB_PUBLIC_URL }, async (url) => {
      expect((await new Visitor(url).get("/login", { Host })).status).toBe(421);
    });
    await withConsole({ CLOAK_DB_PUBLIC_URL, CLOAK_DB_INSECURE_HTTP: "1" }, async (url) => {
      const visitor = new Visitor(url);
      const headers = { Host, Origin: "http://console.example.test:8080" };
      const body = { name: name(), password: ownerPassword };
      const answer = await visitor.post("/api/login", body, headers);
      expect(String(answer.headers["set-cookie"])).toMatch(/^cloak_sid_8080=/);
    });
  });

  test("all the while nobody's secret was logged, and what happened was", () => {
    const log = logs.join("\n");
    for (const secret of secrets) {
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")]) {
        expect(log).not.toContain(form);
      }
    }
    for (const event of [
      "the owner was created",
      "login failed",
      "too many attempts",
      "the vault is locked",
    ]) {
      expect(log).toContain(event);
    }
  });
});
