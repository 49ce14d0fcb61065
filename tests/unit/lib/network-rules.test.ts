import { describe, expect, test } from "vitest";
import { readNetworkRules } from "#lib/network-rules.ts";

const network = (address: string, bits: number) => ({ kind: "network", address, bits });
const name = (of: string, below = false) => ({ kind: "name", name: of, below });

describe("CLOAK_DB_NETWORKS", () => {
  test.each([
    ["", []],
    [" , ;\n", []],
    ["10.0.0.0/8", [{ act: "allow", target: network("10.0.0.0", 8) }]],
    ["allow 10.1.2.3", [{ act: "allow", target: network("10.1.2.3", 32) }]],
    ["deny *", [{ act: "deny", target: { kind: "any" } }]],
    ["deny *:22", [{ act: "deny", target: { kind: "any" }, ports: [22, 22] }]],
    ["allow 10.0.0.0/8:5432-5440", [{ act: "allow", target: network("10.0.0.0", 8), ports: [5432, 5440] }]],
    ["fd00::/8", [{ act: "allow", target: network("fd00::", 8) }]],
    ["2001:db8::1", [{ act: "allow", target: network("2001:db8::1", 128) }]],
    ["[2001:db8::1]:5432", [{ act: "allow", target: network("2001:db8::1", 128), ports: [5432, 5432] }]],
    ["[fd00::]/8:5432", [{ act: "allow", target: network("fd00::", 8), ports: [5432, 5432] }]],
    ["DB.Example.com.:6432", [{ act: "allow", target: name("db.example.com"), ports: [6432, 6432] }]],
    ["allow *.example.com", [{ act: "allow", target: name("example.com", true) }]],
    ["localhost", [{ act: "allow", target: name("localhost") }]],
    [
      "allow 10.0.0.0/8, *.example.com\ndeny 10.0.9.0/24",
      [
        { act: "allow", target: network("10.0.0.0", 8) },
        { act: "allow", target: name("example.com", true) },
        { act: "deny", target: network("10.0.9.0", 24) },
      ],
    ],
    [
      "ALLOW=10.0.0.0/8; deny:10.0.9.0/24",
      [
        { act: "allow", target: network("10.0.0.0", 8) },
        { act: "deny", target: network("10.0.9.0", 24) },
      ],
    ],
  ])("%j", (text, rules) => {
    expect(readNetworkRules(text)).toEqual(rules);
  });

  test.each([
    "allow",
    "deny 10.0.0.0/8 allow",
    "allow deny 10.0.0.0/8",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "10.0.0/8",
    "10.0.0.256",
    "1.2.3.4.5",
    "0x0a000001",
    "fd00::/129",
    "fe80::1%eth0",
    "[fd00::",
    "fd00::]:5432",
    "10.0.0.1:0",
    "10.0.0.1:65536",
    "10.0.0.1:5440-5432",
    "10.0.0.1:",
    "10.0.0.1:postgres",
    "*.*.example.com",
    "db.*.com",
    "http://db.example.com",
    "db.example.com/24",
    "permit:10.0.0.0/8",
    "-",
  ])("%j is no list", (text) => {
    expect(readNetworkRules(text)).toBeUndefined();
  });
});
