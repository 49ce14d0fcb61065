import { describe, expect, test } from "vitest";
import { serverChain } from "#lib/connect/chain/server-chain.ts";
import { type ChainCode, chainCodes } from "#lib/problems/chain-codes.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { TlsReport } from "#lib/wire/report.ts";
import { certificate, drawn } from "./drawn.ts";

const now = new Date("2026-06-01T00:00:00Z");

const leaf = certificate("leaf", "middle");
const middle = certificate("middle", "root", { ca: true });
const root = certificate("root", "root", { ca: true });
const alone = certificate("alone", "alone");

const report = (given: Partial<TlsReport> = {}): TlsReport => ({
  encrypted: true,
  verified: "none",
  protocol: "TLSv1.3",
  cipher: "",
  keyExchange: null,
  sni: null,
  alpn: null,
  channelBinding: false,
  channelBindingOffered: null,
  clientCertificateAsked: null,
  negotiation: "postgres",
  name: { host: "db.test", matches: true, checked: true },
  store: "own",
  end: "anchor",
  anchor: null,
  chain: [leaf, middle],
  built: [leaf, middle, root],
  clientCertificate: null,
  unverifiedReason: null,
  ...given,
});

type Row = readonly [tls: Partial<TlsReport>, facts: Problem["facts"], drawing: string];

/** One row a code: the report it comes with, what the problem says, and the drawing. */
const rows: Readonly<Record<ChainCode, Row>> = {
  "tls-unknown-ca": [
    { end: "self-signed" },
    { sha256: root.sha256 },
    "host = leaf = intermediate = root x{tls-unknown-ca} store .",
  ],
  "tls-self-signed": [
    { end: "self-signed", chain: [alone], built: [alone] },
    { sha256: alone.sha256 },
    "host = leaf@x x[tls-self-signed] . store .",
  ],
  "tls-intermediate-missing": [
    { end: "issuer-unknown", chain: [leaf], built: [leaf] },
    { sha256: leaf.sha256 },
    "host = leaf x{tls-intermediate-missing} (intermediate) x . store .",
  ],
  "tls-anchor-is-intermediate": [
    { end: "partial-anchor", built: [leaf, middle] },
    { sha256: middle.sha256 },
    "host = leaf = intermediate x{tls-anchor-is-intermediate} (root) x . store .",
  ],
  "tls-expired": [{}, { sha256: middle.sha256 }, "host = leaf = intermediate x[tls-expired] = root = store"],
  "tls-not-yet-valid": [
    {},
    { sha256: leaf.sha256 },
    "host = leaf x[tls-not-yet-valid] = intermediate = root = store",
  ],
  "tls-revoked": [{}, { sha256: leaf.sha256 }, "host = leaf x[tls-revoked] = intermediate = root = store"],
  "tls-crl-missing": [
    {},
    { sha256: leaf.sha256 },
    "host = leaf x{tls-crl-missing} intermediate = root = store",
  ],
  "tls-wrong-purpose": [
    {},
    { sha256: leaf.sha256 },
    "host = leaf x[tls-wrong-purpose] = intermediate = root = store",
  ],
  "tls-critical-extension": [
    {},
    { sha256: middle.sha256 },
    "host = leaf = intermediate x[tls-critical-extension] = root = store",
  ],
  "tls-name-constraint": [
    {},
    { sha256: middle.sha256, name: middle.subject },
    "host = leaf x{tls-name-constraint} intermediate x = root = store",
  ],
  "tls-issuer-not-allowed": [
    {},
    { sha256: root.sha256, name: root.subject },
    "host = leaf = intermediate x{tls-issuer-not-allowed} root x = store",
  ],
  "tls-certificate-refused": [
    {},
    { sha256: leaf.sha256 },
    "host = leaf x[tls-certificate-refused] = intermediate = root = store",
  ],
  "tls-weak-key": [
    {},
    { sha256: middle.sha256 },
    "host = leaf = intermediate x[tls-weak-key] = root = store",
  ],
  "tls-weak-signature": [
    {},
    { sha256: middle.sha256 },
    "host = leaf = intermediate x{tls-weak-signature} root = store",
  ],
  "tls-pin-changed": [
    { end: "self-signed", chain: [alone], built: [alone] },
    { sha256: alone.sha256, expected: "AA:BB", expectedSubject: "CN=before" },
    "host = leaf x{tls-pin-changed} pin .",
  ],
  "psql-unregistered-scheme": [
    { store: "system" },
    {},
    "host = leaf = intermediate = root . store x[psql-unregistered-scheme]",
  ],
  "tls-hostname-mismatch": [
    { name: { host: "db.test", matches: false, checked: true } },
    { host: "db.test" },
    "host x{tls-hostname-mismatch} leaf = intermediate = root = store",
  ],
};

describe("a chain that failed", () => {
  test.each(chainCodes)("%s has a drawing of its own", (code) => {
    const [tls, facts, drawing] = rows[code];
    expect(drawn(serverChain(report(tls), { code, facts, also: [] }, now))).toBe(drawing);
  });

  test("no two are drawn alike", () => {
    expect(new Set(Object.values(rows).map(([, , drawing]) => drawing)).size).toBe(chainCodes.length);
  });

  test.each<[what: string, code: ChainCode, ...row: Row]>([
    [
      "a root that nobody sent",
      "tls-unknown-ca",
      { end: "issuer-unknown", chain: [leaf], built: [leaf] },
      { sha256: leaf.sha256 },
      "host = leaf x{tls-unknown-ca} (root) x . store .",
    ],
    [
      "an issuer that no way reaches",
      "tls-issuer-not-allowed",
      { end: "issuer-unknown", chain: [leaf], built: [leaf] },
      { name: "CN=middle" },
      "host = leaf x{tls-issuer-not-allowed} (intermediate) x . store .",
    ],
    [
      "bounds that nobody names",
      "tls-name-constraint",
      {},
      {},
      "host = leaf x{tls-name-constraint} intermediate = root = store",
    ],
    [
      "another chain than the pin",
      "tls-pin-changed",
      { end: "self-signed" },
      { expected: "AA:BB" },
      "host = leaf = intermediate = root x{tls-pin-changed} pin .",
    ],
  ])("%s", (_what, code, tls, facts, drawing) => {
    expect(drawn(serverChain(report(tls), { code, facts, also: [] }, now))).toBe(drawing);
  });

  test("what comes next is drawn as well, on the certificates that are so", () => {
    const old = {
      ...middle,
      notAfter: "2026-05-01T00:00:00.000Z",
      key: "RSA 1024",
      signature: "SHA-1 with RSA",
    };
    const tls = report({
      end: "self-signed",
      built: [leaf, old, root],
      name: { host: "db.test", matches: false, checked: true },
    });
    const also = ["tls-weak-signature", "tls-unknown-ca", "tls-hostname-mismatch", "auth-refused"] as const;
    expect(drawn(serverChain(tls, { code: "tls-expired", facts: { sha256: old.sha256 }, also }, now))).toBe(
      "host x{tls-hostname-mismatch} leaf = intermediate x[tls-expired] x{tls-weak-signature} root x{tls-unknown-ca} store .",
    );
    const codes = ["tls-expired", "tls-weak-key"] as const;
    for (const code of codes) {
      const [, , found] = serverChain(tls, { code: "tls-revoked", facts: {}, also: [code] }, now);
      expect(found?.fault).toBe(code);
    }
  });

  test("the pin says what was expected", () => {
    const facts = { expected: "AA:BB", expectedSubject: "CN=before" };
    const drawing = serverChain(report(rows["tls-pin-changed"][0]), {
      code: "tls-pin-changed",
      facts,
      also: [],
    });
    expect(drawing.at(-1)).toMatchObject({ role: "pin", name: "CN=before", sha256: "AA:BB" });
  });
});

describe("a chain that did not fail", () => {
  const sound = { store: "own", anchor: { source: "own", certificate: root } } as const;
  const looked = { store: null, end: null, built: [] } as const;
  test.each<[what: string, tls: Partial<TlsReport>, drawing: string]>([
    ["Verify Full", { ...sound, verified: "full" }, "host = leaf = intermediate = root = store"],
    [
      "Verify CA",
      { ...sound, verified: "ca", name: { host: "db.test", matches: true, checked: false } },
      "host . . leaf = intermediate = root = store",
    ],
    [
      "Verify CA, another name",
      { ...sound, verified: "ca", name: { host: "db.test", matches: false, checked: false } },
      "host . ~{tls-hostname-mismatch} leaf = intermediate = root = store",
    ],
    ["a pin", { ...sound, verified: "pinned", chain: [alone], built: [alone] }, "host = leaf = pin"],
    ["Require", looked, "host . . leaf . . intermediate . . store ."],
    [
      "Require, self-signed",
      { ...looked, chain: [alone], unverifiedReason: "DEPTH_ZERO_SELF_SIGNED_CERT" },
      "host . . leaf@~ ~[tls-self-signed] . store .",
    ],
    [
      "Require, unknown",
      { ...looked, chain: [leaf], unverifiedReason: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" },
      "host . . leaf . ~{tls-unknown-ca} (root) ~ . store .",
    ],
    [
      "Require, expired",
      { ...looked, chain: [leaf], unverifiedReason: "CERT_HAS_EXPIRED" },
      "host . . leaf ~[tls-expired] . store .",
    ],
    ["a server without a certificate", { ...looked, chain: [] }, "host . ."],
  ])("%s", (_what, tls, drawing) => {
    expect(drawn(serverChain(report(tls), null, now))).toBe(drawing);
  });

  test("trouble of another step leaves it whole", () => {
    const refused = { code: "auth-password-wrong", facts: {}, also: [] } as const;
    expect(drawn(serverChain(report({ ...sound, verified: "full" }), refused, now))).toBe(
      "host = leaf = intermediate = root = store",
    );
  });

  test("says who gave each certificate", () => {
    const drawing = serverChain(report({ ...sound, verified: "full" }), null, now);
    expect(drawing.map(({ from }) => from)).toEqual([undefined, "server", "server", "store", undefined]);
  });
});
