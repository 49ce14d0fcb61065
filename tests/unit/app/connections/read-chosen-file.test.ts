import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { readChosenFile } from "#app/(console)/connections/form/read-chosen-file.ts";
import { makeCertificate, makeCrl, rewriteKey, type SampleCertificate } from "#lib/samples/certificates.ts";

let ca: SampleCertificate;
let rsa: SampleCertificate;
beforeAll(async () => {
  ca = await makeCertificate({ commonNames: ["Test CA"], ca: true });
  rsa = await makeCertificate({ commonNames: ["app"], issuer: ca, key: "rsa-2048" });
});

function file(content: string | Uint8Array): File {
  return new File([content as BlobPart], "chosen");
}

function derOf(pem: string): Uint8Array {
  return Buffer.from(pem.replace(/-----[A-Z0-9 ]+-----|\s/g, ""), "base64");
}

describe("a chosen file", () => {
  test("of text is its text", async () => {
    expect(await readChosenFile(file(ca.pem))).toBe(ca.pem);
  });

  test("of UTF-16 text with a byte-order mark is its text", async () => {
    const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from(ca.pem, "utf16le")]);
    expect(await readChosenFile(file(utf16))).toContain("-----BEGIN CERTIFICATE-----");
  });

  test("of DER becomes a certificate in PEM", async () => {
    const pem = await readChosenFile(file(derOf(ca.pem)));
    expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
    expect(new X509Certificate(pem ?? "").fingerprint256).toBe(new X509Certificate(ca.pem).fingerprint256);
  });

  test.each(["pkcs8", "pkcs1", "sec1"] as const)("of DER becomes a %s key in PEM", async (form) => {
    const keyPem = rewriteKey(form === "sec1" ? ca.keyPem : rsa.keyPem, form);
    const pem = (await readChosenFile(file(derOf(keyPem)))) ?? "";
    const label = { pkcs8: "PRIVATE KEY", pkcs1: "RSA PRIVATE KEY", sec1: "EC PRIVATE KEY" }[form];
    expect(pem.split("\n")[0]).toBe(`-----BEGIN ${label}-----`);
    const same = (text: string) =>
      createPublicKey(createPrivateKey(text)).export({ type: "spki", format: "pem" });
    expect(same(pem)).toBe(same(keyPem));
  });

  test("of DER becomes an encrypted key in PEM", async () => {
    const keyPem = rewriteKey(ca.keyPem, "pkcs8", "open sesame");
    const pem = (await readChosenFile(file(derOf(keyPem)))) ?? "";
    expect(pem.split("\n")[0]).toBe("-----BEGIN ENCRYPTED PRIVATE KEY-----");
  });

  test("of DER becomes a revocation list in PEM", async () => {
    const { der } = await makeCrl({ issuer: ca });
    const pem = (await readChosenFile(file(der))) ?? "";
    expect(pem.split("\n")[0]).toBe("-----BEGIN X509 CRL-----");
  });

  test("that is too large is not read", async () => {
    expect(await readChosenFile(file(new Uint8Array(1_048_577)))).toBeUndefined();
  });
});
