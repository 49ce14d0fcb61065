import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deniedAddress, networkPolicy } from "#lib/wire/network-policy.ts";

const open = { allowLoopback: true };
const closed = { allowLoopback: false };

/** Every way to write it, and to wrap it in IPv6, for one IPv4 address. */
function spellings(a: number, b: number, c: number, d: number): string[] {
  const number = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (value: number, digits = 2) => value.toString(16).padStart(digits, "0");
  const high = `${hex(a)}${hex(b)}`;
  const low = `${hex(c)}${hex(d)}`;
  return [
    `${a}.${b}.${c}.${d}`,
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    String(number),
    `0x${hex(number, 8)}`,
    `0x${hex(a)}.0x${hex(b)}.0x${hex(c)}.0x${hex(d)}`,
    `0${a.toString(8)}.0${b.toString(8)}.0${c.toString(8)}.0${d.toString(8)}`,
    `::ffff:${a}.${b}.${c}.${d}`,
    `::ffff:${high}:${low}`,
    `::FFFF:${high.toUpperCase()}:${low.toUpperCase()}`,
    `0:0:0:0:0:ffff:${high}:${low}`,
    `0000:0000:0000:0000:0000:ffff:${high}:${low}`,
    `::${a}.${b}.${c}.${d}`,
    `::ffff:0:${high}:${low}`,
    `64:ff9b::${a}.${b}.${c}.${d}`,
    `64:ff9b::${high}:${low}`,
    `64:ff9b:1::${high}:${low}`,
    `2002:${high}:${low}::`,
    `2002:${high}:${low}::1`,
    `2001::${hex(0xffff ^ (a * 256 + b), 4)}:${hex(0xffff ^ (c * 256 + d), 4)}`,
    `2001:0:${high}:${low}::3fff:fdfe`,
    `2001:db8::5efe:${high}:${low}`,
    `2001:db8::200:5efe:${high}:${low}`,
  ];
}

describe("always refused", () => {
  test.each([
    ...spellings(169, 254, 169, 254).map((address) => [address, "metadata"] as const),
    ...spellings(169, 254, 1, 1).map((address) => [address, "link-local"] as const),
    ...spellings(100, 100, 100, 200).map((address) => [address, "metadata"] as const),
    ...spellings(224, 0, 0, 1).map((address) => [address, "multicast"] as const),
    ...spellings(255, 255, 255, 255).map((address) => [address, "unspecified"] as const),
    ["168.63.129.16", "metadata"],
    ["192.0.0.192", "metadata"],
    ["0.0.0.0", "unspecified"],
    ["0", "unspecified"],
    ["0.1.2.3", "unspecified"],
    ["::", "unspecified"],
    ["::ffff:0.0.0.0", "unspecified"],
    ["fe80::1", "link-local"],
    ["fe80::1%eth0", "link-local"],
    ["febf::1", "link-local"],
    ["ff02::1", "multicast"],
    ["fd00:ec2::254", "metadata"],
    ["fd00:0ec2:0:0:0:0:0:254", "metadata"],
    ["fd20:ce::254", "metadata"],
    ["localhost", "not-an-address"],
    ["127.0.0.1.", "not-an-address"],
    ["1.2.3.4.5", "not-an-address"],
    ["1.2.3.256", "not-an-address"],
    ["４.３.２.１", "not-an-address"],
    ["", "not-an-address"],
  ] as const)("%s is %s", (address, kind) => {
    expect(deniedAddress(address, open)).toBe(kind);
  });
});

describe("loopback", () => {
  test.each([...spellings(127, 0, 0, 1), ...spellings(127, 8, 9, 10), "::1", "0:0:0:0:0:0:0:1"])(
    "%s",
    (address) => {
      expect(deniedAddress(address, open)).toBeNull();
      expect(deniedAddress(address, closed)).toBe("loopback");
    },
  );
});

describe("allowed", () => {
  test.each([
    "192.0.2.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "2001:db8::1",
    "fd12::1",
    "64:ff9b::192.0.2.1",
  ])("%s", (address) => {
    expect(deniedAddress(address, closed)).toBeNull();
  });
});

test("no spelling of a link-local address gets through", () => {
  const octet = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(octet, octet, (c, d) => {
      for (const address of spellings(169, 254, c, d)) expect(deniedAddress(address, open)).not.toBeNull();
    }),
  );
});

test.each([
  [{}, true],
  [{ publicUrl: "http://127.0.0.1:3000" }, true],
  [{ publicUrl: "http://[::1]:3000" }, true],
  [{ publicUrl: "http://localhost:3000" }, true],
  [{ publicUrl: "https://db.example.com" }, false],
  [{ publicUrl: "http://192.168.1.5:3000" }, false],
  [{ publicUrl: "https://db.example.com", allowLoopback: true }, true],
  [{ allowLoopback: false }, false],
])("a console at %o may dial its own machine: %s", (given, allowLoopback) => {
  expect(networkPolicy(given)).toEqual({ allowLoopback });
});
