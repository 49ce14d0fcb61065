import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

/** What the start of the console needs of Next beyond its manual: see `bin/next-internals.js`. */
const require = createRequire(import.meta.url);
const internals: {
  takeBuiltConfig(buildFolder: string): void;
  withoutConfigReport<T>(work: () => Promise<T>): Promise<T>;
} = require("../../../bin/next-internals.js");
const { default: loadConfig } = require("next/dist/server/config");
const { PHASE_PRODUCTION_SERVER } = require("next/constants");
const changed = `Next ${require("next/package.json").version} has changed: see bin/next-internals.js`;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "next-internals-"));
});
afterEach(() => {
  delete process.env.__NEXT_PRIVATE_STANDALONE_CONFIG;
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

test("Next takes the configuration that its build wrote down, and does not run next.config.mjs", async () => {
  writeFileSync(path.join(folder, "next.config.mjs"), "throw new Error('it was run');");
  writeFileSync(
    path.join(folder, "required-server-files.json"),
    JSON.stringify({ config: { canary: "built" } }),
  );
  internals.takeBuiltConfig(folder);
  const config = await loadConfig(PHASE_PRODUCTION_SERVER, folder).catch((error: unknown) => error);
  expect(config, `${changed}: __NEXT_PRIVATE_STANDALONE_CONFIG is not read any more`).toEqual({
    canary: "built",
  });
});

test("without a build nothing is given", () => {
  internals.takeBuiltConfig(folder);
  expect(process.env.__NEXT_PRIVATE_STANDALONE_CONFIG).toBeUndefined();
});

test("Next's line of how long the configuration took is what is left out, and nothing else is", async () => {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((...args) => void lines.push(args.join(" ")));
  const load = async (name: string) => {
    process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = "{}";
    await loadConfig(PHASE_PRODUCTION_SERVER, path.join(folder, name), { silent: false });
    console.log("another line");
  };
  await load("heard");
  expect(lines, `${changed}: it says nothing of the configuration any more`).toHaveLength(2);
  await internals.withoutConfigReport(() => load("unheard"));
  expect(lines.slice(2), `${changed}: its line of the configuration reads otherwise: ${lines[0]}`).toEqual([
    "another line",
  ]);
});
