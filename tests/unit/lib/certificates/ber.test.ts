import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { definiteLengths } from "#lib/certificates/ber.ts";
import { children, readElement } from "#lib/certificates/der.ts";
import { sortMaterial } from "#lib/certificates/sort-material.ts";
import { Secret } from "#lib/secret.ts";
import { openSslFiles } from "./openssl-files.ts";

const der = (name: keyof typeof openSslFiles) => Buffer.from(openSslFiles[name], "base64");

/** The same structure with every length left open and every octet string in pieces: all that BER allows. */
function opened(bytes: Uint8Array, piece: number): Buffer {
  const element = readElement(bytes);
  if (element === undefined) throw new Error("not DER");
  const end = Buffer.from([0, 0]);
  if ((element.tag & 0x20) !== 0) {
    const inside = children(element).map((child) => opened(child.whole, piece));
    return Buffer.concat([Buffer.from([element.tag, 0x80]), ...inside, end]);
  }
  if (element.tag !== 0x04 || element.contents.length <= piece) return Buffer.from(element.whole);
  const pieces: Buffer[] = [];
  for (let at = 0; at < element.contents.length; at += piece) {
    const part = element.contents.subarray(at, at + piece);
    pieces.push(Buffer.from([0x04, part.length]), Buffer.from(part));
  }
  return Buffer.concat([Buffer.from([0x24, 0x80]), ...pieces, end]);
}

describe("open lengths and strings in pieces (X.690, 8.1.3.6 and 8.7)", () => {
  const files = ["modern", "tripleDes", "bare", "bundle", "aesKey"] as const;

  test.each(files)("become the DER they were made from: %s", (name) => {
    for (const piece of [1, 50, 127]) {
      const again = definiteLengths(opened(der(name), piece));
      expect(Buffer.from(again ?? []).equals(der(name))).toBe(true);
    }
  });

  test.each(["modern", "tripleDes", "bare"] as const)("a streamed PKCS#12 file opens: %s", async (name) => {
    const sorted = await sortMaterial([{ bytes: opened(der(name), 100) }], {
      password: new Secret("pässwörd"),
    });
    expect(sorted.ok && sorted.value.facts.clientKey?.belongs).toBe(true);
  });

  test("DER comes back as it is", () => {
    expect(definiteLengths(der("modern"))).toEqual(Uint8Array.from(der("modern")));
  });
});

describe("what cannot be read", () => {
  test.each([
    ["nothing", ""],
    ["a length that never ends", "3080"],
    ["an open length on something that holds nothing", "0480"],
    ["a length beyond the end", "30050500"],
    ["a tag of many octets", "1f8101"],
  ])("%s is undefined", (_name, hex) => {
    expect(definiteLengths(Buffer.from(hex, "hex"))).toBeUndefined();
  });

  test("deep nesting is refused, not followed", () => {
    expect(definiteLengths(Buffer.alloc(100_000, Buffer.from([0x30, 0x80])))).toBeUndefined();
  });

  test("no bytes make it throw", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void definiteLengths(bytes)));
  });
});
