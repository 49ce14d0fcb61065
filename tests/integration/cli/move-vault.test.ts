import { afterAll, expect, test } from "vitest";
import { runCli, scratchFolder } from "#tests/support/run-cli.ts";

const scratch = scratchFolder();
afterAll(() => scratch.remove());

const move = (...args: readonly string[]) =>
  runCli(["move-vault", ...args], { env: scratch.env, cwd: scratch.path });

test("cloak-db move-vault says what is wrong with what it was given, and what there is to move", async () => {
  const both = await move("--to", "file:", "--undo");
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("either --to")]);
  expect((await move()).code).toBe(2);
  expect((await move("--help")).stdout).toContain("cloak-db move-vault --undo");
  expect(await move("--undo")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("no vault to move"),
  });

  const made = await runCli(["admin", "create", "anna"], {
    env: scratch.env,
    stdin: "a lamp, a fig and 3 owls\n",
  });
  expect(made.code, made.stderr).toBe(0);
  expect(await move("--undo")).toMatchObject({ code: 1, stderr: expect.stringContaining("nothing to undo") });
  expect(await move("--to", "file:")).toMatchObject({ code: 1, stderr: expect.stringContaining("already") });
  const wrong = await move("--to", "postgres://vault@db.example.com/vault?sslmode=prefer");
  expect(wrong).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^--to has an sslmode below verify-full/),
  });
  const set = await runCli(["store", "check"], { env: { ...scratch.env, CLOAK_DB_STORE: "nonsense" } });
  expect(set).toMatchObject({ code: 1, stderr: expect.stringContaining("CLOAK_DB_STORE is file: or a URL") });
});
