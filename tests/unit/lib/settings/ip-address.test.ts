import { isIP } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isIpAddress } from "#lib/settings/ip-address.ts";

test.each(["192.0.2.10", "0.0.0.0", "255.255.255.255", "::", "::1", "2001:DB8::10", "::ffff:192.0.2.1"])(
  "%s is an address",
  (text) => expect(isIpAddress(text)).toBe(true),
);

test.each([
  "",
  "db.example.test",
  "192.0.2",
  "192.0.2.256",
  "0192.0.2.1",
  "127.1",
  "0x7f.0.0.1",
  "[::1]",
  "::1%eth0",
  "1::2::3",
  "12345::",
  "192.0.2.1/24",
  "::1]/x[",
])("%s is none", (text) => expect(isIpAddress(text)).toBe(false));

test("it agrees with Node on every address, and takes nothing that Node refuses", () => {
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => isIpAddress(text) && isIP(text) !== 0));
  const sign = fc.constantFrom("0", "1", "f", "255", ":", "::", ".", "%", "a", "[", "]");
  fc.assert(
    fc.property(
      fc.array(sign, { maxLength: 16 }),
      (signs) => isIpAddress(signs.join("")) === (isIP(signs.join("")) !== 0 && !signs.includes("%")),
    ),
    { numRuns: 2000 },
  );
});
