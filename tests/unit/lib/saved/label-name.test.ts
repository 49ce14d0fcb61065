import { expect, test } from "vitest";
import { longestLabel } from "#lib/saved/label-limits.ts";
import { labelName } from "#lib/saved/label-name.ts";

test.each([
  ["Payments", "Payments"],
  ["  two   words ", "two words"],
  // Composed: one sign, not a letter and a mark.
  ["e\u0301te\u0301", "\u00e9t\u00e9"],
  ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
  ["日本 · 東京", "日本 · 東京"],
  ["👩\u200d🔧 team", "👩\u200d🔧 team"],
  ["x".repeat(longestLabel), "x".repeat(longestLabel)],
  ["__proto__", "__proto__"],
])("%j is kept as %j", (given, kept) => {
  expect(labelName.parse(given)).toBe(kept);
});

test.each([
  "",
  "   ",
  "x".repeat(longestLabel + 1),
  " ".repeat(300),
  "two\nlines",
  "tab\there",
  "turned \u202e round",
  "hid\u200bden",
  "nul\u0000",
  // Nothing of these is seen.
  "\u200d",
  "\u200c \u200c",
  "\u3164",
  "\u2800\u2800",
  "\ufe0f\u034f",
  7,
  null,
])("%j is no name", (given) => {
  expect(labelName.safeParse(given).success).toBe(false);
});
