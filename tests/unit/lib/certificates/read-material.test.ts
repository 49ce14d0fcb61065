import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  X509Certificate,
} from "node:crypto";
import { rootCertificates } from "node:tls";
import { describe, expect, test } from "vitest";
import { leafFirst } from "#lib/certificates/client-key.ts";
import { describeCertificate, readMaterial } from "#lib/certificates/read-material.ts";
import { KeyOpener } from "#lib/certificates/unlock-key.ts";
import { makeCertificate, makeCrl, rewriteKey } from "#lib/samples/certificates.ts";
import { Secret } from "#lib/secret.ts";

const now = new Date("2026-11-22T12:00:00Z");
const day = 86_400_000;
const later = (days: number) => new Date(now.getTime() + days * day);
const valid = { notBefore: later(-10), notAfter: later(30) };

const root = await makeCertificate({
  commonNames: ["Test root"],
  organization: "Example",
  ca: true,
  ...valid,
});
const leaf = await makeCertificate({
  commonNames: ["db.example.test"],
  organization: "Smith, Jones & Co",
  dns: ["db.example.test", "*.example.test"],
  ip: ["192.0.2.7", "2001:db8::7"],
  email: ["dba@example.test"],
  purposes: ["serverAuth", "clientAuth"],
  issuer: root,
  ...valid,
});
const codes = (facts: { problems: readonly { code: string }[] }) => facts.problems.map((found) => found.code);

describe("a certificate is described", () => {
  test("in full", () => {
    expect(describeCertificate(leaf.x509, now)).toEqual({
      subject: "CN=db.example.test, O=Smith\\, Jones & Co",
      issuer: "CN=Test root, O=Example",
      sans: [
        "DNS:db.example.test",
        "DNS:*.example.test",
        "IP:192.0.2.7",
        "IP:2001:db8::7",
        "email:dba@example.test",
      ],
      serial: leaf.x509.serialNumber,
      notBefore: later(-10).toISOString(),
      notAfter: later(30).toISOString(),
      daysLeft: 30,
      key: "EC P-256",
      signature: "SHA-256 with ECDSA",
      sha256: leaf.x509.fingerprint256,
      selfSigned: false,
      ca: false,
      keyUsage: expect.arrayContaining(["digitalSignature"]),
      extendedKeyUsage: ["serverAuth", "clientAuth"],
      pem: leaf.pem,
    });
    expect(describeCertificate(leaf.der, now)).toEqual(describeCertificate(leaf.x509, now));
  });

  test("a root, as a CA that signed itself", () => {
    expect(describeCertificate(root.der, now)).toMatchObject({
      selfSigned: true,
      ca: true,
      keyUsage: expect.arrayContaining(["keyCertSign"]),
    });
  });

  test.each([
    ["ec", "SHA-256", "EC P-256", "SHA-256 with ECDSA"],
    ["ec-p384", "SHA-256", "EC P-384", /with ECDSA$/],
    ["rsa-1024", "SHA-1", "RSA 1024", "SHA-1 with RSA"],
    ["rsa-2048", "SHA-256", "RSA 2048", "SHA-256 with RSA"],
    ["ed25519", "SHA-256", "Ed25519", "Ed25519"],
  ] as const)("a key %s signed with %s", async (key, hash, name, signature) => {
    const made = await makeCertificate({ commonNames: ["x"], key, hash, ...valid });
    const facts = describeCertificate(made.der, now);
    expect(facts.key).toBe(name);
    expect(facts.signature).toMatch(signature);
  });

  test.each([
    [0.5, 0],
    [1, 1],
    [-0.5, -1],
    [-3, -3],
  ])("that ends in %d days has %d whole days left", async (days, left) => {
    const made = await makeCertificate({ commonNames: ["x"], notBefore: later(-9), notAfter: later(days) });
    expect(describeCertificate(made.der, now).daysLeft).toBe(left);
  });

  test("with a name that tries to hide what it is", async () => {
    const made = await makeCertificate({
      commonNames: [" a\u202eb\u0000c"],
      dns: ["x\u0007.test"],
      ...valid,
    });
    const facts = describeCertificate(made.der, now);
    expect(`${facts.subject}${facts.sans}`).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test("as Node and OpenSSL see it, for every root that Node carries", () => {
    for (const pem of rootCertificates) {
      const x509 = new X509Certificate(pem);
      const facts = describeCertificate(x509, now);
      expect(facts).toMatchObject({
        serial: x509.serialNumber,
        sha256: x509.fingerprint256,
        notBefore: new Date(x509.validFrom).toISOString(),
        notAfter: new Date(x509.validTo).toISOString(),
        selfSigned: x509.checkIssued(x509),
        ca: x509.ca,
        pem: x509.toString(),
        key: keyWords(x509.publicKey),
      });
      expect(facts.signature).toMatch(/^(SHA-(1|256|384|512) with (RSA|ECDSA)|Ed25519)$/);
      const attributes = facts.subject.split(/(?<!\\), /).map((attribute) => attribute.split("=")[0]);
      const names = x509.subject.split("\n").map((line) => line.split("=")[0]);
      expect(attributes).toEqual(names.reverse());
    }
  });

  test("from bytes that are no certificate: not at all, rather than wrongly", () => {
    expect(() => describeCertificate(randomBytes(200), now)).toThrow();
  });
});

describe("the CA box", () => {
  test("takes a bundle of 200 certificates, each described", () => {
    const bundle = [...rootCertificates, ...rootCertificates].slice(0, 200).join("\n");
    const facts = readMaterial("ca", bundle, { now });
    expect(facts.certificates).toHaveLength(200);
    expect(facts.problems).toEqual([]);
  });

  test("names the one broken block that Node would leave out in silence", () => {
    const garbled = root.pem.replace(/\n[A-Za-z0-9+/]{20}/, `\nMIIB${"A".repeat(16)}`);
    const facts = readMaterial("ca", leaf.pem + garbled + leaf.pem, { now });
    expect(facts.certificates).toHaveLength(2);
    expect(facts.problems).toMatchObject([{ facts: { block: 2, blocks: 3 } }]);
  });

  test("refuses a block that is PEM and DER but no certificate", () => {
    const block = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n";
    expect(codes(readMaterial("ca", block, { now }))).toEqual(["pem-unusable"]);
  });

  test("is content with nothing, and refuses too much", () => {
    expect(readMaterial("ca", " \n", { now })).toEqual({ certificates: [], crls: [], problems: [] });
    expect(readMaterial("ca", "x".repeat(600_000), { now }).problems).toMatchObject([
      { code: "setting-invalid", facts: { reason: "pem-too-long" } },
    ]);
  });

  test("takes an expired CA: only the server's chain decides", async () => {
    const old = await makeCertificate({
      commonNames: ["old"],
      ca: true,
      notBefore: later(-9),
      notAfter: later(-1),
    });
    expect(codes(readMaterial("ca", old.pem, { now }))).toEqual([]);
  });
});

describe("the client certificate box", () => {
  test("tells an expired certificate, of the leaf alone", async () => {
    const old = await makeCertificate({
      commonNames: ["app"],
      issuer: root,
      notBefore: later(-9),
      notAfter: later(-1),
    });
    expect(readMaterial("clientCertificate", old.pem, { now }).problems).toMatchObject([
      { code: "client-certificate-expired", facts: { notAfter: later(-1).toISOString() } },
    ]);
    expect(codes(readMaterial("clientCertificate", leaf.pem + old.pem, { now }))).toEqual([]);
  });

  test("never takes a private key, which would be shown to people", () => {
    const facts = readMaterial("clientCertificate", leaf.pem + leaf.keyPem, { now });
    expect(codes(facts)).toEqual(["pem-wrong-box"]);
    expect(JSON.stringify(facts)).not.toContain(leaf.keyPem.split("\n")[1]);
  });
});

describe("the client key box", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey;
  const ed = generateKeyPairSync("ed25519").privateKey;
  const passphrase = new Secret("open sesame");
  const locked = { cipher: "aes-128-cbc", passphrase: "open sesame" } as const;

  test.each([
    ["PKCS#1", "RSA 2048", rsa.export({ type: "pkcs1", format: "pem" })],
    ["PKCS#8", "RSA 2048", rsa.export({ type: "pkcs8", format: "pem" })],
    ["SEC1", "EC P-384", ec.export({ type: "sec1", format: "pem" })],
    ["PKCS#8", "Ed25519", ed.export({ type: "pkcs8", format: "pem" })],
  ])("opens %s, %s", async (kind, description, pem) => {
    const facts = readMaterial("clientKey", pem.toString(), { now });
    expect(facts).toEqual({
      certificates: [],
      key: { kind, encrypted: false, description },
      crls: [],
      problems: [],
    });
    expect((await opened(new Secret(pem.toString()), passphrase)).problems).toEqual([]);
  });

  test.each([
    ["PKCS#1", "RSA 2048", rsa.export({ type: "pkcs1", format: "pem", ...locked })],
    ["PKCS#1", "RSA 2048", rsa.export({ type: "pkcs1", format: "pem", ...locked, cipher: "des-ede3-cbc" })],
    ["PKCS#8", "RSA 2048", rsa.export({ type: "pkcs8", format: "pem", ...locked })],
    ["SEC1", "EC P-384", ec.export({ type: "sec1", format: "pem", ...locked })],
    ["PKCS#8", "Ed25519", ed.export({ type: "pkcs8", format: "pem", ...locked, cipher: "aes-256-cbc" })],
  ])("opens encrypted %s, %s, with its passphrase only", async (kind, description, pem) => {
    const text = new Secret(pem.toString());
    expect(await opened(text, passphrase)).toMatchObject({
      key: { kind, encrypted: true, description },
      problems: [],
    });
    for (const missing of [undefined, new Secret("")]) {
      const facts = await opened(text, missing);
      expect(facts).toMatchObject({
        key: { kind, encrypted: true },
        problems: [{ code: "key-passphrase-missing" }],
      });
      expect(facts.key?.description).toBeUndefined();
    }
    // One wrong passphrase in some hundreds happens to unpad well, and then fails in another place.
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const wrong = new Secret(`wrong ${attempt}`);
      expect(codes(await opened(text, wrong))).toEqual(["key-passphrase-wrong"]);
    }
  });

  test.each([
    ["DES, traditional", traditional("DES-CBC"), "DES-CBC"],
    ["a cipher nobody knows", traditional("ROT-13"), "ROT-13"],
    ["PBE-MD5-DES", pkcs8Encrypted("1.2.840.113549.1.5.3", 2048), "PBE-MD5-DES"],
    ["PBE-SHA1-RC2-40", pkcs8Encrypted("1.2.840.113549.1.12.1.6", 2048), "PBE-SHA1-RC2-40"],
  ])("says that %s cannot be opened", async (_, pem, cipher) => {
    expect((await opened(new Secret(pem), passphrase)).problems).toMatchObject([
      { code: "key-cipher-unsupported", facts: { cipher } },
    ]);
  });

  test("says at once that a thousand million rounds are too many", async () => {
    const began = performance.now();
    const text = new Secret(pkcs8Encrypted("1.2.840.113549.1.12.1.3", 1_000_000_000));
    expect((await opened(text, passphrase)).problems).toMatchObject([
      { code: "key-too-costly", facts: { short: "alone" } },
    ]);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  test("tells whether it belongs to the certificate", () => {
    const own = readMaterial("clientKey", leaf.keyPem, { certificate: leaf.chainPem, now });
    expect(own).toMatchObject({ key: { belongs: true }, problems: [] });
    const other = readMaterial("clientKey", leaf.keyPem, { certificate: root.pem, now });
    expect(other).toMatchObject({ key: { belongs: false }, problems: [{ code: "key-not-for-certificate" }] });
    expect(readMaterial("clientKey", leaf.keyPem, { certificate: "", now }).key?.belongs).toBeUndefined();
  });

  test("takes a bundle of key and certificates, and describes both", () => {
    expect(readMaterial("clientKey", leaf.pem + leaf.keyPem, { certificate: leaf.pem, now })).toMatchObject({
      certificates: [{ subject: "CN=db.example.test, O=Smith\\, Jones & Co" }],
      key: { kind: "PKCS#8", belongs: true },
      problems: [],
    });
  });

  test("refuses what only looks like a key", () => {
    const block = "-----BEGIN PRIVATE KEY-----\nMAMCAQE=\n-----END PRIVATE KEY-----\n";
    expect(codes(readMaterial("clientKey", block, { now }))).toEqual(["pem-unusable"]);
    expect(codes(readMaterial("clientKey", leaf.pem, { now }))).toEqual(["pem-wrong-box"]);
  });

  test("shows no part of a key or a passphrase", async () => {
    for (const text of [leaf.keyPem, rewriteKey(leaf.keyPem, "pkcs8", "open sesame")]) {
      const shown = JSON.stringify(await opened(new Secret(text), passphrase, root.pem));
      expect(shown).not.toContain("sesame");
      for (const line of text.split("\n").slice(1, -2)) expect(shown).not.toContain(line);
    }
  });

  test("the certificates are put in the order that TLS wants", () => {
    const key = createPrivateKey(leaf.keyPem);
    expect(leafFirst(root.pem + leaf.pem, key)).toBe(leaf.pem + root.pem);
    expect(leafFirst(leaf.pem + root.pem, key)).toBe(leaf.pem + root.pem);
    expect(leafFirst(root.pem + root.pem, key)).toBe(root.pem + root.pem);
    expect(leafFirst(root.pem + leaf.pem, undefined)).toBe(root.pem + leaf.pem);
  });
});

describe("the revocation list box", () => {
  test("describes a list", async () => {
    const dates = { thisUpdate: later(-1), nextUpdate: later(6) };
    const crl = await makeCrl({ issuer: root, revoked: [leaf], ...dates });
    const empty = await makeCrl({ issuer: root, ...dates });
    const facts = { issuer: "CN=Test root, O=Example" };
    expect(readMaterial("crl", crl.pem + empty.pem, { now })).toEqual({
      certificates: [],
      crls: [
        { ...facts, thisUpdate: later(-1).toISOString(), nextUpdate: later(6).toISOString(), revoked: 1 },
        { ...facts, thisUpdate: later(-1).toISOString(), nextUpdate: later(6).toISOString(), revoked: 0 },
      ],
      problems: [],
    });
  });

  test("refuses what is none", () => {
    const block = "-----BEGIN X509 CRL-----\nMAMCAQE=\n-----END X509 CRL-----\n";
    expect(codes(readMaterial("crl", block, { now }))).toEqual(["pem-unusable"]);
    expect(codes(readMaterial("crl", leaf.pem, { now }))).toEqual(["pem-wrong-box"]);
  });
});

function keyWords(key: KeyObject): string {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const curves: Record<string, string> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };
  return key.asymmetricKeyType === "rsa" ? `RSA ${modulusLength}` : `EC ${curves[namedCurve ?? ""]}`;
}

function traditional(cipher: string): string {
  const body = createHash("sha512").update(cipher).digest("base64");
  return `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: ${cipher},0123456789ABCDEF\n\n${body}\n-----END RSA PRIVATE KEY-----\n`;
}

/** EncryptedPrivateKeyInfo (RFC 5958) with a password-based cipher of PKCS#5 version 1 or PKCS#12. */
function pkcs8Encrypted(oid: string, rounds: number): string {
  const parameters = der(0x30, der(0x04, Buffer.alloc(8, 1)), der(0x02, unsigned(rounds)));
  const info = der(0x30, der(0x30, oidDer(oid), parameters), der(0x04, Buffer.alloc(48, 2)));
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${info.toString("base64")}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const contents = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, contents.length]), contents]);
}

function unsigned(value: number): Buffer {
  const hex = value.toString(16);
  const even = hex.padStart(hex.length + (hex.length % 2), "0");
  // A leading nought keeps it from being negative.
  return Buffer.from(even >= "8" ? `00${even}` : even, "hex");
}

function oidDer(oid: string): Buffer {
  const [first = 0, second = 0, ...rest] = oid.split(".").map(Number);
  const octets = rest.flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from([first * 40 + second, ...octets]));
}

/** A key as the console reads it: opened off the thread, then described. */
async function opened(text: Secret, passphrase: Secret | undefined, certificate?: string) {
  const key = await new KeyOpener().openText(text, passphrase);
  return readMaterial("clientKey", text, { opened: key, certificate, now });
}
