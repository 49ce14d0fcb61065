import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { normalisePem, pemBlocks, pemTextProblem } from "#lib/certificates/pem-kind.ts";
import { makeCertificate, makeCrl } from "#lib/samples/certificates.ts";
import { pemVariants } from "./pem-variants.ts";

const root = await makeCertificate({ commonNames: ["Test root"], ca: true });
const leaf = await makeCertificate({ commonNames: ["app"], issuer: root });
const crl = await makeCrl({ issuer: root });
const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const locked = { cipher: "aes-128-cbc", passphrase: "open sesame" } as const;
const key = (type: "pkcs1" | "pkcs8" | "sec1", more = {}) =>
  (type === "pkcs1" ? rsa : ec).export({ type: type as "pkcs8", format: "pem", ...more }).toString();

const kinds = [
  ["a certificate", "ca", leaf.pem],
  ["a chain", "clientCertificate", leaf.pem + root.pem],
  ["a PKCS#8 key", "clientKey", key("pkcs8")],
  ["a PKCS#1 key", "clientKey", key("pkcs1")],
  ["a SEC1 key", "clientKey", key("sec1")],
  ["an encrypted PKCS#8 key", "clientKey", key("pkcs8", locked)],
  ["an encrypted PKCS#1 key", "clientKey", key("pkcs1", locked)],
  ["a revocation list", "crl", crl.pem],
] as const;

describe.each(Object.entries(pemVariants))("PEM on its way: %s", (_name, vary) => {
  test.each(kinds)("%s is the same to the byte", (_kind, box, pem) => {
    const given = vary(pem);
    expect(pemTextProblem(box, given)).toBeUndefined();
    expect(pemBlocks(given).map((block) => block.pem)).toEqual(pemBlocks(pem).map((block) => block.pem));
    expect(normalisePem(given).trim()).toBe(pem.trim());
  });
});
