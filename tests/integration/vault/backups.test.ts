import { copyFileSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Secret } from "#lib/secret.ts";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { backups } from "#lib/vault/backups.ts";
import { collection } from "#lib/vault/collection.ts";
import { newKeyring, renewed } from "#lib/vault/keyring.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import { makeSlot } from "#lib/vault/slots.ts";
import { diskWith, systemError } from "#tests/support/failing-disk.ts";
import { opened, problemOf, type ScratchVault, scratchVault, value } from "#tests/support/scratch-vault.ts";

const nothingElse = (_: unknown, records: readonly never[]) => ({ ok: true as const, value: records });

async function vaultWith(setup: ScratchVault) {
  const vault = await opened(setup);
  const notes = collection(vault, "note", z.strictObject({ name: z.string() }));
  const { id } = value(
    await notes.create({ meta: { name: "first" }, secrets: { password: new Secret("one") } }),
  );
  value(await notes.update(id, 1, { meta: { name: "second" }, secrets: { password: new Secret("two") } }));
  return { vault, notes, id, copies: backups(vault, fileStore(setup), keySource(setup.key)) };
}

type Kept = Awaited<ReturnType<typeof vaultWith>>["copies"];

async function judged(copies: Kept, rev: number) {
  const revision = value(await copies.kept()).revisions.find((one) => one.rev === rev);
  const text = revision && (await copies.read(revision));
  if (text === undefined) throw new Error(`no revision ${rev}`);
  return value(await copies.judge(text, true));
}

describe("copies from before the keys were exchanged", () => {
  test.each(["the outer key", "all keys"])(
    "%s: they open, say what differs, and come back",
    async (which) => {
      const setup = scratchVault();
      const { vault, notes, id, copies } = await vaultWith(setup);
      value(
        await vault.commit(async ({ document, keyring }) => {
          const next = which === "all keys" ? renewed(keyring) : keyring;
          const key = value(await keySource(setup.key).load());
          if (key === undefined) throw new Error("no key");
          const slots = [await makeSlot(next, key, document.storeId)];
          return {
            ok: true,
            value: { records: document.records, value: null, keys: { slots, keyring: next } },
          };
        }),
      );
      // The host's own file of the key that those slots of then are for may be gone: the keyring opens them.
      const found = await judged(copies, 2);
      expect(found).toMatchObject({
        state: "whole",
        differs: [{ kind: "note", added: [], removed: [], changed: [{ id, name: "second" }] }],
      });
      if (found.state !== "whole") throw new Error(found.state);
      const base = value(await vault.read()).document.rev;
      const slots = value(await vault.read()).document.slots;
      expect(value(await copies.restore(found.copy, base, nothingElse as never))).toBe(base + 1);
      expect(value(await notes.open(id))?.secrets.password?.reveal()).toBe("one");
      const after = value(await vault.read());
      expect(after.document.slots).toEqual(slots);
      // What came back is sealed with the key of today.
      expect(after.document.records.map(({ meta }) => meta.k)).toEqual([after.keyring.active.id]);
      expect((await judged(copies, base)).state).toBe("whole");
    },
  );

  test("of a key that is not here, a copy says just that", async () => {
    const setup = scratchVault();
    const { vault, copies } = await vaultWith(setup);
    const now = value(await vault.read());
    const other = { kind: "raw", src: "raw", text: newRawKey() } as const;
    const keyring = newKeyring();
    const slot = await makeSlot(keyring, other, now.document.storeId);
    const text = value(await copies.create()).text.replace(
      JSON.stringify(now.document.slots),
      JSON.stringify([slot]),
    );
    expect(value(await copies.judge(text)).state).toBe("other-key");
  });
});

describe("the age of backups", () => {
  test("at a start those go that were replaced too long ago, and never the newest", async () => {
    const setup = scratchVault();
    const { notes, id } = await vaultWith(setup);
    for (let rev = 2; rev < 5; rev += 1) value(await notes.update(id, rev, { meta: { name: `at ${rev}` } }));
    const folder = join(setup.configDir, "backups");
    const names = () => readdirSync(folder).sort();
    expect(names()).toEqual([1, 2, 3, 4, 5].map((rev) => `config.${rev}.json`));
    const days = (ago: number) => new Date(Date.now() - ago * 86_400_000);
    for (const [rev, ago] of [
      [1, 400],
      [2, 300],
      [3, 200],
      [4, 50],
      [5, 40],
    ] as const) {
      utimesSync(join(folder, `config.${rev}.json`), days(ago), days(ago));
    }
    await opened(setup, { backupDays: 60 });
    // 3 was replaced 50 days ago, when 4 was written.
    expect(names()).toEqual(["config.3.json", "config.4.json", "config.5.json"]);
    utimesSync(setup.file, days(30), days(30));
    await opened(setup, { backupDays: 7 });
    expect(names()).toEqual(["config.5.json"]);
  });
});

describe("a secret that is taken out", () => {
  test("whichever call of the disk fails, each backup is the old one or the new one, whole", async () => {
    let failedAt = 1;
    for (let over = false; !over; failedAt += 1) {
      const setup = scratchVault();
      const { vault, copies, id } = await vaultWith(setup);
      let struck = false;
      const disk = diskWith((call, count) => {
        if (count !== failedAt) return;
        struck = true;
        throw systemError("EIO", call);
      });
      const onBadDisk = backups(vault, fileStore(setup, { disk }), keySource(setup.key));
      const choice = { what: "secrets", kind: "note", id } as const;
      const tried = await onBadDisk.purge(choice).catch(() => undefined);
      // The look at the list goes past what it cannot read; whatever could not be written is said.
      if (tried?.ok === false) expect(problemOf(tried).code).toBe("vault-write-failed");
      expect([failedAt, (await judged(copies, 2)).state]).toEqual([failedAt, "whole"]);
      expect(value(await copies.purge(choice)).unopened).toEqual([]);
      const found = await judged(copies, 2);
      if (found.state !== "whole") throw new Error(found.state);
      expect(found.copy.document.records.map(({ secrets }) => Object.keys(secrets))).toEqual([[]]);
      const left = readdirSync(join(setup.configDir, "backups")).filter((name) => name.endsWith(".tmp"));
      expect([failedAt, left]).toEqual([failedAt, []]);
      over = !struck;
    }
    expect(failedAt).toBeGreaterThan(20);
  });

  test("a revision that is kept as another one is damage", async () => {
    const setup = scratchVault();
    const { copies } = await vaultWith(setup);
    const folder = join(setup.configDir, "backups");
    copyFileSync(join(folder, "config.1.json"), join(folder, "config.2.json"));
    const [newest] = value(await copies.kept()).revisions;
    if (newest === undefined) throw new Error("none");
    expect(value(await copies.look(newest))).toEqual({ state: "damaged", part: "rev" });
  });

  test("a backup that does not open is named, and stays", async () => {
    const setup = scratchVault();
    const { copies } = await vaultWith(setup);
    const [newest] = value(await copies.kept()).revisions;
    writeFileSync(newest?.place ?? "", "cut off");
    const done = value(await copies.purge({ what: "secrets", kind: "note", id: null }));
    expect(done.unopened.map(({ rev }) => rev)).toEqual([2]);
    expect(value(await copies.kept()).revisions.map(({ rev }) => rev)).toEqual([2, 1]);
  });
});
