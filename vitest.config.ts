import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Left alone, Vitest keeps one core free: of two, that is half. */
const everyCore = { maxWorkers: "100%" };

/**
 * A CI machine does other work at the same time, and a few tests look at time. What is broken fails each time; what was
 * only late is told as tried again.
 */
const again = process.env.CI === undefined ? {} : { retry: 1 };

/** The command line speaks the terminal's language; in tests, whatever the machine's, English. */
const english = { LC_ALL: "", LC_MESSAGES: "C" };

/** A busy machine is no mistake of the code: what hangs is found all the same. */
const unitTests = { env: english, environment: "node", testTimeout: 30_000 } as const;

/** `react-server` lets files that begin with `import "server-only"` load outside Next. */
const server = {
  resolve: { conditions: ["react-server", "node"] },
  ssr: { resolve: { conditions: ["react-server", "node"] } },
};

const unit = "tests/unit";
/**
 * Unit tests that change what other files of the same process would find, or look at the clock, which a large heap
 * holds up: each has a process for itself. The others share one, for to load modules anew was two fifths of their time.
 */
const alone = readdirSync(unit, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => join(unit, file))
  .filter((file) =>
    /\bvi\.(mock|doMock|stub|spyOn|useFakeTimers)|process\.(env|chdir)|processWide|globalThis|performance\.now|longestPause/.test(
      readFileSync(file, "utf8"),
    ),
  );

export default defineConfig({
  test: {
    // `npm run coverage`: of everything there is, not only of what a test happens to load.
    coverage: {
      provider: "v8",
      include: ["{app,components,lib}/**/*.{ts,tsx}"],
      reporter: ["text-summary", "html"],
    },
    projects: [
      {
        ...server,
        test: {
          ...everyCore,
          ...again,
          ...unitTests,
          name: "unit",
          include: ["tests/unit/**/*.test.ts"],
          exclude: alone,
          isolate: false,
        },
      },
      {
        ...server,
        test: { ...everyCore, ...again, ...unitTests, name: "unit-alone", include: alone },
      },
      {
        plugins: [react()],
        resolve: { alias: { "server-only": "/tests/support/server-only.ts" } },
        test: {
          // Not again: a test that is to fail would be failed by a second try.
          ...everyCore,
          name: "components",
          include: ["tests/components/**/*.test.tsx"],
          environment: "jsdom",
          testTimeout: 30_000,
          setupFiles: ["tests/support/component-setup.ts"],
        },
      },
      {
        ...server,
        test: {
          ...again,
          name: "integration",
          env: english,
          include: ["tests/integration/**/*.test.ts"],
          environment: "node",
          globalSetup: ["tests/support/bundle-commands.ts", "tests/support/lay-sample-ground.ts"],
          testTimeout: 60_000,
          // The first console of a fresh checkout is built, while other files have the processors.
          hookTimeout: 600_000,
          // Half of it waits for servers and processes of its own: measured on two cores, three take a tenth less than two.
          maxWorkers: 3,
        },
      },
    ],
  },
});
