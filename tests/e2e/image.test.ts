import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import manifest from "#app/manifest.ts";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { startConsole } from "#tests/support/console-server.ts";
import { setUp, testConnection } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

/** A user that owns nothing of the image, as in the container; null where the tests themselves are nobody special. */
const somebody = process.getuid?.() === 0 ? 10_001 : undefined;

test("what the image holds runs by itself, as nobody, without writing to it", async ({
  page,
  servers,
  consoleServer,
}) => {
  test.setTimeout(300_000);
  const folder = mkdtempSync(path.join(tmpdir(), "cloak-db-image-"));
  const image = path.join(folder, "console");
  const data = path.join(folder, "data");
  const env = {
    CLOAK_DB_CONFIG_DIR: path.join(data, "config"),
    CLOAK_DB_STATE_DIR: path.join(data, "state"),
  };
  try {
    // Whoever started it has made the build.
    expect(consoleServer.pid).toBeGreaterThan(0);
    execFileSync(process.execPath, ["deploy/lay-out-image.mjs", image]);
    chmodSync(folder, 0o755);
    for (const name of [
      "tests",
      "bench",
      "docs",
      "lib/samples",
      "node_modules/typescript",
      "node_modules/vitest",
    ])
      expect.soft(existsSync(path.join(image, name)), name).toBe(false);
    const megabytes = weight(image) / 1_000_000;
    expect(megabytes).toBeLessThan(240);

    mkdirSync(data, { mode: 0o700 });
    if (somebody !== undefined) chownSync(data, somebody, somebody);
    else execFileSync("chmod", ["-R", "a-w", image]);
    const program = path.join(image, "bin/cloak-db");
    const server = await startConsole({ env, program, ...(somebody === undefined ? {} : { uid: somebody }) });
    try {
      await setUp(page, server);
      const { icons } = manifest();
      expect(icons?.length).toBeGreaterThan(2);
      for (const { src } of icons ?? [])
        expect.soft((await fetch(`${server.url}${src}`)).status, src).toBe(200);
      await page.goto(`${server.url}/connections/new`);
      const { user, password, database } = demoUser;
      const string = page.getByRole("textbox", { name: "Connection string" });
      await string.fill(
        `postgres://${user}:${password}@localhost:${servers.verified.port}/${database}?sslmode=require`,
      );
      await string.blur();
      expect(await testConnection(page)).toBe("connected");
    } finally {
      await server.stop();
    }
    const check = spawnSync(process.execPath, [program, "check", "postgres://app@127.0.0.1:1/shop"], {
      encoding: "utf8",
      env: { ...process.env, ...env, HOME: data },
      ...(somebody === undefined ? {} : { uid: somebody, gid: somebody }),
    });
    expect(check.stdout).toContain("[net-refused]");
    expect(check.status).toBe(1);
  } finally {
    execFileSync("chmod", ["-R", "u+w", folder]);
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Bytes of all files below a folder. */
function weight(folder: string): number {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0);
}
