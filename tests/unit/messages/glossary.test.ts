import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadMessages, locales } from "#messages/load-messages.ts";

/** docs/glossary.md: the columns of what is never said, one a language. */
const columns = { en: 4, fr: 5, "zh-TW": 6 } as const;

/** Names, addresses and commands of others, which are not ours to word. */
const names = /Root Certificate Authority 2017|truststore\.pki\.rds|(?:aws sso|az) login/g;

const rows = glossary();

test("the glossary has seven cells a row, and each term once", () => {
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter((row) => row.length !== 7)).toEqual([]);
  expect(new Set(rows.map(([term]) => term)).size).toBe(rows.length);
});

describe.each(locales)("in %s", (locale) => {
  const never = rows.flatMap((row) => quoted(row[columns[locale]] ?? ""));

  test("nothing is said that the glossary rules out", async () => {
    const said = texts(await loadMessages(locale));
    expect(
      never.flatMap((variant) =>
        said.filter(({ text }) => says(text, variant)).map(({ key }) => `${variant}: ${key}`),
      ),
    ).toEqual([]);
  });

  test("no word of it is ruled out", () => {
    const ours = rows.map((row) => row[{ en: 0, fr: 2, "zh-TW": 3 }[locale]] ?? "");
    expect(never.filter((variant) => ours.some((word) => says(word, variant)))).toEqual([]);
  });
});

test.each([
  ["The authority signs.", "authority", true],
  ["Authorityless", "authority", false],
  ["No match: the system trust store", "system store", false],
  ["the system’s trust, as before", "system’s trust", true],
  ["這是憑證授權單位。", "授權單位", true],
  ["Microsoft RSA Root Certificate Authority 2017", "Authority", false],
])("%s, %s: %s", (text, variant, found) => {
  expect(says(text, variant)).toBe(found);
});

/** Whether the text has the variant, as whole words where the script has them. */
function says(text: string, variant: string): boolean {
  const exact = variant.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const whole = /^[\p{Script=Latin}\s’-]+$/u.test(variant) ? `(?<![\\p{L}-])${exact}(?![\\p{L}-])` : exact;
  return new RegExp(whole, "u").test(text.replace(names, ""));
}

/** The cells of the table, row by row, without its head. */
function glossary(): string[][] {
  const page = readFileSync(new URL("../../../docs/glossary.md", import.meta.url), "utf8");
  const lines = page.split("\n").filter((line) => line.startsWith("| "));
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
}

/** Every text with its dotted key. */
function texts(tree: object, before = ""): { key: string; text: string }[] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    typeof value === "string"
      ? [{ key: before + key, text: value }]
      : texts(value as object, `${before}${key}.`),
  );
}
