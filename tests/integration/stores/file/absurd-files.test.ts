import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { collection } from "#lib/vault/collection.ts";
import { opened, scratchVault, value } from "#tests/support/scratch-vault.ts";

/** The file as somebody may have doctored it, who can write to the folder. */
type Doctored = (document: Document) => string;

interface Document {
  readonly slots: readonly Record<string, unknown>[];
  readonly records: readonly Record<string, unknown>[];
}

const mib = 1024 * 1024;
const text = (bytes: number) => randomBytes(bytes).toString("base64url");
const almost = (sign: string) => sign.repeat(Math.floor((16 * mib - 100) / sign.length));
const costly = (N: number, p: number) => (document: Document) => {
  const kdf = () => ({ name: "scrypt", N, r: 8, p, salt: text(16) });
  const slots = Array.from({ length: 8 }, () => ({
    ...document.slots[0],
    kid: text(8),
    src: "pass",
    kdf: kdf(),
  }));
  return JSON.stringify({ ...document, slots });
};
const withSecrets = (count: number, box: (n: number) => unknown) => (document: Document) => {
  const [record] = document.records;
  const secrets = Object.fromEntries(Array.from({ length: count }, (_, n) => [`s${n}`, box(n)]));
  return JSON.stringify({ ...document, records: [{ ...record, secrets }] });
};

const rows: readonly (readonly [string, Doctored, string])[] = [
  ["a record with 124,000 secrets", withSecrets(124_000, () => "a".repeat(60)), "records.0.secrets"],
  ["one more secret than any has", withSecrets(65, () => ({})), "records.0.secrets"],
  ["brackets in brackets", () => almost("["), "json"],
  ["braces in braces", () => almost('{"a":'), "json"],
  [
    "brackets that are closed again",
    () => `${"[".repeat(8 * mib - 100)}${"]".repeat(8 * mib - 100)}`,
    "json",
  ],
  ["an endless list of numbers", () => `[${almost("0,").slice(0, -1)}]`, "json"],
  ["an endless list of nothings", () => `[${almost("[],").slice(0, -1)}]`, "json"],
  ["an endless list of short texts", () => `[${almost('"abcdefgh",').slice(0, -1)}]`, "envelope"],
  [
    "records that are none, a million of them",
    (document) => JSON.stringify({ ...document, records: Array.from({ length: 900_000 }, () => "abcdefgh") }),
    "records",
  ],
  [
    "a hundred thousand records that are none",
    (document) =>
      JSON.stringify({ ...document, records: Array.from({ length: 100_000 }, () => "a".repeat(99)) }),
    "records.0",
  ],
  ["a string without an end", () => `{"format":"${almost("a")}`, "json"],
  ["a string of backslashes", () => `{"format":"${almost("\\")}`, "json"],
  ["eight slots of the greatest cost each", costly(2 ** 20, 4), "slots.0.kdf.N"],
  ["eight slots of what one may cost", costly(2 ** 17, 1), "slots"],
  ["eight slots of small memory and much work", costly(2 ** 15, 4), "slots"],
];

describe("a file that was made to cost much is damaged, and costs little", () => {
  test.each(rows)("%s", async (_what, doctored, part) => {
    const setup = scratchVault();
    const key = { from: "file" as const, path: join(setup.stateDir, "k") };
    writeFileSync(key.path, "a passphrase that is long enough\n", { mode: 0o600 });
    const vault = await opened({ ...setup, key });
    const notes = collection(vault, "note", z.strictObject({ title: z.string() }));
    value(await notes.create({ meta: { title: "one" } }));
    writeFileSync(setup.file, doctored(JSON.parse(readFileSync(setup.file, "utf8"))));
    const found = await openOnce({ ...setup, key });
    expect(found).toMatchObject({ code: "vault-damaged", part });
    expect(found.ms).toBeLessThan(1000);
    expect(found.mb).toBeLessThan(256 + 128);
    expect(found.mb - found.mbBefore).toBeLessThan(256);
  });

  test("sealed documents and what is remembered as well", async () => {
    const setup = scratchVault();
    const vault = await opened(setup);
    for (const sign of ["[", '{"a":', "0,"]) {
      writeFileSync(join(setup.configDir, "sessions.json"), almost(sign), { mode: 0o600 });
      writeFileSync(setup.guard, almost(sign), { mode: 0o600 });
      const cpu = process.cpuUsage();
      expect((await vault.document("sessions").read()).ok).toBe(false);
      expect((await opened(setup)).memory).toBe("unreadable");
      const { user, system } = process.cpuUsage(cpu);
      expect((user + system) / 1000).toBeLessThan(1000);
    }
  });
});

async function openOnce(setup: object) {
  const script = join(import.meta.dirname, "../../../support/open-once.ts");
  const args = ["--conditions=react-server", "--import", "tsx", script, JSON.stringify(setup)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as { code: string; part: string; ms: number; mb: number; mbBefore: number };
}
