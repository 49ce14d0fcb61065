import { createSecretKey, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Secret } from "#lib/secret.ts";
import { asItWas, decodeKeyring, encodeKeyring, newKeyring, renewed, without } from "#lib/vault/keyring.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import { makeSlot, newLock, openSlots, type Slot, slotSchema, wrapFor } from "#lib/vault/slots.ts";
import type { VaultKey } from "#lib/vault/vault-key.ts";

const storeId = randomBytes(16).toString("base64url");
const rawKey = (): VaultKey => ({ kind: "raw", src: "raw", text: newRawKey() });
const passphrase = (text: string): VaultKey => ({ kind: "pass", src: "pass", text: new Secret(text) });

describe("slots", () => {
  test("each key finds its own, and both give the same keyring", async () => {
    const keyring = newKeyring();
    const [raw, pass] = [rawKey(), passphrase("four words make a passphrase")];
    const slots = [await makeSlot(keyring, raw, storeId), await makeSlot(keyring, pass, storeId)];
    for (const [key, at] of [
      [raw, 0],
      [pass, 1],
    ] as const) {
      const outcome = await openSlots(slots, key, storeId);
      expect(outcome.state === "open" && outcome.slot).toBe(slots[at]);
      if (outcome.state !== "open") throw new Error(outcome.state);
      expect([...outcome.keyring.locks.keys()]).toEqual([slots[at]?.kid]);
      expect(encodeKeyring({ ...outcome.keyring, locks: new Map() })).toEqual(encodeKeyring(keyring));
    }
  });

  test("a wrong key of either kind is told apart from damage", async () => {
    const keyring = newKeyring();
    const slots = [await makeSlot(keyring, rawKey(), storeId)];
    expect(await openSlots(slots, rawKey(), storeId)).toEqual({ state: "wrong-key" });
    expect(await openSlots(slots, passphrase("not a raw key at all"), storeId)).toEqual({
      state: "wrong-key",
    });
  });

  test("a passphrase typed in another Unicode form is the same", async () => {
    const key = passphrase("Caf\u00e9 au lait s'il vous pla\u00eet");
    const slots = [await makeSlot(newKeyring(), key, storeId)];
    const other = passphrase("Cafe\u0301 au lait s'il vous plai\u0302t");
    expect((await openSlots(slots, other, storeId)).state).toBe("open");
  });

  test("a slot of another store does not open", async () => {
    const key = rawKey();
    const slots = [await makeSlot(newKeyring(), key, storeId)];
    expect((await openSlots(slots, key, "another store")).state).toBe("damaged");
  });

  test("every letter of a slot counts", async () => {
    const key = rawKey();
    const slot = await makeSlot(newKeyring(), key, storeId);
    for (const part of ["kid", "commit", "nonce", "ct"] as const) {
      const bytes = Buffer.from(slot[part], "base64url");
      for (let at = 0; at < bytes.length; at += 1) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(at) ^ 0x20, at);
        const outcome = await openSlots([{ ...slot, [part]: changed.toString("base64url") }], key, storeId);
        expect(outcome.state).not.toBe("open");
      }
    }
    expect((await openSlots([{ ...slot, src: "cmd" }], key, storeId)).state).toBe("damaged");
  });
});

describe("a slot that is wrapped without its key", () => {
  test("opens with its key, says the same, and is another one each time", async () => {
    for (const key of [rawKey(), passphrase("four words make a passphrase")]) {
      const { head, lock } = await newLock(key);
      const keyring = { ...renewed(newKeyring()), locks: new Map([[head.kid, lock]]) };
      const [slot, again] = [wrapFor(head, lock, keyring, storeId), wrapFor(head, lock, keyring, storeId)];
      expect(slotSchema.parse(slot)).toEqual(slot);
      expect(again.eph).not.toBe(slot.eph);
      const outcome = await openSlots([again], key, storeId);
      if (outcome.state !== "open") throw new Error(outcome.state);
      expect(encodeKeyring(outcome.keyring)).toEqual(encodeKeyring(keyring));
      // What was kept for it is enough for the next one.
      const kept = outcome.keyring.locks.get(head.kid);
      if (kept === undefined) throw new Error("no lock");
      expect((await openSlots([wrapFor(head, kept, keyring, storeId)], key, storeId)).state).toBe("open");
    }
  });

  test("a keyring that somebody wrapped who never opened the vault does not open", async () => {
    const key = rawKey();
    const { head, lock } = await newLock(key);
    const stranger = { ...lock, bind: createSecretKey(randomBytes(32)) };
    const slot = wrapFor(head, stranger, newKeyring(), storeId);
    expect((await openSlots([slot], key, storeId)).state).toBe("damaged");
  });

  test("every letter of it counts, and a half that gives nothing away is damage", async () => {
    const key = rawKey();
    const { head, lock } = await newLock(key);
    const slot = wrapFor(head, lock, newKeyring(), storeId);
    const stateOf = async (changed: Slot) => (await openSlots([changed], key, storeId)).state;
    for (let at = 0; at < 32; at += 1) {
      const eph = Buffer.from(slot.eph ?? "", "base64url");
      eph.writeUInt8(eph.readUInt8(at) ^ 0x20, at);
      expect(await stateOf({ ...slot, eph: eph.toString("base64url") })).toBe("damaged");
    }
    // RFC 7748, 6.1: of all zeros the shared secret would be zeros whatever the key.
    expect(await stateOf({ ...slot, eph: Buffer.alloc(32).toString("base64url") })).toBe("damaged");
    const { eph: _, ...without } = slot;
    expect(await stateOf(without)).toBe("damaged");
    expect(await stateOf({ ...slot, src: "cmd" })).toBe("damaged");
  });
});

describe("keys that were renewed", () => {
  test("seal with a fresh one, keep the former ones, and let them go by name", () => {
    const first = newKeyring();
    const second = renewed(first);
    const third = renewed(second);
    const read = decodeKeyring(encodeKeyring(third));
    if (read === undefined) throw new Error("not read");
    expect([...read.dataKeys.keys()]).toEqual([first.active.id, second.active.id, third.active.id]);
    expect(asItWas(read).map(({ macKey }) => macKey.export())).toEqual([
      second.macKey.export(),
      first.macKey.export(),
    ]);
    expect([read.sessionKey.export(), read.auditKey.export()]).toEqual([
      first.sessionKey.export(),
      first.auditKey.export(),
    ]);
    const left = without(read, new Set([first.active.id, third.active.id]));
    expect([...left.dataKeys.keys()]).toEqual([second.active.id, third.active.id]);
    expect([...left.former.keys()]).toEqual([second.active.id]);
    expect(left.active.id).toBe(third.active.id);
  });
});

describe("what a slot may cost (1.4: weak parameters, huge N)", () => {
  const scrypt = { name: "scrypt", N: 2 ** 17, r: 8, p: 1, salt: randomBytes(16).toString("base64url") };
  const slot = {
    kid: randomBytes(8).toString("base64url"),
    src: "pass",
    kdf: scrypt,
    commit: randomBytes(32).toString("base64url"),
    nonce: randomBytes(12).toString("base64url"),
    ct: randomBytes(300).toString("base64url"),
  };
  const accepts = (kdf: object) => slotSchema.safeParse({ ...slot, kdf }).success;

  test.each([
    [2 ** 15, 8, 1, true],
    [2 ** 17, 8, 4, true],
    [2 ** 18, 8, 1, false],
    [2 ** 14, 8, 1, false],
    [2 ** 21, 8, 1, false],
    [2 ** 31, 8, 1, false],
    [2 ** 17 + 1, 8, 1, false],
    [2 ** 17, 16, 1, false],
    [2 ** 17, 1, 1, false],
    [2 ** 17, 8, 5, false],
    [2 ** 17, 8, 0, false],
    [Number.MAX_SAFE_INTEGER, 8, 1, false],
  ])("N=%d r=%d p=%d: %s", (N, r, p, good) => {
    expect(accepts({ ...scrypt, N, r, p })).toBe(good);
  });

  test("no other way to a key is known", () => {
    expect(accepts({ name: "none", salt: scrypt.salt })).toBe(false);
    expect(accepts({ ...scrypt, name: "hkdf" })).toBe(false);
    expect(accepts({ name: "hkdf", salt: "" })).toBe(false);
    expect(slotSchema.safeParse({ ...slot, extra: 1 } as unknown as Slot).success).toBe(false);
  });
});
