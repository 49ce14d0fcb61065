import { expect, test } from "vitest";
import * as french from "#messages/french.ts";

test("French words never leave a sign alone at the start of a line", () => {
  // A no-break space (U+00A0) before high punctuation and inside guillemets; an ordinary one lets the line break there.
  expect(texts(french).filter((text) => / [:;?!»](?=\s|$|[,.)}])|« /.test(text))).toEqual([]);
  expect(texts(french).filter((text) => /[\p{L}}][;?!»](?=\s|$)|«[^\u00a0]/u.test(text))).toEqual([]);
});

test("French words have the typographic apostrophe", () => {
  // An example is typed into a shell, whose quotes they are.
  const prose = texts(french).map((text) => text.replaceAll(/^ {2}cloak-db .*$/gm, ""));
  expect(prose.filter((text) => text.includes("'"))).toEqual([]);
});

function texts(tree: object): string[] {
  return Object.values(tree).flatMap((value: unknown) =>
    typeof value === "string" ? [value] : texts(value as object),
  );
}
