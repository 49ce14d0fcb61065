import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { likelyDelimiter, readCsv } from "#lib/transfer/read-csv.ts";

const rules = { delimiter: ",", quote: '"', most: 1_000, isWhole: true };
const read = (text: string, more: Partial<typeof rules> = {}) =>
  readCsv(text, { ...rules, ...more }).map(({ line, values }) => [
    line,
    ...values.map(({ text: value, quoted }) => (quoted ? `"${value}"` : value)),
  ]);

describe("the beginning of a file, by COPY's rules", () => {
  test.each([
    [
      "a,b\n1,2\n",
      [
        [1, "a", "b"],
        [2, "1", "2"],
      ],
    ],
    [
      "a,b\r\n1,2\r\n",
      [
        [1, "a", "b"],
        [2, "1", "2"],
      ],
    ],
    [
      "a\r1\r",
      [
        [1, "a"],
        [2, "1"],
      ],
    ],
    ['"a,b",c', [[1, '"a,b"', "c"]]],
    ['"a ""b""",\n', [[1, '"a "b""', ""]]],
    [
      '"a\nb",c\nd,e\n',
      [
        [1, '"a\nb"', "c"],
        [3, "d", "e"],
      ],
    ],
    ['a"b"c,d\n', [[1, '"abc"', "d"]]],
    ['"",,x\n', [[1, '""', "", "x"]]],
    ["\n", [[1, ""]]],
    ["", []],
    ["漢字,😀\n", [[1, "漢字", "😀"]]],
  ])("%j", (text, records) => {
    expect(read(text)).toEqual(records);
  });

  test("what is cut is left out, and more than is wanted is not read", () => {
    expect(read('a,b\nc,"d', { isWhole: false })).toEqual([[1, "a", "b"]]);
    expect(read("a\nb\nc\n", { most: 2 })).toEqual([
      [1, "a"],
      [2, "b"],
    ]);
    expect(read("a;'b;c'\n", { delimiter: ";", quote: "'" })).toEqual([[1, "a", '"b;c"']]);
  });

  test("every value that is written is read", () => {
    const value = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ", "é") });
    fc.assert(
      fc.property(fc.array(fc.array(value, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), (records) => {
        const text = records
          .map((values) => `${values.map((one) => `"${one.replaceAll('"', '""')}"`).join(",")}\n`)
          .join("");
        const found = readCsv(text, rules).map(({ values }) => values.map((one) => one.text));
        expect(found).toEqual(records);
      }),
    );
  });
});

test("the separator is told by the first line, outside of its quotes", () => {
  expect(
    ["a,b;c,d", "a;b;c", "a\tb", "a|b|c", '"a;b;c";d,e', "a"].map((text) => likelyDelimiter(text, '"')),
  ).toEqual([",", ";", "\t", "|", ";", ","]);
});
