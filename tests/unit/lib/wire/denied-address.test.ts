import { expect, test } from "vitest";
import { deniedAddress, networkPolicy } from "#lib/wire/network-policy.ts";

/** Next to what is refused, and at its edges. */
test.each([
  ["10.254.0.1", null],
  ["169.1.1.1", null],
  ["170.254.1.1", null],
  ["223.255.255.255", null],
  ["239.255.255.255", "multicast"],
  ["240.0.0.1", "unspecified"],
  ["126.255.255.255", null],
  ["128.0.0.1", null],
  ["::2", "unspecified"],
  ["2a01:1111:1111:1111:1111:1111:1111:1111", null],
  ["fe00::1", null],
  ["fec0::1", null],
  ["2080::1", null],
  ["fd00:ec2::23", "metadata"],
  ["fd00:ec2::24", "metadata"],
  // Not the places where another address stands.
  ["::ff00:7f00:1", null],
  ["::1111:7f00:1", null],
  ["::1:0:7f00:1", null],
  ["2001:db8::1100:5efe:7f00:1", null],
  ["2001:db8::200:5eff:7f00:1", null],
  ["2003:7f00:1::", null],
  ["2001:1:7f00:1::1", null],
] as const)("%s: %s", (address, kind) => {
  expect(deniedAddress(address, { allowLoopback: false })).toBe(kind);
});

test.each([
  ["::2", "unspecified"],
  ["::7f00:1", null],
] as const)("%s, where this machine may be dialled: %s", (address, kind) => {
  expect(deniedAddress(address, { allowLoopback: true })).toBe(kind);
});

test.each([
  ["not an address", true],
  ["http://db.localhost", true],
  ["http://localhost.example.com", false],
  ["http://[2001:db8::1]:3000", false],
  ["http://[::ffff:127.0.0.1]", true],
])("a console at %s may dial its own machine: %s", (publicUrl, allowLoopback) => {
  expect(networkPolicy({ publicUrl }).allowLoopback).toBe(allowLoopback);
});
