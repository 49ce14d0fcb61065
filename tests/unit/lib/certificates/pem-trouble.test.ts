import { describe, expect, test } from "vitest";
import { type MaterialBox, pemTextProblem } from "#lib/certificates/pem-kind.ts";
import { makeCertificate, makeCrl } from "#lib/samples/certificates.ts";

const root = await makeCertificate({ commonNames: ["Test root"], ca: true });
const crl = await makeCrl({ issuer: root });

const kinds = [
  ["ca", root.pem],
  ["clientCertificate", root.pem],
  ["clientKey", root.keyPem],
  ["crl", crl.pem],
] as const satisfies readonly (readonly [MaterialBox, string])[];

const lines = (pem: string) => pem.trimEnd().split("\n");
const withInside = (pem: string, inside: string) => [lines(pem)[0], inside, lines(pem).at(-1)].join("\n");
const label = (pem: string) => /BEGIN ([A-Z0-9 ]+)/.exec(pem)?.[1] ?? "";

/** What nobody can read, each told by its own cause. */
const unreadable: Readonly<Record<string, readonly [(pem: string) => string, string, object]>> = {
  "without its last line": [
    (pem) => lines(pem).slice(0, -1).join("\n"),
    "pem-truncated",
    { cause: "no-end" },
  ],
  "without a piece of its last line": [(pem) => pem.slice(0, -20), "pem-truncated", { cause: "no-end" }],
  "without its first line": [(pem) => lines(pem).slice(1).join("\n"), "pem-truncated", { cause: "no-begin" }],
  "without its lines between": [(pem) => withInside(pem, ""), "pem-truncated", { cause: "empty" }],
  "without one of its lines": [
    (pem) =>
      lines(pem)
        .filter((_, index) => index !== 2)
        .join("\n"),
    "pem-truncated",
    { cause: "short" },
  ],
  "with something else between": [
    (pem) => pem.replace(/-\nM/, "-\nA"),
    "pem-unusable",
    { cause: "contents" },
  ],
  "begun as one thing and ended as another": [
    (pem) => pem.replace(/END .*-----/, "END PUBLIC KEY-----"),
    "pem-unusable",
    { cause: "other-end", end: "PUBLIC KEY" },
  ],
  "shortened with dots": [
    (pem) => withInside(pem, `${lines(pem)[1]}\n...`),
    "pem-unusable",
    { cause: "shortened" },
  ],
  "shortened with a sign for dots": [
    (pem) => withInside(pem, `${lines(pem)[1]?.slice(0, 20)}…`),
    "pem-unusable",
    { cause: "shortened" },
  ],
  "shortened with words": [
    (pem) => withInside(pem, `${lines(pem)[1]}\n[snip]\n=Aa`),
    "pem-unusable",
    { cause: "shortened" },
  ],
  "covered with asterisks": [(pem) => withInside(pem, "*".repeat(64)), "pem-unusable", { cause: "masked" }],
  "covered with bullets": [(pem) => withInside(pem, "•".repeat(12)), "pem-unusable", { cause: "masked" }],
  "covered with x": [(pem) => withInside(pem, "x".repeat(64)), "pem-unusable", { cause: "masked" }],
  redacted: [(pem) => withInside(pem, "[REDACTED]!"), "pem-unusable", { cause: "masked" }],
  "a place for it": [(pem) => withInside(pem, "<your text here>"), "pem-unusable", { cause: "placeholder" }],
  "words for it": [(pem) => withInside(pem, "YOUR_CERTIFICATE_HERE"), "pem-unusable", { cause: "sign" }],
  "words in place of it": [
    (pem) => withInside(pem, "paste the text of yours"),
    "pem-unusable",
    { cause: "placeholder" },
  ],
  "with a letter of another alphabet in its first line": [
    (pem) => pem.replace(/E/, "\u0415").replace(/R/, "\u0420"),
    "pem-unusable",
    { cause: "sign", line: 1 },
  ],
  "with a letter of another alphabet": [
    (pem) => pem.replace("-\nM", "-\nM\u0410"),
    "pem-unusable",
    { cause: "sign", sign: "U+0410" },
  ],
  "with a sign that base64 has not": [
    (pem) => pem.replace(/^(.{70})./s, "$1*"),
    "pem-unusable",
    { cause: "sign", sign: "*" },
  ],
  "a file's name": [() => "/etc/ssl/certs/mine.pem", "pem-unusable", { cause: "path" }],
  "a file's name at home": [() => "~/.postgresql/root.crt", "pem-unusable", { cause: "path" }],
  "a file's name of Windows": [() => "C:\\new\\root.crt", "pem-unusable", { cause: "path" }],
  "a file's address": [() => "file:///etc/ssl/ca.pem", "pem-unusable", { cause: "path" }],
  "a file's bare name": [() => "rds-ca-2019-root.pem", "pem-unusable", { cause: "path" }],
  "a variable": [() => "$DB_CA", "pem-unusable", { cause: "variable" }],
  "a variable of Windows": [() => "%DB_CA%", "pem-unusable", { cause: "variable" }],
  "a template": [() => "{{ .Values.ca }}", "pem-unusable", { cause: "variable" }],
  "a fingerprint": [
    () => `SHA256 Fingerprint=${"AB:".repeat(31)}AB`,
    "pem-unusable",
    { cause: "fingerprint" },
  ],
  "a page that asks to sign in": [
    () => "<!DOCTYPE html><html></html>",
    "pem-unusable",
    { cause: "web-page" },
  ],
  "what openssl says of it": [
    () => "Certificate:\n    Data:\n        Version: 3 (0x2)\n",
    "pem-unusable",
    { cause: "described" },
  ],
};

describe.each(Object.entries(unreadable))("%s", (_name, [spoil, code, facts]) => {
  test.each(kinds)("in the box %s", (box, pem) => {
    expect(pemTextProblem(box, spoil(pem))).toMatchObject({ code, facts });
  });
});

test.each(kinds)("what seems to be PEM is never told to begin with BEGIN (box %s)", (box, pem) => {
  for (let at = 0; at < pem.length; at += 7) {
    for (const sign of ["*", "é", "…", "\u0410", "§§"]) {
      const found = pemTextProblem(box, pem.slice(0, at) + sign + pem.slice(at));
      expect([undefined, "pem-unusable", "pem-truncated", "pem-wrong-box"]).toContain(found?.code);
    }
  }
  expect(label(pem)).not.toBe("");
});
