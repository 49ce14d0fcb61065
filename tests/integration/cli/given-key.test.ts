import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadNamed, namedKey, settingFor } from "#lib/cli/given-key.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import { problemOf, value } from "#tests/support/scratch-vault.ts";

const folder = mkdtempSync(join(tmpdir(), "cloak-keys-"));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);

function written(name: string, text: string, mode = 0o600): string {
  writeFileSync(at(name), `${text}\n`);
  chmodSync(at(name), mode);
  return at(name);
}

const raw = newRawKey().reveal();
// Another last letter for certain: one that is fixed is the key's own once in a while.
const slipped = raw.slice(0, -1) + (raw.endsWith("A") ? "B" : "A");
const file = written("raw.key", raw);
const passphrase = written("passphrase", "twelve blue herons at noon");
process.env.CLOAK_TEST_KEY = raw;

describe("a key that is named", () => {
  test.each([
    [{ file }, "raw", `CLOAK_DB_KEY_FILE=${file}`],
    [{ file: at("made.key"), generate: true }, "raw", `CLOAK_DB_KEY_FILE=${at("made.key")}`],
    [{ "passphrase-file": passphrase }, "pass", `CLOAK_DB_KEY_FILE=${passphrase}`],
    [{ command: JSON.stringify(["cat", file]) }, "raw", `CLOAK_DB_KEY_COMMAND='["cat","${file}"]'`],
    [{ variable: "CLOAK_TEST_KEY" }, "raw", 'CLOAK_DB_KEY="$CLOAK_TEST_KEY"'],
  ])("%j", async (values, kind, setting) => {
    const named = namedKey(values, "add");
    if (!named.ok || named.value === undefined) throw new Error("not named");
    expect(value(await loadNamed(named.value)).kind).toBe(kind);
    expect(settingFor(named.value)).toBe(setting);
  });

  test.each([
    [{ file, generate: true }, "setting-invalid", "file-exists"],
    [{ file: at("missing.key") }, "setting-invalid", "file-missing"],
    [{ file: written("open.key", raw, 0o644) }, "setting-invalid", "file-open"],
    [{ file: written("slip.key", slipped) }, "setting-invalid", "mistyped"],
    [{ "passphrase-file": file }, "setting-invalid", "not-a-passphrase"],
    [{ "passphrase-file": written("short", "twelve herons x") }, "setting-invalid", "short"],
    [{ "passphrase-file": written("common", "passwordpassword123") }, "setting-invalid", "too-common"],
    [{ command: '["false"]' }, "setting-invalid", "command-failed"],
    [{ variable: "CLOAK_TEST_NOT_SET" }, "setting-invalid", "not-set"],
  ])("%j is refused: %s, %s", async (values, code, reason) => {
    const named = namedKey(values, "add");
    if (!named.ok || named.value === undefined) throw new Error("not named");
    const found = problemOf(await loadNamed(named.value));
    expect([found.code, found.facts.reason]).toEqual([code, reason]);
  });
});
