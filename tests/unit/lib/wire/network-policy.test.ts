import os from "node:os";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type NetworkRule, readNetworkRules } from "#lib/network-rules.ts";
import { deniedAddress, networkPolicy } from "#lib/wire/network-policy.ts";

const open = { allowLoopback: true, own: [] };
const closed = { allowLoopback: false, own: [] };

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
    // Clouds keep whole networks for their own services, and add to them.
    ["fd00:ec2::253", "metadata"],
    ["fd00:ec2::123", "metadata"],
    ["fd00:ec2:0:1::1", "metadata"],
    ["fd20:ce::1", "metadata"],
    ["fd00:c1::a9fe:a9fe", "metadata"],
    ["fd00:42::42", "metadata"],
    ["100.100.100.1", "metadata"],
    ["192.0.0.1", "metadata"],
    ...spellings(192, 0, 0, 170).map((address) => [address, "metadata"] as const),
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
    "100.64.0.1",
    "100.100.99.1",
    "192.0.1.1",
    "fd00:ec3::1",
    "fd00:1::1",
  ])("%s", (address) => {
    expect(deniedAddress(address, closed)).toBeNull();
  });
});

describe("this machine by the addresses of its interfaces", () => {
  const own = ["127.0.0.1", "::1", "192.0.2.7", "2001:db8::7", "fe80::7"];

  test.each([...spellings(192, 0, 2, 7), "2001:db8::7", "2001:db8:0:0:0:0:0:7"])("%s", (address) => {
    expect(deniedAddress(address, { ...closed, own })).toBe("loopback");
    expect(deniedAddress(address, { ...open, own })).toBeNull();
  });

  test("its neighbours are not it", () => {
    for (const address of ["192.0.2.6", "192.0.2.8", "2001:db8::8"])
      expect(deniedAddress(address, { ...closed, own })).toBeNull();
  });

  test("are those that the machine has at this moment", () => {
    const here = Object.values(os.networkInterfaces()).flatMap((found = []) => found);
    expect(here.length).toBeGreaterThan(0);
    for (const { address } of here) expect(deniedAddress(address, { allowLoopback: false })).not.toBeNull();
  });
});

describe("the operator's list", () => {
  const asks = (text: string, address: string, as?: { host: string; port: number }, more: object = {}) =>
    deniedAddress(address, { ...closed, own: ["192.0.2.7"], rules: rules(text), ...more }, as);
  const at = (port: number, host = "db.example.com") => ({ host, port });

  test.each([
    // Nothing allowed: everything is, but what is denied.
    ["deny 10.0.9.0/24", "10.0.8.255", at(5432), null],
    ["deny 10.0.9.0/24", "10.0.9.0", at(5432), "not-listed"],
    ["deny 10.0.9.0/24", "10.0.9.255", at(5432), "not-listed"],
    ["deny 10.0.9.0/24", "::ffff:10.0.9.1", at(5432), "not-listed"],
    ["deny 10.0.9.0/24", "64:ff9b::10.0.9.1", at(5432), "not-listed"],
    ["deny 10.0.9.0/24", "2002:0a00:0901::1", at(5432), "not-listed"],
    ["deny 10.0.9.0/24", "0x0a000901", at(5432), "not-listed"],
    ["deny *:22", "198.51.100.1", at(22), "not-listed"],
    ["deny *:22", "198.51.100.1", at(5432), null],
    ["deny *", "198.51.100.1", at(5432), "not-listed"],
    ["deny evil.example", "198.51.100.1", at(5432, "EVIL.example."), "not-listed"],
    ["deny *.example.com", "198.51.100.1", at(5432), "not-listed"],
    ["deny *.example.com", "198.51.100.1", at(5432, "example.com"), null],
    // Something allowed: nothing else is.
    ["allow 10.0.0.0/8", "10.255.255.255", at(5432), null],
    ["allow 10.0.0.0/8", "11.0.0.0", at(5432), "not-listed"],
    ["allow 10.0.0.0/8", "::ffff:10.1.2.3", at(5432), null],
    ["allow 10.0.0.0/8", "64:ff9b::10.1.2.3", at(5432), "not-listed"],
    ["allow 10.0.0.0/8:5432", "10.1.2.3", at(5433), "not-listed"],
    ["allow 10.0.0.0/8:5432-5440", "10.1.2.3", at(5440), null],
    ["allow 0.0.0.0/0", "2001:db8::1", at(5432), "not-listed"],
    ["allow 2001:db8::/33", "2001:db8:7fff::1", at(5432), null],
    ["allow 2001:db8::/33", "2001:db8:8000::1", at(5432), "not-listed"],
    ["allow db.example.com", "198.51.100.1", at(5432), null],
    ["allow db.example.com", "198.51.100.1", at(5432, "other.example.com"), "not-listed"],
    ["allow db.example.com", "198.51.100.1", at(5432, "db.example.com.evil.example"), "not-listed"],
    ["allow *.example.com", "198.51.100.1", at(5432, "evilexample.com"), "not-listed"],
    // What is denied stays so, in whatever order.
    ["deny 10.0.9.0/24, allow 10.0.0.0/8", "10.0.9.1", at(5432), "not-listed"],
    ["allow 10.0.0.0/8, deny 10.0.9.0/24", "10.0.9.1", at(5432), "not-listed"],
    ["allow db.example.com, deny 10.0.0.0/8", "10.0.0.1", at(5432), "not-listed"],
    // Metadata and the like cannot be allowed.
    ["allow *", "169.254.169.254", at(80), "metadata"],
    ["allow 169.254.169.254", "169.254.169.254", at(80), "metadata"],
    ["allow fd00:ec2::/32", "fd00:ec2::254", at(80), "metadata"],
    ["allow db.example.com", "224.0.0.1", at(5432), "multicast"],
    // This machine is allowed by its own address or network alone.
    ["allow *", "127.0.0.1", at(5432), "loopback"],
    ["allow 0.0.0.0/0", "127.0.0.1", at(5432), "loopback"],
    ["allow db.example.com", "127.0.0.1", at(5432), "loopback"],
    ["allow 192.0.2.0/24", "192.0.2.7", at(5432), "loopback"],
    ["allow 192.0.2.7:5432", "192.0.2.7", at(5432), null],
    ["allow 192.0.2.7:5432", "192.0.2.7", at(22), "loopback"],
    ["allow 127.0.0.1:5432", "127.0.0.1", at(5432), null],
    ["allow 127.0.0.1:5432", "127.0.0.1", at(22), "loopback"],
    ["allow 127.0.0.0/8", "127.8.9.10", at(5432), null],
    ["allow ::1", "::1", at(5432), null],
    ["deny 127.0.0.1", "127.0.0.1", at(5432), "loopback"],
  ] as const)("%s: %s at %o", (text, address, as, kind) => {
    expect(asks(text, address, as)).toBe(kind);
  });

  test("a list without loopback closes it, also where loopback would be open", () => {
    expect(asks("allow 10.0.0.0/8", "127.0.0.1", at(5432), { allowLoopback: true })).toBe("not-listed");
    expect(asks("deny 10.0.0.0/8", "127.0.0.1", at(5432), { allowLoopback: true })).toBeNull();
  });

  function rules(text: string): readonly NetworkRule[] {
    const read = readNetworkRules(text);
    if (read === undefined) throw new Error(text);
    return read;
  }
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
  [{ allowLoopback: false, networks: [] }, false],
])("a console at %o may dial its own machine: %s", (given, allowLoopback) => {
  expect(networkPolicy(given)).toEqual({ allowLoopback });
});
