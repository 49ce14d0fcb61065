import { expect, test } from "vitest";
import { randomId, randomIdForm, shortId } from "#lib/random-id.ts";

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

test("none can be taken for an option of a command", () => {
  // Of so many 64 would begin with a hyphen by chance.
  const ids = Array.from({ length: 4_096 }, (_, index) => (index % 2 === 0 ? randomId() : shortId()));
  expect(ids.filter((id) => id.startsWith("-"))).toEqual([]);
  expect(ids.filter((id) => id.length === 11)).toHaveLength(2_048);
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
