import { describe, expect, test } from "vitest";
import { newRawKey, rawKeyBytes } from "#lib/vault/raw-key.ts";

describe("a raw key", () => {
  const text = newRawKey().reveal();

  test("is 32 bytes behind a prefix", () => {
    expect(text).toMatch(/^cloakkey1_[A-Za-z0-9_-]{48}$/);
    expect(rawKeyBytes(text)).toHaveLength(32);
    expect(newRawKey().reveal()).not.toBe(text);
  });

  test("one mistyped letter is noticed, wherever it is", () => {
    for (let at = "cloakkey1_".length; at < text.length; at += 1) {
      const other = text[at] === "A" ? "B" : "A";
      expect(rawKeyBytes(text.slice(0, at) + other + text.slice(at + 1))).toBeUndefined();
    }
  });

  test.each([
    ["cut short", text.slice(0, -1)],
    ["with something behind", `${text}A`],
    ["with a line break", `${text}\n`],
    ["without its prefix", text.slice("cloakkey1_".length)],
    ["nothing", ""],
  ])("%s is none", (_name, other) => {
    expect(rawKeyBytes(other)).toBeUndefined();
  });
});
