import { createCipheriv, createSecretKey, hkdfSync, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lengthPrefixed } from "#lib/vault/canonical.ts";
import { type Box, type Place, seal, unseal } from "#lib/vault/seal.ts";

const key = { id: "dek-one", key: createSecretKey(randomBytes(32)) };
const place: Place = { storeId: "store", kind: "conn", recordId: "r1", field: "secret/password" };
const sealed = (text: string, at: Place = place, rev = 1) => seal(Buffer.from(text), at, rev, key);
const opened = (box: Box, at: Place = place, by = key) => unseal(box, at, by)?.toString();

describe("a sealed box", () => {
  test("opens to what was sealed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(unseal(seal(bytes, place, 7, key), place, key)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test("does not repeat itself: its own salt, nonce and text each time", () => {
    const boxes = [sealed("same"), sealed("same")];
    for (const part of ["s", "n", "c"] as const) expect(boxes[0]?.[part]).not.toBe(boxes[1]?.[part]);
  });

  test("does not show the length of a password", () => {
    const lengths = [0, 1, 8, 30, 59, 60].map((length) => sealed("x".repeat(length)).c.length);
    expect(new Set(lengths).size).toBe(1);
    expect(sealed("x".repeat(61)).c.length).toBeGreaterThan(lengths[0] ?? 0);
  });

  test.each<[string, Partial<Place>]>([
    ["another store", { storeId: "other" }],
    ["another kind", { kind: "user" }],
    ["another record", { recordId: "r2" }],
    ["another field", { field: "secret/clientKey" }],
    ["the meta field", { field: "meta" }],
    ["a place whose parts run together", { kind: "con", recordId: "nr1" }],
  ])("does not open in %s", (_name, moved) => {
    expect(opened(sealed("s"), { ...place, ...moved })).toBeUndefined();
  });

  test("does not open as another revision", () => {
    expect(opened({ ...sealed("s"), b: 2 })).toBeUndefined();
  });

  test("does not open with another key, whatever that one is called", () => {
    const other = { id: key.id, key: createSecretKey(randomBytes(32)) };
    expect(opened(sealed("s"), place, other)).toBeUndefined();
    expect(opened({ ...sealed("s"), k: "dek-two" })).toBeUndefined();
  });

  test("does not open when any one bit was changed", () => {
    const box = sealed("a secret");
    for (const part of ["s", "n", "c"] as const) {
      const bytes = Buffer.from(box[part], "base64url");
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(opened({ ...box, [part]: changed.toString("base64url") })).toBeUndefined();
      }
    }
  });

  test("does not open when it was cut short or made longer", () => {
    const box = sealed("a secret");
    const bytes = Buffer.from(box.c, "base64url");
    for (let length = 0; length < bytes.length; length += 1) {
      expect(opened({ ...box, c: bytes.subarray(0, length).toString("base64url") })).toBeUndefined();
    }
    expect(
      opened({ ...box, c: Buffer.concat([bytes, Buffer.alloc(1)]).toString("base64url") }),
    ).toBeUndefined();
    expect(opened({ ...box, n: "" })).toBeUndefined();
    expect(opened({ ...box, s: "" })).toBeUndefined();
  });
});

/** As the console itself seals, but with a text, a salt and a key's name of one's own choice. */
function forged(text: Uint8Array, { salt = Buffer.alloc(16), k = key.id } = {}): Box {
  const nonce = Buffer.alloc(12);
  const subkey = Buffer.from(hkdfSync("sha256", key.key, salt, "cloak/v2/box", 32));
  const cipher = createCipheriv("aes-256-gcm", subkey, nonce);
  const { storeId, kind, recordId, field } = place;
  cipher.setAAD(lengthPrefixed(["cloak-config", "2", storeId, kind, recordId, field, "1", k]));
  const bytes = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  const [s, n, c] = [salt, nonce, bytes].map((part) => part.toString("base64url"));
  return { k, b: 1, s: s ?? "", n: n ?? "", c: c ?? "" };
}

/** A length, and so many bytes in all. */
function text(length: number, size: number): Buffer {
  const bytes = Buffer.alloc(size, "x");
  if (size >= 4) bytes.writeUInt32BE(length);
  return bytes;
}

describe("a box that holds the key and is made otherwise", () => {
  test("opens when it is as the format says", () => {
    expect(opened(forged(text(3, 64)))).toBe("xxx");
    expect(opened(forged(text(60, 64)))).toBe("x".repeat(60));
  });

  test.each<[string, Box]>([
    ["a length beyond the text", forged(text(61, 64))],
    ["half a step", forged(text(3, 32))],
    ["a step and a half", forged(text(3, 96))],
    ["no text at all", forged(text(0, 0))],
    ["a shorter salt", forged(text(3, 64), { salt: Buffer.alloc(8) })],
    ["another key's name", forged(text(3, 64), { k: "dek-two" })],
  ])("does not open with %s", (_, box) => {
    expect(opened(box)).toBeUndefined();
  });
});
