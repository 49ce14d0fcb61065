import { describe, expect, test } from "vitest";
import { scorer, searchable, wordsOf } from "#app/(console)/palette/rank.ts";

const fits = (question: string, title: string, more = "") =>
  scorer(wordsOf(question))(searchable(title, more));

describe("a question and a title", () => {
  test.each([
    ["a word", "orchard", "Orchard shop"],
    ["the beginning of a word", "orch", "Orchard shop"],
    ["words in any order", "shop orchard", "Orchard shop"],
    ["the middle of a word", "chard", "Orchard shop"],
    ["a letter wrong", "orcherd", "Orchard shop"],
    ["a letter too few", "orchrd", "Orchard shop"],
    ["a letter too many", "orchaard", "Orchard shop"],
    ["two letters that changed places", "orhcard", "Orchard shop"],
    ["a slip in a word that is only begun", "orhca", "Orchard shop"],
    ["two slips in a long word", "certifcat", "Certificates"],
    ["accents left out", "prefer", "Préférences"],
    ["another language's words", "偏好", "偏好設定"],
    ["a code", "tls-hostname-mismatch", "Wrong host name", "tls-hostname-mismatch"],
    [
      "the words of another program",
      "self signed certificate",
      "Unknown CA",
      "self-signed certificate in chain",
    ],
  ])("fit: %s", (_, question, title, more = "") => {
    expect(fits(question, title, more)).toBeGreaterThan(0);
  });

  test.each([
    ["a word that is not there", "orchard mysql", "Orchard shop"],
    ["a short word with a letter wrong", "ord", "ore"],
    ["another word", "kitchen", "Orchard shop"],
  ])("do not fit: %s", (_, question, title) => {
    expect(fits(question, title)).toBeUndefined();
  });

  test("fit better by a whole word than by its beginning, and that than by a slip; better by the title", () => {
    const all = [
      fits("shop", "Shop"),
      fits("sho", "Shop"),
      fits("hop", "Shop"),
      fits("shpo", "Shop"),
      fits("xshop", "Shop"),
    ].map((found) => found ?? 0);
    expect(all).toEqual([...all].sort((a, b) => b - a));
    expect(fits("shop", "Shop")).toBeGreaterThan(fits("shop", "Orchard", "shop") ?? 0);
    expect(fits("shop", "Shop")).toBeGreaterThan(fits("shop", "Shop of the orchard") ?? 0);
  });

  test("an empty question fits everything", () => {
    expect(fits("", "Orchard")).toBe(0);
  });
});
