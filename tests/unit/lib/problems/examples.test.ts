import { expect, test } from "vitest";
import { catalogue, problemCodes } from "#lib/problems/catalogue.ts";
import { examples } from "#lib/problems/examples.ts";

/** They are met in the console alone, or have no message of their own elsewhere. */
const without = ["setting-invalid", "tls-pin-changed", "auth-token-credentials-missing"];

test("every problem of a connection shows what it looks like elsewhere", () => {
  const missing = problemCodes.filter(
    (code) => catalogue[code].rung !== "console" && examples[code] === undefined && !without.includes(code),
  );
  expect(missing).toEqual([]);
});
