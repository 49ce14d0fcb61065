import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { clockApart, compareClocks } from "#app/_server/watch-clock.ts";
import { readEnvironment } from "#lib/env.ts";
import { ok } from "#lib/problems/result.ts";
import { openWorkspace } from "#lib/workspace.ts";
import { value } from "#tests/support/scratch-vault.ts";

const folder = mkdtempSync(join(tmpdir(), "cloak-clock-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const said: string[] = [];
vi.mock("#app/_server/log.ts", () => ({
  log: () => ({
    error: () => said.push("error"),
    warn: (facts: { readonly ahead: number }) => said.push(`warn ${facts.ahead}`),
    info: () => said.push("info"),
  }),
}));

test("a clock that is more than 30 s from the store's is said each time and audited once, until it is right", async () => {
  const { audit, store } = value(await openWorkspace(value(readEnvironment())));
  const compare = async (ahead: number) => {
    await compareClocks({ audit, store: { ...store, clockAhead: async () => ok(ahead) } });
    return clockApart();
  };
  expect([await compare(30), await compare(-30)]).toEqual([undefined, undefined]);
  expect(said).toEqual([]);
  expect([await compare(31), await compare(45), await compare(0), await compare(-90)]).toEqual([
    31,
    45,
    undefined,
    -90,
  ]);
  expect(said).toEqual(["warn 31", "warn 45", "info", "warn -90"]);
  const { entries } = value(await audit.newest(9));
  expect(entries).toMatchObject([
    { actor: null, action: "clock-apart", object: "-90 s", result: "allowed" },
    { actor: null, action: "clock-apart", object: "31 s" },
  ]);
});
