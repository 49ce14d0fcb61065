import { expect, test } from "vitest";
import { randomId, randomIdForm } from "#lib/random-id.ts";

test("an id is 16 bytes in base64url, as Node writes them, and never the same", () => {
  const ids = Array.from({ length: 500 }, randomId);
  for (const id of ids) {
    expect(id).toMatch(randomIdForm);
    const bytes = Buffer.from(id, "base64url");
    expect(bytes).toHaveLength(16);
    expect(bytes.toString("base64url")).toBe(id);
  }
  expect(new Set(ids).size).toBe(ids.length);
  // Both letters that base64 writes otherwise came up among so many.
  expect(ids.join("")).toMatch(/-/);
  expect(ids.join("")).toMatch(/_/);
});

test.each([
  "",
  "a".repeat(21),
  "a".repeat(23),
  `${"a".repeat(21)}+`,
  `${"a".repeat(21)}/`,
  `${"a".repeat(22)}\n`,
])("%j is none", (text) => {
  expect(text).not.toMatch(randomIdForm);
});
