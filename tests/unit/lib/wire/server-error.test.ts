import pg from "pg";
import { expect, test } from "vitest";
import { isServerError } from "#lib/wire/server-error.ts";

test.each([
  ["what the driver makes of an ErrorResponse", serverSaid({ severity: "ERROR" }), true],
  ["what the driver makes of a message of no kind", serverSaid({}), false],
  ["an error with a severity", Object.assign(new Error("no"), { severity: "FATAL" }), true],
  ["a socket's error", Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }), false],
  ["a severity that is none", Object.assign(new Error("no"), { severity: undefined }), false],
  ["what is no error", { severity: "ERROR" }, false],
  ["nothing", undefined, false],
])("%s", (_name, error, expected) => {
  expect(isServerError(error)).toBe(expected);
});

function serverSaid(fields: { readonly severity?: string }) {
  return Object.assign(new pg.DatabaseError("no", 10, "error"), fields);
}
