import {
  closeSync,
  existsSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importVersion1 } from "#lib/saved/import-v1.ts";
import { profileStore } from "#lib/saved/profile-store.ts";
import { diskWith, systemError } from "#tests/support/failing-disk.ts";
import {
  openFileVault,
  problemOf,
  type ScratchVault,
  scratchVault,
  value,
} from "#tests/support/scratch-vault.ts";

const pem = (what: string) => `-----BEGIN ${what}-----\nTUlJQg==\n-----END ${what}-----\n`;

const oldFile = {
  version: 1,
  connections: [
    {
      id: "a1",
      name: "Shop",
      default: true,
      createdAt: "2025-01-02T03:04:05.000Z",
      connectionString: "postgresql://app:s3cr3t-one@db.example.test:5433/shop?sslmode=verify-ca",
      ssl: {
        ca: pem("CERTIFICATE"),
        cert: pem("CERTIFICATE"),
        key: pem("PRIVATE KEY"),
        passphrase: "s3cr3t-two",
      },
    },
    {
      id: "a2",
      name: "Broken",
      default: false,
      createdAt: "2025-02-02T03:04:05.000Z",
      connectionString: "postgres://app:s3cr3t/three@x@db/shop",
    },
  ],
  preferences: { theme: "dark", defaultSchema: "public", defaultPageSize: 25 },
};

function withOldFile(text = JSON.stringify(oldFile, null, 2), mode = 0o600): ScratchVault {
  const setup = scratchVault();
  writeFileSync(setup.file, text, { mode });
  return setup;
}

const takeOver = (json: unknown) => importVersion1(json);

describe("the plaintext file of version 0.3, at the first start", () => {
  test("becomes a vault with every connection, and no plain text is left", async () => {
    const setup = withOldFile();
    const held = openSync(setup.file, "r");
    const vault = value(await openFileVault(setup, { takeOver }));
    const profiles = profileStore(vault);
    const [shop, broken] = value(await profiles.list());
    expect(shop).toMatchObject({
      name: "Shop",
      host: "db.example.test",
      port: 5433,
      database: "shop",
      user: "app",
      rev: 1,
      tls: { mode: "verify-ca", trust: "own", ca: pem("CERTIFICATE"), clientCertificate: pem("CERTIFICATE") },
      stored: { password: true, clientKey: true, keyPassphrase: true },
      imported: { legacyId: "a1", differences: ["verify-ca-checked-the-name"] },
    });
    const secrets = value(await profiles.open(shop?.id ?? ""))?.secrets;
    expect(
      [secrets?.password, secrets?.clientKey, secrets?.keyPassphrase].map((secret) => secret?.reveal()),
    ).toEqual(["s3cr3t-one", pem("PRIVATE KEY"), "s3cr3t-two"]);
    expect(broken).toMatchObject({
      name: "Broken",
      host: "",
      imported: { unparsed: "postgres://app:…@db/shop" },
    });
    expect(value(await profiles.original(broken?.id ?? ""))?.reveal()).toBe(
      "postgres://app:s3cr3t/three@x@db/shop",
    );

    for (const name of readdirSync(setup.configDir, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue;
      const text = readFileSync(join(name.parentPath, name.name), "latin1");
      for (const word of ["s3cr3t", "db.example.test", "Shop"]) expect(text).not.toContain(word);
    }
    // The old file's own place on the disk was overwritten too.
    const bytes = Buffer.alloc(4096);
    const length = readSync(held, bytes, 0, bytes.length, 0);
    closeSync(held);
    expect(bytes.subarray(0, length).every((byte) => byte === 0)).toBe(true);
  });

  test("is imported once: the second start finds the vault", async () => {
    const setup = withOldFile();
    value(await openFileVault(setup, { takeOver }));
    const again = value(
      await openFileVault(setup, {
        takeOver: () => {
          throw new Error("must not import twice");
        },
      }),
    );
    expect(value(await profileStore(again).list())).toHaveLength(2);
  });

  test("another name of the old file is left alone: it is somebody's copy", async () => {
    const setup = withOldFile();
    const copy = join(setup.stateDir, "my-copy.json");
    linkSync(setup.file, copy);
    value(await openFileVault(setup, { takeOver }));
    expect(JSON.parse(readFileSync(copy, "utf8"))).toEqual(oldFile);
  });

  test.each([
    ["cut off", JSON.stringify(oldFile).slice(0, -40)],
    ["without a list of connections", '{"version":1,"preferences":{}}'],
    ["of another version", '{"version":7,"connections":[]}'],
    ["empty", ""],
  ])("one that is %s is damage, and is not touched", async (_name, text) => {
    const setup = withOldFile(text);
    const before = statSync(setup.file);
    expect(problemOf(await openFileVault(setup, { takeOver })).code).toBe("vault-damaged");
    expect(readFileSync(setup.file, "utf8")).toBe(text);
    expect(statSync(setup.file).ino).toBe(before.ino);
    expect(existsSync(setup.keyFile)).toBe(false);
  });

  test("one that others can read is named first: its passwords may be known already", async () => {
    const setup = withOldFile(JSON.stringify(oldFile), 0o644);
    expect(problemOf(await openFileVault(setup, { takeOver }))).toMatchObject({
      code: "vault-unsafe-permissions",
      facts: { command: `chmod 600 ${setup.file}` },
    });
  });

  test("a disk that fails at any moment leaves the old file or the whole vault", async () => {
    let sealed = 0;
    for (let at = 1, finished = false; !finished; at += 1) {
      const setup = withOldFile();
      let hit = false;
      const disk = diskWith((call, count) => {
        hit ||= count === at;
        if (count === at) throw systemError("ENOSPC", call);
      });
      await openFileVault(setup, { takeOver, disk }).catch(() => undefined);
      finished = !hit;
      const text = readFileSync(setup.file, "utf8");
      if (text.includes('"version": 1')) expect(JSON.parse(text)).toEqual(oldFile);
      else sealed += 1;
      const vault = value(await openFileVault(setup, { takeOver }));
      expect(value(await profileStore(vault).list())).toHaveLength(2);
    }
    expect(sealed).toBeGreaterThan(1);
  });
});
