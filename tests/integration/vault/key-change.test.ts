import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Secret } from "#lib/secret.ts";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { collection } from "#lib/vault/collection.ts";
import { newKeyring } from "#lib/vault/keyring.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import { makeSlot } from "#lib/vault/slots.ts";
import type { Vault } from "#lib/vault/vault.ts";
import type { VaultKey } from "#lib/vault/vault-key.ts";
import { opened, problemOf, scratchVault, value } from "#tests/support/scratch-vault.ts";

const notes = (vault: Vault) => collection(vault, "note", z.strictObject({ text: z.string() }));

function rawKey(): VaultKey {
  return { kind: "raw", src: "raw", text: newRawKey() };
}

describe("a commit that changes slots and keys", () => {
  test("another console goes on: its key opens its slot, and what it derived stays", async () => {
    const scratch = scratchVault();
    const console1 = await opened(scratch);
    const { id } = value(
      await notes(console1).create({ meta: { text: "before" }, secrets: { password: new Secret("one") } }),
    );
    const derived = console1.deriveKey("session cookie");
    const other = await opened(scratch);
    const fresh = newKeyring().active;
    const added = await other.commit(async ({ document, keyring, slot }) => {
      const dataKeys = new Map(keyring.dataKeys).set(fresh.id, fresh);
      const next = { ...keyring, active: fresh, dataKeys, macKey: newKeyring().macKey };
      const key = value(await keySource(scratch.key).load());
      if (key === undefined) throw new Error("no key");
      const slots = [
        await makeSlot(next, key, document.storeId),
        await makeSlot(next, rawKey(), document.storeId),
      ];
      expect(slots[0]?.kid).not.toBe(slot.kid);
      return { ok: true, value: { records: document.records, value: null, keys: { slots, keyring: next } } };
    });
    value(added);
    for (const vault of [console1, other, await opened(scratch)]) {
      const snapshot = value(await vault.read());
      expect(snapshot.document.slots).toHaveLength(2);
      expect(snapshot.slot.kid).toBe(snapshot.document.slots[0]?.kid);
      expect(snapshot.keyring.active.id).toBe(fresh.id);
      expect(value(await notes(vault).find(id))).toMatchObject({ meta: { text: "before" } });
      expect(vault.deriveKey("session cookie")).toEqual(derived);
    }
    value(await notes(console1).update(id, 1, { meta: { text: "after" } }));
    expect(value(await notes(other).find(id))).toMatchObject({ meta: { text: "after" } });
  });

  test("a console whose slot was taken away says so, and a commit never takes away its own", async () => {
    const scratch = scratchVault();
    const console1 = await opened(scratch);
    const own = value(await console1.read());
    const removeTheFirst = (vault: Vault, more: readonly VaultKey[]) =>
      vault.commit(async ({ document, keyring }) => {
        const slots = await Promise.all(more.map((key) => makeSlot(keyring, key, document.storeId)));
        const kept = document.slots.filter(({ kid }) => kid !== own.slot.kid);
        const keys = { slots: [...kept, ...slots], keyring };
        return { ok: true, value: { records: document.records, value: null, keys } };
      });
    const key = rawKey();
    expect(problemOf(await removeTheFirst(console1, [key])).code).toBe("vault-wrong-key");
    expect(value(await console1.read())).toBe(own);

    value(
      await console1.commit(async ({ document, keyring }) => {
        const slots = [...document.slots, await makeSlot(keyring, key, document.storeId)];
        return {
          ok: true,
          value: { records: document.records, value: null, keys: { slots, keyring } },
        };
      }),
    );
    const other = value(
      await openVault(fileStore(scratch), keySource({ from: "variable", value: key.text })),
    );
    value(await removeTheFirst(other, []));
    const locked = problemOf(await console1.read());
    expect(locked.code).toBe("vault-wrong-key");
    // A revision from before would open, and let the key in again that was taken away.
    expect(locked.facts.backup).toBeUndefined();
    expect(problemOf(await notes(console1).create({ meta: { text: "late" } })).code).toBe("vault-wrong-key");
    expect(value(await other.read()).document.slots).toHaveLength(1);
    // Somebody puts the other key where this console has its own from: it goes on without a restart.
    writeFileSync(scratch.keyFile, key.text.reveal(), { mode: 0o600 });
    value(await notes(console1).create({ meta: { text: "again" } }));
    expect(value(await console1.read()).slot.kid).toBe(value(await other.read()).slot.kid);
  });
});
