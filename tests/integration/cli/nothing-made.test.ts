import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runInProcess, scratchFolder } from "#tests/support/run-cli.ts";

vi.mock("#lib/env.ts", async (original) => {
  const real = await original<typeof import("#lib/env.ts")>();
  return { ...real, readEnvironment: (source = process.env) => real.readEnvironment(source) };
});

let scratch: ReturnType<typeof scratchFolder>;
beforeEach(() => {
  scratch = scratchFolder();
});
afterEach(() => scratch.remove());

const everything = () => readdirSync(scratch.path, { recursive: true }).sort();
const noVault = expect.stringContaining("There is no vault in");

test.each([
  ["check Shop", 1, ""],
  ["audit verify", 1, noVault],
  ["audit export", 1, noVault],
  ["key status", 1, noVault],
  ["key rotate", 1, noVault],
  ["key rekey", 1, noVault],
  ["backup list", 1, noVault],
  ["backup verify", 1, noVault],
  ["backup create", 1, noVault],
  ["backup purge --all --dry-run", 1, noVault],
  ["backup restore 3", 1, expect.any(String)],
  ["export", 1, noVault],
  ["export Shop", 1, noVault],
  ["import --recipient", 1, expect.any(String)],
  ["store check", 0, ""],
  ["admin reset-password anna", 1, noVault],
])("%s where nothing is kept makes nothing", async (line, code, stderr) => {
  for (const more of [{}, { CLOAK_DB_CONFIG_DIR: join(scratch.path, "no/such/folder") }]) {
    const before = everything();
    const run = await runInProcess(line.split(" "), { ...scratch.env, ...more }, "long enough 123\n");
    expect([run.code, run.stderr]).toEqual([code, stderr]);
    expect(everything()).toEqual(before);
  }
});

test("a dry run of an import says what would come in, and begins no vault", async () => {
  const file = join(scratch.path, "two.txt");
  writeFileSync(file, "postgres://app@one.example.test/shop\npostgres://app@two.example.test/shop\n");
  const before = everything();
  const dry = await runInProcess(["import", file, "--dry-run"], scratch.env);
  expect([dry.code, dry.stderr]).toEqual([0, ""]);
  expect(dry.stdout).toMatch(/one\.example\.test[\s\S]*two\.example\.test[\s\S]*2 /);
  const nobody = await runInProcess(["import", file, "--dry-run", "--as", "anna"], scratch.env);
  expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining("Unknown user: anna")]);
  expect(everything()).toEqual(before);
  const done = await runInProcess(["import", file], scratch.env);
  expect([done.code, done.stderr]).toEqual([0, ""]);
  const again = await runInProcess(["import", file, "--dry-run"], scratch.env);
  expect(again.stdout).toContain("0 ");
});
