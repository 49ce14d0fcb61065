import { test as base } from "@playwright/test";
import { type DemoServers, startDemoServers } from "#lib/samples/demo-servers.ts";
import { startConsole, type TestConsole } from "./console-server.ts";

export interface WorkerServers {
  /** The demo's servers, one for each thing that usually goes wrong. */
  readonly servers: DemoServers;
  /** A console on a scratch vault. */
  readonly consoleServer: TestConsole;
}

/** Playwright's `test` with servers that one worker starts when a test first asks for them, and stops at its end. */
export const test = base.extend<object, WorkerServers>({
  servers: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are needed from the pattern
    async ({}, use) => {
      const servers = await startDemoServers();
      await use(servers);
      await servers.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  consoleServer: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are needed from the pattern
    async ({}, use) => {
      const server = await startConsole();
      await use(server);
      await server.stop();
    },
    // It may build first.
    { scope: "worker", timeout: 600_000 },
  ],
});

export { expect } from "@playwright/test";
