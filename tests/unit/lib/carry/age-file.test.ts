import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { armor, Decrypter, Encrypter } from "age-encryption";
import { expect, test } from "vitest";
import { identityOf, isAge, isRecipient, openAge, recipientOf, sealAge } from "#lib/carry/age-file.ts";
import { Secret } from "#lib/secret.ts";

const text = "what is sealed: é 東京\n".repeat(5000);
const passphrase = new Secret("a lamp, a fig and 3 owls");
/** The work of a passphrase is not what these are about. */
const cheap = 10;

async function sealed(by: Parameters<typeof sealAge>[1] = { passphrase }): Promise<Buffer> {
  const made = await sealAge(text, by, cheap);
  if (!made.ok) throw new Error(made.problem.code);
  return Buffer.from(made.value);
}

test("a text comes back by its passphrase, and another reader of age opens it", async () => {
  const file = await sealed();
  expect(isAge(file)).toBe(true);
  expect((await opened(file, { passphrase })).toString()).toBe(text);
  const theirs = new Decrypter();
  theirs.addPassphrase(passphrase.reveal());
  expect(await theirs.decrypt(armor.decode(file.toString()), "text")).toBe(text);
});

test("what another writer of age sealed is opened, in letters or not", async () => {
  const theirs = new Encrypter();
  theirs.setPassphrase(passphrase.reveal());
  theirs.setScryptWorkFactor(cheap);
  const file = await theirs.encrypt(text);
  expect(isAge(file)).toBe(true);
  expect((await opened(file, { passphrase })).toString()).toBe(text);
  const windows = Buffer.from(`\n${armor.encode(file).replaceAll("\n", "\r\n")}\n`);
  expect((await opened(windows, { passphrase })).toString()).toBe(text);
});

test("only the vault that a file is sealed to opens it", async () => {
  const [ours, others] = [await identityOf(Buffer.alloc(32, 7)), await identityOf(Buffer.alloc(32, 8))];
  const recipient = await recipientOf(ours);
  expect(isRecipient(recipient)).toBe(true);
  const file = await sealed({ recipients: [recipient] });
  expect((await opened(file, { identity: ours })).toString()).toBe(text);
  for (const keys of [{}, { passphrase }, { identity: others }]) {
    expect(await openAge(file, keys)).toMatchObject({
      problem: { code: "import-locked", facts: { reason: "other-recipient" } },
    });
  }
});

test.each([
  ["empty", ""],
  ["a secret key", "AGE-SECRET-KEY-1QQQQ"],
  ["with a letter changed", "age1pnvm3crwfxs6yjrzsephmvkgpwyvvlh7fvhpfd69qh5l30tqc4lsjnvp0q"],
  ["another kind", "ssh-ed25519 AAAA"],
])("a recipient that is none is named: %s", async (_, recipient) => {
  expect(await sealAge(text, { recipients: [recipient] })).toMatchObject({
    problem: { code: "setting-invalid", facts: { field: "recipient" } },
  });
});

const binary = async () => Buffer.from(armor.decode((await sealed()).toString()));
const head = (line: string) =>
  Buffer.from(`age-encryption.org/v1\n${line}\n${"A".repeat(43)}\n--- ${"A".repeat(43)}\n`);

test("without a passphrase it is asked for", async () => {
  expect(await openAge(await sealed(), {})).toMatchObject({
    problem: { code: "import-locked", facts: { reason: "passphrase-missing" } },
  });
});

test("another passphrase opens nothing", async () => {
  expect(await openAge(await sealed(), { passphrase: new Secret("another one, and long") })).toMatchObject({
    problem: { code: "import-locked", facts: { reason: "passphrase-wrong" } },
  });
});

test("a file that asks for more work than age does is not worked for", async () => {
  const costly = head(`-> scrypt ${"A".repeat(22)} 24`);
  const began = performance.now();
  expect(await openAge(costly, { passphrase })).toMatchObject({
    problem: { code: "import-locked", facts: { reason: "too-costly" } },
  });
  expect(performance.now() - began).toBeLessThan(500);
});

test.each<[string, () => Promise<Buffer>]>([
  ["its first line alone", async () => Buffer.from("age-encryption.org/v1\n")],
  ["cut in its head", async () => (await binary()).subarray(0, 60)],
  ["cut in its payload", async () => (await binary()).subarray(0, -9000)],
  [
    "cut at the end of a chunk",
    async () => (await binary()).subarray(0, (await binary()).indexOf("\n--- ") + 48 + 16 + 65_552),
  ],
  ["without its last byte", async () => (await binary()).subarray(0, -1)],
  ["with a bit changed", async () => flipped(await binary(), -40)],
  ["with its head changed", async () => flipped(await binary(), (await binary()).indexOf("\n--- ") + 10)],
  ["armor without an end", async () => (await sealed()).subarray(0, 900)],
  [
    "armor of nothing",
    async () => Buffer.from("-----BEGIN AGE ENCRYPTED FILE-----\n-----END AGE ENCRYPTED FILE-----\n"),
  ],
  ["a salt that is none", async () => head("-> scrypt A 10")],
  ["a cost that is no number", async () => head(`-> scrypt ${"A".repeat(22)} 1e3`)],
  [
    "two passphrases",
    async () => head(`-> scrypt ${"A".repeat(22)} 10\n${"A".repeat(43)}\n-> scrypt ${"A".repeat(22)} 10`),
  ],
  [
    "a head without end",
    async () => Buffer.from(`age-encryption.org/v1\n${"-> X25519 AAAA\nAAAA\n".repeat(50_000)}`),
  ],
])("a file that is damaged is named so: %s", async (_, file) => {
  const began = performance.now();
  expect(await openAge(await file(), { passphrase })).toMatchObject({
    problem: { code: "import-unreadable", facts: { reason: "damaged" } },
  });
  expect(performance.now() - began).toBeLessThan(1500);
});

test.skipIf(spawnSync("age", ["--version"]).status !== 0)(
  "age itself opens what is sealed to a key",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "cloak-age-"));
    try {
      const made = spawnSync("age-keygen", { encoding: "utf8" }).stdout;
      const recipient = /age1\w+/.exec(made)?.[0] ?? "";
      writeFileSync(join(folder, "key.txt"), made, { mode: 0o600 });
      writeFileSync(join(folder, "file.age"), await sealed({ recipients: [recipient] }));
      const run = spawnSync("age", ["-d", "-i", "key.txt", "file.age"], { cwd: folder, encoding: "utf8" });
      expect(run.stderr).toBe("");
      expect(run.stdout).toBe(text);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

function flipped(bytes: Buffer, at: number): Buffer {
  const index = at < 0 ? bytes.length + at : at;
  bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
  return bytes;
}

async function opened(...[bytes, keys]: Parameters<typeof openAge>): Promise<Buffer> {
  const found = await openAge(bytes, keys);
  if (!found.ok) throw new Error(JSON.stringify(found.problem.facts));
  return found.value;
}
