import { expect, test } from "vitest";
import { preferredLocale } from "#app/_server/preferred-locale.ts";

const offered = ["en", "fr", "zh-TW"] as const;

test.each([
  ["fr", "fr"],
  ["fr-CA,en;q=0.5", "fr"],
  ["en;q=0.2, fr;q=0.9", "fr"],
  ["de, fr;q=0", undefined],
  ["de-DE,de;q=0.9,en;q=0.1", "en"],
  ["zh-TW", "zh-TW"],
  ["zh-Hant-HK", "zh-TW"],
  ["zh-HK,zh;q=0.9", "zh-TW"],
  ["zh-CN", undefined],
  ["french", undefined],
  ["*", undefined],
  ["", undefined],
  [null, undefined],
  [`${"x,".repeat(10_000)}fr`, undefined],
])("%s → %s", (header, locale) => {
  expect(preferredLocale(header, offered)).toBe(locale);
});
