import { describe, expect, test } from "vitest";
import { endsDisagree } from "#lib/connect/ends-disagree.ts";
import { tlsTruth } from "#lib/connect/tls-truth.ts";
import type { TlsReport } from "#lib/wire/report.ts";

const ours = (protocol: string, cipher: string): TlsReport => ({
  encrypted: true,
  verified: "full",
  protocol,
  cipher,
  keyExchange: null,
  sni: null,
  alpn: null,
  channelBinding: false,
  channelBindingOffered: null,
  clientCertificateAsked: null,
  built: [],
  negotiation: "postgres",
  anchor: null,
  chain: [],
  clientCertificate: null,
  name: { host: "db.test", matches: true, checked: true },
  store: null,
  end: null,
  unverifiedReason: null,
});
const theirs = (version: string | null, cipher: string | null) => ({
  ssl: true,
  version,
  cipher,
  clientDn: null,
});
const plain = { ssl: false, version: null, cipher: null, clientDn: null };

describe("endsDisagree", () => {
  test.each([
    ["TLS 1.3", ours("TLSv1.3", "TLS_AES_256_GCM_SHA384"), theirs("TLSv1.3", "TLS_AES_256_GCM_SHA384")],
    [
      "OpenSSL's name on one end, IANA's on the other",
      ours("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
      theirs("TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384"),
    ],
    [
      "ChaCha20",
      ours("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
      theirs("TLSv1.2", "ECDHE-ECDSA-CHACHA20-POLY1305"),
    ],
    ["plain text on both", null, plain],
    ["a server that does not tell", ours("TLSv1.3", "x"), null],
    ["a server that tells half", ours("TLSv1.3", "x"), theirs(null, null)],
  ])("agrees: %s", (_, tls, sees) => {
    expect(endsDisagree(tls, sees)).toEqual([]);
  });

  test.each([
    ["a pooler ends our TLS", ours("TLSv1.3", "x"), plain, ["server-plaintext"]],
    ["a pooler speaks TLS behind our plain text", null, theirs("TLSv1.3", "x"), ["server-encrypted"]],
    [
      "another version there",
      ours("TLSv1.3", "TLS_AES_128_GCM_SHA256"),
      theirs("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256"),
      ["protocol", "cipher"],
    ],
    [
      "another cipher there",
      ours("TLSv1.3", "TLS_AES_128_GCM_SHA256"),
      theirs("TLSv1.3", "TLS_AES_256_GCM_SHA384"),
      ["cipher"],
    ],
  ])("disagrees: %s", (_, tls, sees, found) => {
    expect(endsDisagree(tls, sees)).toEqual(found);
  });
});

describe("tlsTruth", () => {
  test.each(["full", "ca", "pinned"] as const)("%s is said as it is", (verified) => {
    expect(tlsTruth({ ...ours("TLSv1.3", "x"), verified })).toBe(verified);
  });

  test("encrypted is not verified, and no TLS is plain text", () => {
    expect(tlsTruth({ ...ours("TLSv1.3", "x"), verified: "none" })).toBe("unverified");
    expect(tlsTruth(null)).toBe("plaintext");
  });
});
