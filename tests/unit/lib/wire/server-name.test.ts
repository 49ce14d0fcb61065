import { describe, expect, test } from "vitest";
import { checkServerName, parseSubjectAltName } from "#lib/wire/server-name.ts";

/** Host, common names, subjectAltName, and what libpq says (all rows were put to libpq 15 and 18). */
const cases: readonly (readonly [
  string,
  string | readonly string[] | undefined,
  string | undefined,
  boolean,
])[] = [
  // The common name
  ["db.tls.test", "db.tls.test", undefined, true],
  ["db.tls.test", "other.tls.test", undefined, false],
  ["db.tls.test", "db.tls.test", "DNS:other.test", false],
  ["db.tls.test", "db.tls.test", "IP Address:192.0.2.1", true],
  ["db.tls.test", "db.tls.test", "email:a@tls.test", true],
  ["db.tls.test", "db.tls.test", "URI:https://db.tls.test", true],
  ["db.tls.test", ["db.tls.test", "x.test"], undefined, true],
  ["db.tls.test", ["x.test", "db.tls.test"], undefined, false],
  ["db.tls.test", undefined, undefined, false],
  ["127.0.0.1", "127.0.0.1", undefined, true],
  ["127.0.0.1", "127.0.0.1", "DNS:x.test", true],
  ["127.0.0.1", "127.0.0.1", "IP Address:192.0.2.1", false],
  // Names
  ["db.tls.test", undefined, "DNS:db.tls.test", true],
  ["db.tls.test", undefined, "DNS:x.test, DNS:db.tls.test", true],
  ["DB.TLS.TEST", undefined, "DNS:db.tls.test", true],
  ["db.tls.test", undefined, "DNS:DB.tls.TEST", true],
  ["db.tls.test.", undefined, "DNS:db.tls.test", false],
  ["db.tls.test", undefined, "DNS:db.tls.test.", false],
  ["münchen.test", undefined, "DNS:xn--mnchen-3ya.test", false],
  ["dbk.test", "db\u212a.test", undefined, false],
  // Wildcards
  ["db.tls.test", undefined, "DNS:*.tls.test", true],
  ["db.tls.test", "*.tls.test", undefined, true],
  ["a.b.tls.test", undefined, "DNS:*.tls.test", false],
  ["tls.test", undefined, "DNS:*.tls.test", false],
  [".tls.test", undefined, "DNS:*.tls.test", false],
  ["db.tls.test", undefined, "DNS:d*.tls.test", false],
  ["db.tls.test", undefined, "DNS:db.*.test", false],
  ["foo.test", undefined, "DNS:*.test", true],
  ["foo", undefined, "DNS:*", false],
  ["foo", undefined, "DNS:*.", false],
  ["db.tls.test", undefined, "DNS:*.*.test", false],
  // Addresses
  ["127.0.0.1", undefined, "IP Address:127.0.0.1", true],
  ["127.1", undefined, "IP Address:127.0.0.1", true],
  ["127.0.0.1", undefined, "DNS:127.0.0.1", true],
  ["127.0.0.1", undefined, "DNS:*.0.0.1", true],
  ["127.0.0.1", undefined, "DNS:localhost", false],
  ["::1", undefined, "IP Address:0:0:0:0:0:0:0:1", true],
  ["2001:db8::a", undefined, "IP Address:2001:DB8:0:0:0:0:0:A", true],
  ["::ffff:127.0.0.1", undefined, "IP Address:127.0.0.1", false],
  ["::1", undefined, "IP Address:0:0:0:0:0:0:0:2", false],
  // What spoils a certificate
  ["db.tls.test", undefined, 'DNS:"db.tls.test\\u0000.evil.test", DNS:db.tls.test', false],
  ["db.tls.test", "db.tls.test", "IP Address:<invalid>", false],
  ["", "", undefined, false],
];

describe("checkServerName agrees with libpq", () => {
  test.each(cases)("%s against CN %s, SAN %s: %s", (host, commonName, subjectaltname, matches) => {
    // Node's types know one common name; a certificate may carry several.
    const subject = { CN: commonName } as never;
    expect(checkServerName(host, { subject, subjectaltname }).matches).toBe(matches);
  });

  test.each([
    // As wildcard_certificate_match of fe-secure-common.c says.
    ["x.a", "*.a", true],
    ["d.tls.test", "*.tls.test", true],
    ["a..tls.test", "*.tls.test", true],
    ["foo.", "*.", false],
    ["db.tesx", "*.test", false],
  ])("%s by the pattern %s: %s", (host, pattern, matches) => {
    expect(checkServerName(host, { subjectaltname: `DNS:${pattern}` }).matches).toBe(matches);
  });

  test("an IPv4 address is not the beginning of an IPv6 one", () => {
    expect(checkServerName("2001:db8::1", { subjectaltname: "IP Address:32.1.13.184" }).matches).toBe(false);
  });

  test("a common name that is no text is none", () => {
    expect(checkServerName("5", { subject: { CN: 5 } as never })).toEqual({ matches: false, names: [] });
  });

  test("tells every name it looked at", () => {
    const subject = { CN: "cn.test" } as never;
    const sans = "DNS:a.test, IP Address:192.0.2.1, email:x@y.test";
    expect(checkServerName("nix.test", { subject, subjectaltname: sans }).names).toEqual([
      "a.test",
      "192.0.2.1",
    ]);
    expect(checkServerName("nix.test", { subject, subjectaltname: undefined }).names).toEqual(["cn.test"]);
  });
});

describe("parseSubjectAltName", () => {
  test.each([
    ["", []],
    ["nonsense", []],
    ["a:b", [["a", "b"]]],
    ["DNS:a.test", [["DNS", "a.test"]]],
    [
      "DNS:a.test, IP Address:::1",
      [
        ["DNS", "a.test"],
        ["IP Address", "::1"],
      ],
    ],
    // One name with a comma inside, which must not become two.
    [
      'DNS:"a.test, DNS:b.test", DNS:c.test',
      [
        ["DNS", "a.test, DNS:b.test"],
        ["DNS", "c.test"],
      ],
    ],
    [
      'DirName:"CN = \\"x\\"", DNS:a.test',
      [
        ["DirName", 'CN = "x"'],
        ["DNS", "a.test"],
      ],
    ],
    [
      "othername:<unsupported>, DNS:a.test",
      [
        ["othername", "<unsupported>"],
        ["DNS", "a.test"],
      ],
    ],
    ['DNS:"never closed', [["DNS", '"never closed\0']]],
  ] as const)("%s", (text, expected) => {
    expect(parseSubjectAltName(text).map(({ type, value }) => [type, value])).toEqual(expected);
  });
});
