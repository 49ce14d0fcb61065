import { register } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "@playwright/test";
import { findBrowser } from "#tests/support/browser.ts";

// The tests start the sample servers, whose files begin with `import "server-only"`. Workers read this file, too.
register("./bin/server-only-hook.js", import.meta.url);

// Nothing is written into the tree, and two runs at once do not clear each other's folder.
process.env.CLOAK_DB_TEST_OUTPUT ??= path.join(tmpdir(), `cloak-db-e2e-${process.pid}`);

const browser = await findBrowser();

export default defineConfig({
  testDir: "tests/e2e",
  globalSetup: "./tests/support/lay-sample-ground.ts",
  globalTeardown: "./tests/support/remove-empty-output.ts",
  testMatch: "**/*.test.ts",
  // Each worker has its console, its servers and a browser: more of them only wait for one another.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 60_000,
  // As in vitest.config.ts: on a machine that is busy with other work, what was only late is tried again.
  retries: process.env.CI === undefined ? 0 : 1,
  expect: { timeout: 10_000 },
  reporter: "list",
  outputDir: process.env.CLOAK_DB_TEST_OUTPUT,
  preserveOutput: "failures-only",
  use: {
    browserName: "chromium",
    locale: "en-GB",
    timezoneId: "UTC",
    screenshot: "off",
    trace: "off",
    video: "off",
    launchOptions: {
      executablePath: browser.executablePath,
      args: [...browser.args],
      env: { ...(process.env as Record<string, string>), ...browser.env },
    },
  },
});
