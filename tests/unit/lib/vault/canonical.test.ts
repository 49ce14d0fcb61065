import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalBytes, canonicalPieces, lengthPrefixed } from "#lib/vault/canonical.ts";

describe("lengthPrefixed", () => {
  test("is exactly this", () => {
    expect(lengthPrefixed(["a", Buffer.from([1, 2])]).toString("hex")).toBe(
      "00000002" + "00000001" + "61" + "00000002" + "0102",
    );
  });

  test("two lists never share their bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (a, b) => {
        expect(lengthPrefixed(a).equals(lengthPrefixed(b))).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
    expect(lengthPrefixed(["ab", "c"]).equals(lengthPrefixed(["a", "bc"]))).toBe(false);
    expect(lengthPrefixed(["a", ""]).equals(lengthPrefixed(["a"]))).toBe(false);
  });
});

describe("canonicalBytes", () => {
  test("does not depend on the order of keys", () => {
    expect(canonicalBytes({ b: [1, "x"], a: null })).toEqual(canonicalBytes({ a: null, b: [1, "x"] }));
  });

  test("does depend on the order of a list, on types, and on where a value stands", () => {
    const different = [
      [1, 2],
      [2, 1],
      [[1], 2],
      ["1", 2],
      [12],
      ["12"],
      [],
      {},
      "",
      null,
      false,
      0,
      "0",
      { a: 1, b: 2 },
      { a: 2, b: 1 },
      { a: { b: 1 } },
      { "a.b": 1 },
      { a: "1" },
      { a: [1] },
    ];
    expect(new Set(different.map((value) => canonicalBytes(value).toString("hex"))).size).toBe(
      different.length,
    );
  });

  test("two JSON values share their bytes only when they are equal", () => {
    const normal = (value: unknown) => JSON.stringify(sorted(value));
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(canonicalBytes(a).equals(canonicalBytes(b))).toBe(normal(a) === normal(b));
      }),
      { examples: [[[], {}]] },
    );
  });

  test("is exactly this, for it is under every seal", () => {
    const bytes = canonicalBytes({ b: [true, null], a: "x", c: 1, gone: undefined });
    expect(bytes.toString("hex")).toBe(
      "00000007000000016f00000001610000000e000000020000000173000000017800000001620000002b0000000300000001610000001100000002000000016200000004747275650000000900000001000000013000000001630000000e00000002000000016e0000000131",
    );
  });

  test("is the same list in a list that lengthPrefixed makes, whatever the letters", () => {
    const glued = (value: unknown): Buffer => {
      if (typeof value === "string") return lengthPrefixed(["s", value]);
      if (typeof value === "number") return lengthPrefixed(["n", String(value)]);
      if (typeof value === "boolean") return lengthPrefixed(["b", String(value)]);
      if (value === null) return lengthPrefixed(["0"]);
      if (Array.isArray(value)) return lengthPrefixed(["a", ...value.map(glued)]);
      const members = Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1));
      return lengthPrefixed(["o", ...members.flatMap(([key, member]) => [key, glued(member)])]);
    };
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        expect(canonicalBytes(value).equals(glued(value))).toBe(true);
      }),
      { examples: [[{ é: "漢\u0001\ud800" }], ["x".repeat(70_000)]] },
    );
  });

  test("refuses what JSON has no word for", () => {
    for (const value of [Number.NaN, 1n, () => 1, Symbol("s")]) {
      expect(() => canonicalBytes(value)).toThrow(new RangeError(`no canonical form for a ${typeof value}`));
    }
  });
});

/** Lists and objects are told apart by a first word: an empty one of each would look the same otherwise. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return ["list", ...value.map(sorted)];
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? 0 : value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return ["object", ...members.map(([key, member]) => [key, sorted(member)])];
}

test("canonicalPieces are the bytes of the whole", () => {
  const member = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()));
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), member),
      fc.string(),
      fc.array(fc.dictionary(fc.string(), fc.string())),
      (object, key, list) => {
        const { [key]: _, ...rest } = object;
        const pieces = [...canonicalPieces(rest, key, list.map(canonicalBytes))];
        expect(Buffer.concat(pieces)).toEqual(canonicalBytes({ ...rest, [key]: list }));
      },
    ),
  );
});

test("canonicalPieces leave out members that are undefined", () => {
  const pieces = canonicalPieces({ a: undefined, b: 1 }, "c", [canonicalBytes("x")]);
  expect(Buffer.concat([...pieces])).toEqual(canonicalBytes({ b: 1, c: ["x"] }));
});
