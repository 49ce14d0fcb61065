import fc from "fast-check";
import { expect, test } from "vitest";
import { isBase64url } from "#lib/vault/base64url.ts";

const asWritten = (text: string) =>
  /^[A-Za-z0-9_-]+$/.test(text) && Buffer.from(text, "base64url").toString("base64url") === text;

test("a text is base64url when it is what an encoder writes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
      expect(isBase64url(Buffer.from(bytes).toString("base64url"))).toBe(true);
    }),
  );
  const letters = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ é");
  fc.assert(
    fc.property(fc.string({ unit: letters, maxLength: 9 }), (text) => {
      expect(isBase64url(text)).toBe(asWritten(text));
    }),
    { numRuns: 5000 },
  );
});

test.each(["", "=", "A", "AA==", "AB", "AAAAA", "AAB", "A\n", "A A", "ÄA"])("%j is not", (text) => {
  expect(isBase64url(text)).toBe(false);
});
