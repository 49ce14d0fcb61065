import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { compareFingerprint } from "#lib/certificates/fingerprint.ts";
import { makeCertificate } from "#lib/samples/certificates.ts";

const pairs = Array.from({ length: 32 }, (_, index) =>
  (index * 7 + 160).toString(16).slice(-2).toUpperCase(),
);
const sha256 = pairs.join(":");
const other = [...pairs.slice(0, -1), "00"].join(":");
const sha1 = pairs.slice(0, 20).join(":");

test.each([
  ["as it stands here", sha256, "equal"],
  ["OpenSSL 3", `sha256 Fingerprint=${sha256}\n`, "equal"],
  ["OpenSSL 1.1", `SHA256 Fingerprint=${sha256}`, "equal"],
  [
    "between other lines",
    `subject=CN = db\nnotAfter=Jan  1 00:00:00 2027 GMT\nsha256 Fingerprint=${sha256}\nbe well`,
    "equal",
  ],
  ["certutil", `  Cert Hash(sha256): ${pairs.join("").toLowerCase()}`, "equal"],
  ["certutil of old", `Cert Hash(sha256): ${pairs.join(" ").toLowerCase()}`, "equal"],
  ["PowerShell", pairs.join("-"), "equal"],
  ["sha256sum of the DER", `${pairs.join("").toLowerCase()}  -`, "equal"],
  ["twice the same", `${sha256}\n${sha256}`, "equal"],
  ["SHA-1 and SHA-256", `Cert Hash(sha1): ${sha1}\nCert Hash(sha256): ${sha256}`, "equal"],
  ["another one", `sha256 Fingerprint=${other}`, "different"],
  ["two", `${sha256}\n${other}`, "unreadable"],
  ["SHA-1", `SHA1 Fingerprint=${sha1}`, "sha1"],
  ["cut short", sha256.slice(0, -3), "unreadable"],
  ["too long", `${sha256}:AB`, "unreadable"],
  ["longer before", `AB:${sha256}`, "unreadable"],
  ["SHA-512", [...pairs, ...pairs].join(":"), "unreadable"],
  ["words", "the fingerprint of the server", "unreadable"],
  ["nothing", "", "unreadable"],
])("%s: %#", (_what, pasted, match) => {
  expect(compareFingerprint(sha256, pasted)).toBe(match);
});

test("what Node calls the fingerprint of a certificate is read", async () => {
  const { fingerprint256 } = new X509Certificate((await makeCertificate({ commonNames: ["db.test"] })).pem);
  expect(compareFingerprint(fingerprint256, `sha256 Fingerprint=${fingerprint256}`)).toBe("equal");
});
