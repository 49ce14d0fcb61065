import { copyFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { profileStore } from "#lib/saved/profile-store.ts";
import type { ScratchVault } from "#tests/support/scratch-vault.ts";
import { opened, openFileVault, problemOf, scratchVault, value } from "#tests/support/scratch-vault.ts";

/*
 * A vault that version 1.0.0-alpha.1 wrote: three connections, of which two have a certificate of their own.
 */
const { key, config } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../support/version-2-vault.json"), "utf8"),
);

function withVersion2(): ScratchVault {
  const setup = scratchVault();
  writeFileSync(setup.keyFile, `${key}\n`, { mode: 0o600 });
  writeFileSync(setup.file, `${JSON.stringify(config)}\n`, { mode: 0o600 });
  return setup;
}

describe("a vault of version 2", () => {
  test("opens as it is, and nothing is written for that", async () => {
    const setup = withVersion2();
    const before = statSync(setup.file, { bigint: true });
    const vault = await opened(setup);
    const profiles = profileStore(vault);
    expect(value(await profiles.list()).map(({ name }) => name)).toEqual(["One", "Two", "Three"]);
    for (const { id, name } of value(await profiles.list())) {
      expect(value(await profiles.open(id))?.secrets.password?.reveal()).toBe(`password of ${name}`);
    }
    expect(value(await vault.facts())).toMatchObject({ version: 2, rev: 2 });
    const after = statSync(setup.file, { bigint: true });
    expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
  });

  test("is one of version 3 after the first save, with its boxes as they were, and the old one as a backup that opens", async () => {
    const setup = withVersion2();
    const vault = await opened(setup);
    const profiles = profileStore(vault);
    const [one, two, three] = value(await profiles.list());
    if (one === undefined || two === undefined || three === undefined) throw new Error("three were there");
    value(await profiles.update(three.id, 1, { ...three, name: "Renamed", secrets: {} }, {}));
    const saved = JSON.parse(readFileSync(setup.file, "utf8"));
    expect(saved.v).toBe(3);
    expect(saved.slots).toEqual(config.slots);
    expect(saved.records[0]).toEqual(config.records[0]);
    const again = profileStore(await opened(setup));
    const names = ["One", "Two", "Renamed"];
    expect(value(await again.list()).map(({ name }) => name)).toEqual(names);
    expect(value(await again.list()).slice(0, 2)).toEqual([one, two]);
    expect(value(await again.open(one.id))?.secrets.password?.reveal()).toBe("password of One");

    const [backup] = value(await vault.facts()).backups;
    const older = withVersion2();
    copyFileSync(backup?.place ?? "", older.file);
    expect(value(await profileStore(await opened(older)).list())).toHaveLength(3);
  });

  test.each<[string, (text: string) => string]>([
    ["that calls itself version 3", (text) => text.replace('"v":2', '"v":3')],
    [
      "with a record taken out",
      (text) => JSON.stringify({ ...config, records: config.records.slice(1) }) + text.slice(-1),
    ],
    ["with two records exchanged", () => JSON.stringify({ ...config, records: config.records.toReversed() })],
    ["of another revision", (text) => text.replace('"rev":2,"slots"', '"rev":3,"slots"')],
  ])("one %s is damage", async (_what, change) => {
    const setup = withVersion2();
    writeFileSync(setup.file, change(readFileSync(setup.file, "utf8")));
    expect(problemOf(await openFileVault(setup)).code).toBe("vault-damaged");
  });
});
