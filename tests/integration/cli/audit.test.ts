import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readEnvironment } from "#lib/env.ts";
import { Secret } from "#lib/secret.ts";
import { openWorkspace } from "#lib/workspace.ts";
import { cleanEnvironment, runCli, runHere, scratchFolder } from "#tests/support/run-cli.ts";
import { value } from "#tests/support/scratch-vault.ts";

const scratch = scratchFolder();
const empty = scratchFolder();
const file = path.join(scratch.env.CLOAK_DB_CONFIG_DIR ?? "", "audit.jsonl");

const audit = (...args: readonly string[]) => runCli(["audit", ...args], { env: scratch.env });

beforeAll(async () => {
  const workspace = value(await openWorkspace(value(readEnvironment(cleanEnvironment(scratch.env)))));
  const password = new Secret("plum-tractor-oboe-9");
  const ada = value(await workspace.users.create({ name: "Ada", password, role: "owner" }));
  const { audit: log } = workspace;
  value(await log.note({ actor: ada.id, sessionId: "s", source: "192.0.2.7" }, { action: "login" }));
  value(await log.note({ actor: "command-line" }, { action: "member-add", object: "Bob\u202e\n" }));
  log.count({ actor: null }, { action: "refused", object: "not-signed-in" }, "not-signed-in");
  log.count({ actor: null }, { action: "refused", object: "not-signed-in" }, "not-signed-in");
  value(await log.flush());
});

afterAll(() => {
  scratch.remove();
  empty.remove();
});

test("verify says that it is whole, in words and as JSON", async () => {
  expect(await audit("verify")).toEqual({
    code: 0,
    stdout: "3 lines, unchanged since they were written.\n",
    stderr: "",
  });
  const { code, stdout } = await audit("verify", "--json");
  expect([code, JSON.parse(stdout)]).toEqual([0, { state: "whole", entries: 3 }]);
});

test("export gives every line, the oldest first, a line each and with nothing hidden", async () => {
  const { code, stdout, stderr } = await audit("export");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.trimEnd().split("\n")).toEqual([
    expect.stringMatching(/^\d{4}-\d\d-\d\dT\S+Z · Ada · Sign in · From 192\.0\.2\.7$/),
    expect.stringMatching(/ · Command line · Add a member · Bob\\u202E\\n$/),
    expect.stringMatching(
      / · Not signed in · Request refused \[not-signed-in\] · not-signed-in · 2 times in one minute$/,
    ),
  ]);
});

test("as JSON, and from a day on", async () => {
  const all = await audit("export", "--json");
  expect(
    all.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { seq: 1, action: "login", source: "192.0.2.7", result: "allowed" },
    { seq: 2, actor: "command-line", object: "Bob\u202e\n" },
    { seq: 3, actor: null, times: 2, result: "not-signed-in" },
  ]);
  expect((await audit("export", "--json", "--since", "2020-01-01")).stdout).toBe(all.stdout);
  expect(await audit("export", "--since", "2999-12-31T08:00:00+01:00")).toEqual({
    code: 0,
    stdout: "",
    stderr: "",
  });
});

test("a console that is not there is not made", async () => {
  const { code, stdout, stderr } = await runCli(["audit", "verify"], { env: empty.env });
  expect(stderr).toContain(`There is no vault in ${empty.env.CLOAK_DB_CONFIG_DIR}. `);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect((await runCli(["audit", "export"], { env: empty.env })).stderr).toBe(stderr);
});

describe("wrong usage exits with 2", () => {
  test.each([
    [["audit"], "An action is required: verify or export."],
    [["audit", "delete"], "An action is required: verify or export."],
    [["audit", "verify", "now"], "Unexpected argument: now"],
    [["audit", "verify", "--since", "2026-11-01"], "Unknown option: --since"],
    [["audit", "export", "--since", "yesterday"], "yesterday is not a date."],
    [["audit", "export", "--since", "2026-02-30"], "2026-02-30 is not a date."],
    [["audit", "export", "--until", "2026-11-01"], "Unknown option: --until"],
  ])("%j", async (args, sentence) => {
    const { code, stdout, stderr } = await runHere(args);
    expect(stderr).toContain(sentence);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});

test("what somebody did to the file: said, exit code 1, and the lines are given all the same", async () => {
  const whole = readFileSync(file, "utf8");
  writeFileSync(file, whole.replace('"action":"member-add"', '"action":"member-disable"'));
  const verified = await audit("verify");
  expect(verified.stdout).toContain("line 2 does not follow from the lines before it");
  expect(verified.code).toBe(1);
  const exported = await audit("export", "--json");
  expect(exported.stdout.trimEnd().split("\n")).toHaveLength(3);
  expect(exported.stderr).toContain("line 2 does not follow");
  expect(exported.code).toBe(1);
  writeFileSync(file, `${whole.split("\n").slice(0, 2).join("\n")}\n`);
  const cut = await audit("verify", "--json");
  expect([cut.code, JSON.parse(cut.stdout)]).toEqual([1, { state: "shortened", entries: 2, known: 3 }]);
});

test("of a log in parts every line is given, and a part that is gone is named", async () => {
  const whole = readFileSync(file, "utf8");
  const lines = whole.split("\n");
  const closed = file.replace(".jsonl", ".1.jsonl");
  renameSync(file, closed);
  writeFileSync(file, "", { mode: 0o600 });
  expect((await audit("export", "--json")).stdout.trimEnd().split("\n")).toHaveLength(lines.length - 1);
  renameSync(closed, file.replace(".jsonl", ".2.jsonl"));
  const verified = await audit("verify");
  expect(verified.stdout).toContain("A part of the log is missing: audit.1.jsonl, which started at line 1");
  expect(verified.code).toBe(1);
  rmSync(file.replace(".jsonl", ".2.jsonl"));
  writeFileSync(file, whole, { mode: 0o600 });
});
