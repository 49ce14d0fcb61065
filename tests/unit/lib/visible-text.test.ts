import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { visibleText, visibly } from "#lib/visible-text.ts";

describe("visibleText", () => {
  test.each([
    ["plain", "plain"],
    ["tab\there\r\n", "tab\\there\\r\\n"],
    ["\u0000\u001b[31m", "\\u0000\\u001B[31m"],
    ["abc\u202edef", "abc\\u202Edef"],
    ["\u2066iso\u2069", "\\u2066iso\\u2069"],
    ["zero\u200bwidth\ufeff", "zero\\u200Bwidth\\uFEFF"],
    ["line\u2028break", "line\\u2028break"],
    ["tag\u{e0041}", "tag\\u{E0041}"],
    [
      "family 👩‍👩‍👧, \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
      "family 👩‍👩‍👧, \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    ],
    ["Arabic number sign \u0600", "Arabic number sign \u0600"],
    ["", ""],
  ])("%j becomes %j", (text, shown) => {
    expect(visibly(text)).toBe(shown);
  });

  test("an escape is told apart from the same signs in the text", () => {
    expect(visibleText("\\n\n")).toEqual([
      { text: "\\n", escaped: false },
      { text: "\\n", escaped: true },
    ]);
  });

  test("lines stay lines where they are wanted", () => {
    expect(visibleText("a\n\tb\r", true)).toEqual([
      { text: "a\n\tb", escaped: false },
      { text: "\\r", escaped: true },
    ]);
  });

  test("nothing that turns or hides text is left, and nothing else is lost", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const pieces = visibleText(text);
        const shown = pieces.map((piece) => piece.text).join("");
        expect(shown).not.toMatch(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
        const kept = pieces
          .filter((piece) => !piece.escaped)
          .map((piece) => piece.text)
          .join("");
        expect([...text].join("")).toBe(text);
        expect(kept.length).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
