import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { newRawKey } from "#lib/vault/raw-key.ts";
import { type CliRun, runCli, runHere, scratchFolder } from "#tests/support/run-cli.ts";

const passphrase = "twelve blue herons at noon";
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
  return { at, run, done, statusOf, keyFile: at("state/vault.key"), config: at("config") };
}

interface Status {
  readonly slots: readonly { readonly id: string; readonly kind: string; readonly present: boolean }[];
  readonly dataKeys: readonly { readonly id: string; readonly active: boolean; readonly backups: number }[];
}

describe("an owner who lost the key file", () => {
  test("opens the vault with the passphrase, makes a new key, and takes the lost one's slot away", async () => {
    const { at, run, done, statusOf, keyFile } = await console1();
    await done(["key", "add"], {}, `${passphrase}\n`);
    const lost = (await statusOf()).slots.find(({ kind }) => kind === "raw")?.id ?? "";
    rmSync(keyFile);
    expect((await run(["key", "status"])).stderr).toContain("[vault-locked]");

    writeFileSync(at("passphrase"), `${passphrase}\n`, { mode: 0o600 });
    const byPassphrase = { CLOAK_DB_KEY_FILE: at("passphrase") };
    const added = await done(["key", "add", "--file", "new.key", "--generate"], byPassphrase);
    expect(added.stdout).toContain(`CLOAK_DB_KEY_FILE=${at("new.key")}`);
    const byFile = { CLOAK_DB_KEY_FILE: at("new.key") };
    await done(["key", "remove", lost], byFile);
    const { slots } = await statusOf(byFile);
    expect(slots.map(({ kind, present }) => [kind, present])).toEqual([
      ["passphrase", false],
      ["raw", true],
    ]);
    const audit = await done(["audit", "verify"], byFile);
    expect(audit.stdout).not.toBe("");
  });
});

describe("an owner whose key leaked", () => {
  test("exchanges it, renews the data key, deletes the backups; then the leaked one opens nothing", async () => {
    const { at, run, done, statusOf, keyFile, config } = await console1();
    copyFileSync(keyFile, at("leaked.key"));
    const before = readFileSync(join(config, "config.json"), "utf8");
    const old = (await statusOf()).dataKeys[0]?.id ?? "";
    await done(["key", "rekey"]);
    await done(["key", "rotate"]);
    const unfinished = await run(["key", "rotate", "--finish"]);
    expect([unfinished.code, unfinished.stdout]).toEqual([1, expect.stringContaining(old)]);
    rmSync(join(config, "backups"), { recursive: true });
    expect((await done(["key", "rotate", "--finish"])).stdout).toContain(old);
    expect((await statusOf()).dataKeys.map(({ id, active }) => [id === old, active])).toEqual([
      [false, true],
    ]);

    const leaked = { CLOAK_DB_KEY_FILE: at("leaked.key") };
    expect((await run(["key", "status"], leaked)).stderr).toContain("[vault-wrong-key]");
    const after = JSON.parse(readFileSync(join(config, "config.json"), "utf8"));
    const k = JSON.parse(before).records[0].meta.k;
    expect(JSON.stringify(after)).not.toContain(k);
    expect(readdirSync(at("state")).filter((name) => /\.(new|old|tmp)$/.test(name))).toEqual([]);
    const { stdout } = await done(["audit", "export", "--json"]);
    const actions = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).action);
    expect(actions).toEqual(["member-add", "key-exchange", "key-rotate", "key-drop"]);
  });
});

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
    expect((await run(["key", "remove", own, "--file", "state/vault.key"])).code).toBe(1);
    const removed = await done(["key", "remove", own, "--command", command]);
    expect(removed.stdout).toContain("CLOAK_DB_KEY_COMMAND");
    expect((await run(["key", "status"])).stderr).toContain("[vault-wrong-key]");
    expect((await statusOf({ CLOAK_DB_KEY_COMMAND: command })).slots).toHaveLength(3);
  });

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
  });

  test("what is refused says why, and changes nothing", async () => {
    const { at, run, statusOf } = await console1();
    writeFileSync(at("there.key"), `${newRawKey().reveal()}\n`, { mode: 0o600 });
    writeFileSync(at("open.key"), `${newRawKey().reveal()}\n`);
    chmodSync(at("open.key"), 0o644);
    writeFileSync(at("common.txt"), "passwordpassword123\n", { mode: 0o600 });
    const before = readFileSync(at("there.key"), "utf8");
    const refused = async (...args: readonly string[]) => {
      const { code, stderr } = await run(["key", ...args]);
      return `${code} ${stderr}`;
    };
    expect(await refused("add", "--file", "there.key", "--generate")).toMatch(/^1 .*never overwritten/);
    expect(await refused("add", "--file", "open.key")).toContain("chmod 600");
    expect(await refused("add", "--file", "missing.key")).toContain("[vault-locked]");
    expect(await refused("add", "--passphrase-file", "there.key")).toMatch(/^1 .*not a passphrase/);
    expect(await refused("add", "--passphrase-file", "common.txt")).toMatch(/^1 .*common password/);
    expect(await refused("add", "--variable", "NOT_SET")).toMatch(/^1 .*not set/);
    expect(await refused("add", "--file", "state/vault.key")).toMatch(/^1 .*already opens/);
    expect(await refused("remove", "00000000")).toMatch(/^1 .*no key slot/);
    expect(readFileSync(at("there.key"), "utf8")).toBe(before);
    expect((await statusOf()).slots).toHaveLength(1);
  });
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
