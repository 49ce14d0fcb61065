import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { newRawKey } from "#lib/vault/raw-key.ts";
import { type CliRun, runCli, runHere, scratchFolder } from "#tests/support/run-cli.ts";

const scratches: ReturnType<typeof scratchFolder>[] = [];

afterEach(() => {
  for (const scratch of scratches.splice(0)) scratch.remove();
});

/** A console with an owner, whose key was made on first start. */
async function console1() {
  const scratch = scratchFolder();
  scratches.push(scratch);
  const at = (name: string) => join(scratch.path, name);
  const run = (args: readonly string[], more: Record<string, string> = {}, stdin = "") =>
    runCli(args, { env: { ...scratch.env, ...more }, stdin, cwd: scratch.path });
  const done = async (...given: Parameters<typeof run>): Promise<CliRun> => {
    const ran = await run(...given);
    expect(ran.code, ran.stderr).toBe(0);
    return ran;
  };
  await done(["admin", "create", "anna"], {}, "a lamp, a fig and 3 owls\n");
  const statusOf = async (more: Record<string, string> = {}) =>
    JSON.parse((await done(["key", "status", "--json"], more)).stdout) as Status;
  return { at, run, done, statusOf, keyFile: at("state/vault.key") };
}

interface Status {
  readonly slots: readonly { readonly id: string; readonly kind: string; readonly present: boolean }[];
}

describe("keys from elsewhere", () => {
  test("a file, a command and a variable each open the vault, and the setting for each is said", async () => {
    const { at, run, done, statusOf } = await console1();
    const [file, output, variable] = [newRawKey(), newRawKey(), newRawKey()].map((key) => key.reveal());
    writeFileSync(at("a.key"), String(file), { mode: 0o600 });
    writeFileSync(at("b.key"), String(output), { mode: 0o600 });
    const command = JSON.stringify(["cat", at("b.key")]);
    const setting = async (args: readonly string[], more = {}) =>
      /(CLOAK_DB_KEY\S*)=/.exec((await done(["key", "add", ...args], more)).stdout)?.[1];
    expect(await setting(["--file", "a.key"])).toBe("CLOAK_DB_KEY_FILE");
    expect(await setting(["--command", command])).toBe("CLOAK_DB_KEY_COMMAND");
    expect(await setting(["--variable", "SPARE"], { SPARE: String(variable) })).toBe("CLOAK_DB_KEY");
    expect((await statusOf({ CLOAK_DB_KEY: String(variable) })).slots.map(({ kind }) => kind)).toEqual([
      "raw",
      "raw",
      "command",
      "raw",
    ]);
    // The console's own slot goes only with another key at hand, and then what to set is said.
    const own = (await statusOf()).slots.find(({ present }) => present)?.id ?? "";
    expect((await run(["key", "remove", own])).stderr).toContain("rekey");
    const removed = await done(["key", "remove", own, "--command", command]);
    expect(removed.stdout).toContain("CLOAK_DB_KEY_COMMAND");
    expect((await run(["key", "status"])).stderr).toContain("[vault-wrong-key]");
    expect((await statusOf({ CLOAK_DB_KEY_COMMAND: command })).slots).toHaveLength(3);
  }, 180_000);

  test("rekey to a new file goes on where it was ended, and says what to set", async () => {
    const { at, run, done, statusOf, keyFile } = await console1();
    // Ended after the new key was added: file and slot are there, the former slot as well.
    await done(["key", "add", "--file", "next.key", "--generate"]);
    const rekeyed = await done(["key", "rekey", "--file", "next.key", "--generate"]);
    expect(rekeyed.stdout).toContain(`CLOAK_DB_KEY_FILE=${at("next.key")}`);
    expect((await run(["key", "status"])).stderr).toContain("[vault-wrong-key]");
    const byFile = { CLOAK_DB_KEY_FILE: at("next.key") };
    expect((await statusOf(byFile)).slots).toHaveLength(1);

    // Ended after the files were swapped: the former key lies beside, and its slot is there.
    copyFileSync(at("next.key"), `${at("next.key")}.old`);
    writeFileSync(keyFile, `${newRawKey().reveal()}\n`, { mode: 0o600 });
    await done(["key", "add", "--file", keyFile], byFile);
    copyFileSync(keyFile, at("next.key"));
    await done(["key", "rekey"], byFile);
    expect((await statusOf(byFile)).slots.map(({ present }) => present)).toEqual([true]);
    expect(existsSync(`${at("next.key")}.old`)).toBe(false);
  }, 180_000);

  test("a file that is there is never written over, and what is not there is not removed", async () => {
    const { at, run, statusOf } = await console1();
    writeFileSync(at("there.key"), `${newRawKey().reveal()}\n`, { mode: 0o600 });
    const before = readFileSync(at("there.key"), "utf8");
    const refused = async (...args: readonly string[]) => {
      const { code, stderr } = await run(["key", ...args]);
      return `${code} ${stderr}`;
    };
    expect(await refused("add", "--file", "there.key", "--generate")).toMatch(/^1 .*never overwritten/);
    expect(await refused("remove", "00000000")).toMatch(/^1 .*no key slot/);
    expect(await refused("add", "--file", "missing.key")).toMatch(
      /^1 There is no file .*missing\.key.* --generate/,
    );
    expect(await refused("add", "--command", '["false"]')).toMatch(
      /^1 The command false did not print a key: 1/,
    );
    expect(readFileSync(at("there.key"), "utf8")).toBe(before);
    expect((await statusOf()).slots).toHaveLength(1);
  }, 120_000);
});

test.each([
  [[]],
  [["status", "--finish"]],
  [["remove"]],
  [["add", "more"]],
  [["add", "--generate"]],
  [["add", "--file", "a", "--variable", "b"]],
  [["add", "--command", "pass show cloak-db"]],
  [["rotate", "--file", "a"]],
])("key %j is wrong usage", async (args) => {
  const { code, stderr } = await runHere(["key", ...args]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("cloak-db key status")]);
});
