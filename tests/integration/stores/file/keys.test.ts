import { chmodSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Secret } from "#lib/secret.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import {
  opened,
  openFileVault,
  problemOf,
  scratchVault,
  type VaultSetup,
  value,
} from "#tests/support/scratch-vault.ts";

describe("where the key comes from", () => {
  test("a generated key can be moved away, and named: the vault opens with it as before", async () => {
    const setup = scratchVault();
    await opened(setup);
    const path = join(setup.stateDir, "moved.key");
    renameSync(setup.keyFile, path);
    expect(problemOf(await openFileVault(setup)).code).toBe("vault-locked");
    const facts = value(await (await opened({ ...setup, key: { from: "file", path } })).facts());
    expect(facts.key).toEqual({ from: "file", path, kind: "raw" });
    expect(facts.keyBesideData).toBe(true);
  });

  test("a link as mounted secrets have it is followed", async () => {
    const setup = scratchVault();
    const folder = join(setup.stateDir, "..data");
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, "key"), newRawKey().reveal(), { mode: 0o400 });
    symlinkSync(join(folder, "key"), join(setup.stateDir, "key"));
    await opened({ ...setup, key: { from: "file", path: join(setup.stateDir, "key") } });
  });

  test("the output of a command, which gets no shell and little of our environment", async () => {
    const setup = scratchVault();
    const path = join(setup.stateDir, "k");
    writeFileSync(path, `${newRawKey().reveal()}\n`, { mode: 0o600 });
    const key = { from: "command" as const, argv: ["cat", path] as const };
    await opened({ ...setup, key });
    expect(value(await (await opened({ ...setup, key })).facts()).key).toEqual({
      from: "command",
      path: "cat",
      kind: "raw",
    });
    // The file opens with the same key from elsewhere: the source is no part of it.
    await opened({ ...setup, key: { from: "variable", value: new Secret(readFileSync(path, "utf8")) } });
    const spliced = { from: "command" as const, argv: ["echo", "$HOME; exit 1 #12345678"] as const };
    expect(problemOf(await openFileVault({ ...setup, key: spliced })).code).toBe("vault-wrong-key");
  });

  test("a passphrase, with scrypt", async () => {
    const setup = scratchVault();
    const key = { from: "variable" as const, value: new Secret("correct horse battery staple") };
    const vault = await opened({ ...setup, key });
    expect(value(await vault.facts()).key).toEqual({ from: "variable", path: null, kind: "passphrase" });
    expect(JSON.parse(readFileSync(setup.file, "utf8")).slots[0].kdf).toMatchObject({
      name: "scrypt",
      N: 2 ** 17,
      r: 8,
      p: 1,
    });
    await opened({ ...setup, key });
    const other = { from: "variable" as const, value: new Secret("correct horse battery stable") };
    expect(problemOf(await openFileVault({ ...setup, key: other })).code).toBe("vault-wrong-key");
  });

  test.each<[string, (folder: string) => VaultSetup["key"], string, string]>([
    [
      "a file that is not there",
      (folder) => ({ from: "file", path: join(folder, "none") }),
      "vault-locked",
      "key-file-missing",
    ],
    ["a folder", (folder) => ({ from: "file", path: folder }), "vault-locked", "key-file-not-a-key"],
    [
      "a program that is not there",
      () => ({ from: "command", argv: ["/no/such/program"] }),
      "vault-locked",
      "key-command-failed",
    ],
    [
      "a program that fails",
      () => ({ from: "command", argv: ["false"] }),
      "vault-locked",
      "key-command-failed",
    ],
    [
      "a program that says too much",
      () => ({ from: "command", argv: ["seq", "5000"] }),
      "vault-locked",
      "key-command-failed",
    ],
    ["a program that says nothing", () => ({ from: "command", argv: ["true"] }), "vault-locked", "key-empty"],
    [
      "a short passphrase",
      () => ({ from: "variable", value: new Secret("hunter2") }),
      "vault-locked",
      "passphrase-too-short",
    ],
    [
      "a raw key that was cut off",
      () => ({ from: "variable", value: new Secret(newRawKey().reveal().slice(0, -3)) }),
      "vault-wrong-key",
      "key-mistyped",
    ],
  ])("%s: no vault is made", async (_name, key, code, reason) => {
    const setup = scratchVault();
    const trouble = problemOf(await openFileVault({ ...setup, key: key(setup.stateDir) }));
    expect(trouble).toMatchObject({ code, facts: { reason } });
    expect(JSON.stringify(trouble)).not.toMatch(/hunter2|cloakkey1_/);
    expect(() => readFileSync(setup.file)).toThrow("ENOENT");
  });

  test("a key file that others can read", async () => {
    const setup = scratchVault();
    const path = join(setup.stateDir, "k");
    writeFileSync(path, newRawKey().reveal());
    chmodSync(path, 0o644);
    expect(problemOf(await openFileVault({ ...setup, key: { from: "file", path } }))).toMatchObject({
      code: "vault-unsafe-permissions",
      facts: { path, command: `chmod 600 ${path}` },
    });
  });
});
