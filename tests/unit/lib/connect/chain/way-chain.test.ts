import { expect, test } from "vitest";
import { givenCaChain, wayChain } from "#lib/connect/chain/way-chain.ts";
import { certificate, drawn } from "./drawn.ts";

const now = new Date("2026-06-01T00:00:00Z");
const leaf = certificate("leaf", "middle");
const middle = certificate("middle", "root", { ca: true });
const root = certificate("root", "root", { ca: true });
const other = certificate("other", "other", { ca: true });
const own = certificate("own", "own");
const past = { notAfter: "2026-05-01T00:00:00.000Z" };
const coming = { notBefore: "2026-07-01T00:00:00.000Z" };

test.each([
  ["a root", [root], "root = store"],
  ["a root with its intermediate, in any order", [root, middle], "intermediate = root = store"],
  ["a whole chain", [leaf, middle, root], "leaf = intermediate = root = store"],
  ["a certificate of one's own", [own], "leaf = pin"],
  ["an intermediate alone", [middle], "intermediate x{tls-anchor-is-intermediate} (root) x . store ."],
  ["one that is over", [certificate("old", "old", { ca: true, ...past })], "root x[tls-expired] = store"],
  [
    "one that is not yet",
    [certificate("new", "new", { ca: true, ...coming })],
    "root x[tls-not-yet-valid] = store",
  ],
  ["two roots", [root, other], ""],
  ["a ring", [certificate("a", "b", { ca: true }), certificate("b", "a", { ca: true })], ""],
  [
    "a bundle",
    Array.from({ length: 6 }, (_, index) => certificate(`${index}`, `${index}`, { ca: true })),
    "",
  ],
  ["nothing", [], ""],
])("pasted as CA: %s", (_what, certificates, drawing) => {
  expect(drawn(givenCaChain(certificates, now))).toBe(drawing);
});

test.each([
  ["anchor", [leaf, middle, root], "leaf = intermediate = root = store"],
  ["self-signed", [leaf, middle, root], "leaf = intermediate = root x{tls-unknown-ca} store ."],
  ["issuer-unknown", [leaf], "leaf x{tls-unknown-ca} (root) x . store ."],
  ["partial-anchor", [leaf, middle], "leaf = intermediate x{tls-anchor-is-intermediate} (root) x . store ."],
] as const)("a way that ends in %s", (end, certificates, drawing) => {
  expect(drawn(wayChain({ certificates, end, store: "system,mozilla" }, now))).toBe(drawing);
});
