import { X509Certificate } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { anchorSet } from "#lib/trust/anchor-set.ts";
import type { TrustAnchors } from "#lib/trust/trust-anchors.ts";
import { type Evidence, noEvidence } from "#lib/wire/evidence.ts";
import { verifiedBy } from "#lib/wire/verified.ts";
import { wireProfile } from "#tests/support/wire-profile.ts";

let leaf: X509Certificate;
let other: X509Certificate;

beforeAll(async () => {
  leaf = new X509Certificate((await makeCertificate({ commonNames: ["db.test"] })).pem);
  other = new X509Certificate((await makeCertificate({ commonNames: ["other.test"] })).pem);
});

/** What is trusted, as a connection that brings it along has it. */
const anchors = (...pems: string[]): TrustAnchors => ({
  ...anchorSet("the connection", pems),
  source: "own",
});

type Mode = "require" | "verify-ca" | "verify-full";

/** What was seen of a handshake whose every check was passed, but for what the row says. */
function seen(mode: Mode, change: Partial<NonNullable<Evidence["handshake"]>> = {}): Evidence {
  const evidence = noEvidence(wireProfile({ port: 1, tls: { mode, trust: "system" } }), new Date());
  const handshake = { chain: [leaf], accepted: true, verifyError: null, ...change };
  return { ...evidence, anchors: anchors(), handshake: handshake as never };
}

test.each<[string, () => Evidence, string]>([
  ["in full", () => seen("verify-full"), "full"],
  ["but for its name", () => seen("verify-ca"), "ca"],
  ["not at all where nothing is asked", () => seen("require"), "none"],
  ["not at all where a check failed", () => seen("verify-full", { accepted: false }), "none"],
  [
    "not at all where its chain is not verified",
    () => seen("verify-full", { verifyError: "CERT_HAS_EXPIRED" }),
    "none",
  ],
  ["not at all before there is a handshake", () => ({ ...seen("verify-full"), handshake: null }), "none"],
  ["as this very certificate", () => ({ ...seen("verify-ca"), anchors: anchors(leaf.toString()) }), "pinned"],
  [
    "by another certificate that is trusted",
    () => ({ ...seen("verify-ca"), anchors: anchors(other.toString()) }),
    "ca",
  ],
  ["where no anchors are known", () => ({ ...seen("verify-full"), anchors: null }), "full"],
  [
    "where it sent no certificate",
    () => ({ ...seen("verify-full", { chain: [] }), anchors: anchors(leaf.toString()) }),
    "full",
  ],
])("a server is verified %s", (_, evidence, verified) => {
  expect(verifiedBy(evidence())).toBe(verified);
});
