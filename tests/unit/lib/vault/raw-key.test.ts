import { describe, expect, test } from "vitest";
import { newRawKey, rawKeyBytes } from "#lib/vault/raw-key.ts";

describe("a raw key", () => {
  test("is 32 bytes behind a prefix", () => {
    const text = newRawKey().reveal();
    expect(text).toMatch(/^cloakkey1_[A-Za-z0-9_-]{48}$/);
    expect(rawKeyBytes(text)).toHaveLength(32);
    expect(newRawKey().reveal()).not.toBe(text);
  });

  test("one that was made long ago is read", () => {
    const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
    expect(rawKeyBytes("cloakkey1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DnMha")).toEqual(key);
  });

  test("one mistyped letter is noticed, wherever it is", () => {
    const text = newRawKey().reveal();
    for (let at = "cloakkey1_".length; at < text.length; at += 1) {
      const other = text[at] === "A" ? "B" : "A";
      expect(rawKeyBytes(text.slice(0, at) + other + text.slice(at + 1))).toBeUndefined();
    }
  });

  test.each<[string, (text: string) => string]>([
    ["cut short", (text) => text.slice(0, -1)],
    ["with something behind", (text) => `${text}A`],
    ["with something before", (text) => ` ${text}`],
    ["with a line break", (text) => `${text}\n`],
    ["without its prefix", (text) => text.slice("cloakkey1_".length)],
    ["nothing", () => ""],
  ])("%s is none", (_name, changed) => {
    expect(rawKeyBytes(changed(newRawKey().reveal()))).toBeUndefined();
  });
});
