import { expect, test } from "vitest";
import { tokenExpiry } from "#lib/diagnosis/token-expiry.ts";
import { Secret } from "#lib/secret.ts";

const web = (claims: unknown) =>
  `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;

test.each<[string, string, string | null]>([
  [
    "a token of RDS lasts for what it says",
    "db.test:5432/?Action=connect&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900&X-Amz-Signature=00",
    "2026-01-02T03:19:05.000Z",
  ],
  ["a token of Entra has its end inside", web({ exp: 1_767_323_045 }), "2026-01-02T03:04:05.000Z"],
  ["a web token without an end", web({ sub: "app" }), null],
  ["a web token that is none", "eyJhbGciOiJSUzI1NiJ9.bm9uc2Vuc2U.c2ln", null],
  ["a date without a length", "db.test/?X-Amz-Date=20260102T030405Z", null],
  ["a password", "correct horse", null],
  ["nothing", "", null],
])("%s", (_what, text, expiry) => {
  expect(tokenExpiry(new Secret(text))?.toISOString() ?? null).toBe(expiry);
});

test("no password at all", () => {
  expect(tokenExpiry(undefined)).toBeNull();
});
