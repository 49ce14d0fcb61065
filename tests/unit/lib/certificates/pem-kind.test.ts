import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  holdsPrivateKey,
  keyIsEncrypted,
  normalisePem,
  pemBlocks,
  pemTextProblem,
  pemTextProblems,
  samePem,
  splitPem,
} from "#lib/certificates/pem-kind.ts";
import { makeCertificate, makeCrl } from "#lib/samples/certificates.ts";

const root = await makeCertificate({ commonNames: ["Test root"], ca: true });
const leaf = await makeCertificate({ commonNames: ["app"], issuer: root });
const crl = await makeCrl({ issuer: root });

const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const locked = { cipher: "aes-128-cbc", passphrase: "open sesame" } as const;

describe("whether a key is encrypted is known from its text (C7)", () => {
  test.each([
    ["PKCS#1", rsa.export({ type: "pkcs1", format: "pem" }), false],
    ["SEC1", ec.export({ type: "sec1", format: "pem" }), false],
    ["PKCS#8", ec.export({ type: "pkcs8", format: "pem" }), false],
    ["PKCS#1, encrypted", rsa.export({ type: "pkcs1", format: "pem", ...locked }), true],
    ["SEC1, encrypted", ec.export({ type: "sec1", format: "pem", ...locked }), true],
    ["PKCS#8, encrypted", ec.export({ type: "pkcs8", format: "pem", ...locked }), true],
  ])("%s", (_, pem, encrypted) => {
    expect(keyIsEncrypted(pem.toString())).toBe(encrypted);
    expect(pemBlocks(pem.toString())).toMatchObject([{ kind: "private-key", encrypted, state: "whole" }]);
    expect(normalisePem(pem.toString())).toBe(pem.toString());
  });

  test("EC PARAMETERS before the key do not hide it", () => {
    const text = `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${ec.export({ type: "sec1", format: "pem" })}`;
    expect(pemBlocks(text).map((block) => block.kind)).toEqual(["parameters", "private-key"]);
    expect(pemTextProblem("clientKey", text)).toBeUndefined();
  });

  test("a certificate is not a key", () => {
    expect(keyIsEncrypted(leaf.pem)).toBe(false);
    expect(holdsPrivateKey(leaf.pem)).toBe(false);
    expect(holdsPrivateKey(leaf.keyPem)).toBe(true);
    expect(holdsPrivateKey("PuTTY-User-Key-File-3: ssh-ed25519")).toBe(true);
  });
});

describe("text as people paste it is taken in stride", () => {
  const encrypted = rsa.export({ type: "pkcs1", format: "pem", ...locked }).toString();
  const shapes: readonly (readonly [string, (pem: string) => string])[] = [
    ["CRLF", (pem) => pem.replaceAll("\n", "\r\n")],
    ["a byte-order mark", (pem) => `\ufeff${pem}`],
    ["indentation", (pem) => pem.replaceAll(/^/gm, "    ")],
    ["tabs and trailing spaces", (pem) => pem.replaceAll(/^/gm, "\t").replaceAll(/$/gm, "  ")],
    ["a preamble", (pem) => `Certificate:\n    Data:\n        Version: 3 (0x2)\n${pem}`],
    ["literal \\n", (pem) => pem.replaceAll("\n", "\\n")],
    ["literal \\r\\n", (pem) => pem.replaceAll("\n", "\\r\\n")],
    ["quotes", (pem) => `"${pem.trimEnd()}"`],
    ["a JSON string", (pem) => JSON.stringify(pem)],
    ["quoted lines", (pem) => pem.trimEnd().replaceAll(/^.*$/gm, '"$&\\n"')],
    ["one line", (pem) => pem.replaceAll("\n", " ")],
    ["empty lines between", (pem) => pem.replaceAll("\n", "\n\n")],
    ["no-break spaces", (pem) => pem.replaceAll(/^/gm, "\u00a0")],
    ["bag attributes", (pem) => `Bag Attributes\n    localKeyID: 01 \nsubject=CN = app\n${pem}`],
  ];

  test.each(shapes)("%s, around a certificate", (_, shape) => {
    expect(normalisePem(shape(leaf.pem))).toBe(leaf.pem);
    expect(pemTextProblem("ca", shape(leaf.pem))).toBeUndefined();
  });

  test.each(shapes)("%s, around two certificates", (_, shape) => {
    expect(normalisePem(shape(leaf.pem + root.pem))).toBe(leaf.pem + root.pem);
  });

  test.each(shapes)("%s, around an encrypted PKCS#1 key with its headers", (_, shape) => {
    expect(normalisePem(shape(encrypted))).toBe(encrypted);
    expect(keyIsEncrypted(shape(encrypted))).toBe(true);
  });

  test("clean text comes back as it was, to the last newline", () => {
    expect(normalisePem(leaf.pem)).toBe(leaf.pem);
    expect(normalisePem(leaf.pem.trimEnd())).toBe(leaf.pem.trimEnd());
    expect(samePem(leaf.pem, `\n${leaf.pem.replaceAll("\n", "\r\n")}`)).toBe(true);
    expect(samePem(leaf.pem, root.pem)).toBe(false);
  });

  test("normalising is done once and for all", () => {
    const noise = fc.constantFrom(" ", "\t", "\r", "\ufeff", "\n", '"');
    fc.assert(
      fc.property(fc.array(noise, { minLength: 1, maxLength: 20 }), fc.boolean(), (signs, crlf) => {
        const lines = (crlf ? leaf.pem.replaceAll("\n", "\r\n") : leaf.pem).split("\n");
        const noisy = lines.map((line, index) => signs[index % signs.length] + line).join("\n");
        const once = normalisePem(noisy);
        expect(once.trim()).toBe(leaf.pem.trim());
        expect(normalisePem(once)).toBe(once);
      }),
    );
  });

  test("no text at all makes it fail or take long", () => {
    const sign = fc.constantFrom(
      "-----BEGIN ",
      "-----END ",
      "CERTIFICATE",
      "-----",
      "\n",
      "A",
      "=",
      "Proc-Type: 4,ENCRYPTED",
      "DEK-Info: ",
      "BEGIN ",
      " ",
      "\\",
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 60 }), (signs) => {
        const text = signs.join("");
        for (const box of ["ca", "clientCertificate", "clientKey", "crl"] as const) {
          const problem = pemTextProblem(box, text);
          if (text.trim() === "") expect(problem).toBeUndefined();
        }
        normalisePem(text);
      }),
    );
    const began = performance.now();
    for (const text of [
      "BEGIN ".repeat(80_000),
      "-----BEGIN ".repeat(40_000),
      "Proc-Type: ".repeat(40_000),
    ]) {
      pemTextProblem("ca", text);
    }
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe("what is wrong is told from the text", () => {
  const csr = "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n";
  const publicKey = "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n";
  const openssh = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----\n";

  test.each([
    ["ca", "", undefined],
    ["ca", "  \n", undefined],
    ["ca", leaf.pem, undefined],
    ["ca", "hello", { code: "pem-not-a-certificate" }],
    ["clientCertificate", "hello", { code: "pem-not-a-certificate" }],
    ["clientKey", "hello", { code: "key-unreadable" }],
    ["crl", "hello", { code: "crl-unreadable" }],
    ["crl", crl.pem, undefined],
    ["ca", crl.pem, { code: "pem-wrong-box", facts: { found: "crl", belongs: "crl" } }],
    ["ca", leaf.keyPem, { code: "pem-wrong-box", facts: { found: "private-key", belongs: "clientKey" } }],
    ["ca", csr, { code: "pem-wrong-box", facts: { found: "certificate-request", belongs: "none" } }],
    ["clientCertificate", csr, { code: "pem-wrong-box" }],
    ["clientCertificate", leaf.pem + leaf.keyPem, { code: "pem-wrong-box", facts: { found: "private-key" } }],
    [
      "clientKey",
      leaf.pem,
      { code: "pem-wrong-box", facts: { found: "certificate", belongs: "clientCertificate" } },
    ],
    ["clientKey", leaf.pem + leaf.keyPem, undefined],
    ["clientKey", publicKey, { code: "pem-wrong-box", facts: { found: "public-key", belongs: "none" } }],
    [
      "clientKey",
      "ssh-rsa AAAAB3NzaC1yc2E app@host",
      { code: "pem-wrong-box", facts: { found: "public-key" } },
    ],
    ["clientKey", openssh, { code: "key-format-unsupported", facts: { format: "OpenSSH" } }],
    [
      "clientKey",
      "PuTTY-User-Key-File-2: ssh-rsa",
      { code: "key-format-unsupported", facts: { format: "PuTTY" } },
    ],
    ["ca", "PuTTY-User-Key-File-2: ssh-rsa", { code: "pem-wrong-box", facts: { belongs: "clientKey" } }],
    ["crl", leaf.pem, { code: "pem-wrong-box", facts: { found: "certificate", belongs: "ca" } }],
    ["ca", leaf.pem.replace(/-----END.*/s, ""), { code: "pem-truncated" }],
    ["ca", leaf.pem.replace(/-----BEGIN.*\n/, ""), { code: "pem-truncated" }],
    ["ca", withoutLine(leaf.pem, 3), { code: "pem-truncated" }],
    ["ca", withoutLine(leaf.pem, 1), { code: "pem-unusable", facts: { cause: "contents" } }],
    ["ca", leaf.pem.slice(0, 200), { code: "pem-truncated" }],
    ["ca", root.pem.replace(/-----END.*/s, "") + leaf.pem, { code: "pem-truncated", facts: { block: 1 } }],
    [
      "ca",
      leaf.pem.replace("MII", "M*I"),
      { code: "pem-unusable", facts: { cause: "sign", sign: "*", line: 2 } },
    ],
    [
      "ca",
      root.pem + leaf.pem.replace("MII", "M*I"),
      { code: "pem-unusable", facts: { block: 2, blocks: 2 } },
    ],
    ["ca", root.pem.repeat(401), { code: "setting-invalid", facts: { reason: "too-many-certificates" } }],
  ] as const)("box %s, case %#", (box, text, expected) => {
    const found = pemTextProblem(box, text);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(expected);
  });

  test("every broken block of a bundle is named", () => {
    const cut = withoutLine(root.pem, 2);
    const found = pemTextProblems("ca", cut + leaf.pem + cut + leaf.keyPem);
    expect(found.map(({ code, facts }) => [code, facts.block])).toEqual([
      ["pem-truncated", 1],
      ["pem-truncated", 3],
      ["pem-wrong-box", 4],
    ]);
  });

  test("every shorter copy of a certificate is seen to be cut", () => {
    fc.assert(
      fc.property(fc.integer({ min: 28, max: leaf.pem.length - 28 }), (length) => {
        expect(pemTextProblem("ca", leaf.pem.slice(0, length))?.code).toBe("pem-truncated");
      }),
    );
  });
});

test("a bundle is sorted into its boxes", () => {
  expect(splitPem(leaf.keyPem + leaf.pem + root.pem + crl.pem)).toEqual({
    clientKey: leaf.keyPem,
    clientCertificate: leaf.pem + root.pem,
    crl: crl.pem,
  });
  expect(splitPem(root.pem)).toEqual({ ca: root.pem });
  expect(splitPem("nothing")).toEqual({});
});

function withoutLine(text: string, line: number): string {
  return text
    .split("\n")
    .filter((_, index) => index !== line)
    .join("\n");
}
