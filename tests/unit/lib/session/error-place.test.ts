import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { errorPlace } from "#lib/session/error-place.ts";

describe("errorPlace", () => {
  test.each([
    ["selec 1", 1, { start: 0, end: 5, line: 1, column: 1 }],
    ["select nme\nfrom t", 8, { start: 7, end: 10, line: 1, column: 8 }],
    ["select 1\n  from nowhere", 17, { start: 16, end: 23, line: 2, column: 8 }],
    ["select '😀', nme", 13, { start: 13, end: 16, line: 1, column: 13 }],
    ['select "no such"', 8, { start: 7, end: 16, line: 1, column: 8 }],
    ["select +", 9, { start: 8, end: 8, line: 1, column: 9 }],
    ["select )", 8, { start: 7, end: 8, line: 1, column: 8 }],
    ["a\r\nb é", 6, { start: 5, end: 6, line: 2, column: 3 }],
  ])("%j at %i", (sql, position, place) => {
    expect(errorPlace(sql, position)).toEqual(place);
  });

  test.each([0, -1, 1.5, Number.NaN, 10])("%s is no place in a short text", (position) => {
    expect(errorPlace("select 1", position)).toBeUndefined();
  });

  test("is the same sign that the server counted to", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.nat(), (sql, seed) => {
        const signs = [...sql];
        const index = seed % signs.length;
        expect(errorPlace(sql, index + 1)?.start).toBe(signs.slice(0, index).join("").length);
      }),
    );
  });
});
