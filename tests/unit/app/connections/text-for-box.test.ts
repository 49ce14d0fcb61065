import { describe, expect, test } from "vitest";
import { textForBox } from "#app/(console)/connections/form/text-for-box.ts";
import { type MaterialBox, materialBoxes } from "#lib/certificates/material-boxes.ts";
import { normalisePem, pemTextProblem } from "#lib/certificates/pem-kind.ts";
import { sortMaterial } from "#lib/certificates/sort-material.ts";
import { makeCertificate, makeCrl } from "#lib/samples/certificates.ts";
import { Secret } from "#lib/secret.ts";
import { openSslFiles } from "#tests/unit/lib/certificates/openssl-files.ts";

const ca = await makeCertificate({ commonNames: ["Test CA"], ca: true });
const client = await makeCertificate({ commonNames: ["app"], issuer: ca, purposes: ["clientAuth"] });
const crl = await makeCrl({ issuer: ca });

type Boxes = Readonly<Record<MaterialBox, string>>;
const none: Boxes = { ca: "", clientCertificate: "", clientKey: "", crl: "" };

/** What the form comes to: the boxes, and the first thing that is wrong. */
async function outcome(box: MaterialBox, given: string | Uint8Array) {
  const text = textForBox(box, given);
  if (text !== undefined) {
    return { boxes: { ...none, [box]: normalisePem(text).trim() }, code: pemTextProblem(box, text)?.code };
  }
  const bytes = typeof given === "string" ? new TextEncoder().encode(given) : given;
  const sorted = await sortMaterial([{ name: "", bytes }], { into: box, password: new Secret("pässwörd") });
  if (!sorted.ok) return { boxes: none, code: sorted.problem.code };
  const { clientKey, problems, ...rest } = sorted.value;
  const boxes = Object.fromEntries(
    materialBoxes.map((name) => [name, (name === "clientKey" ? clientKey.reveal() : rest[name]).trim()]),
  );
  return { boxes, code: problems[0]?.code };
}

const base64 = (content: string | Uint8Array) => Buffer.from(content).toString("base64");
const lines = (text: string) => (text.match(/.{1,64}/g) ?? []).join("\n");
const pem = (label: string, der: string) =>
  `-----BEGIN ${label}-----\n${lines(der)}\n-----END ${label}-----\n`;
const derOf = (text: string) => Buffer.from(text.replace(/-----[A-Z0-9 ]+-----|\s/g, ""), "base64");
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "base64"));

const kinds = {
  "a CA": [ca.pem, derOf(ca.pem)],
  "a client certificate": [client.pem, derOf(client.pem)],
  "a key": [client.keyPem, derOf(client.keyPem)],
  "a revocation list": [crl.pem, derOf(crl.pem)],
  "a PKCS#7 bundle": [pem("PKCS7", openSslFiles.bundle), bytes(openSslFiles.bundle)],
  "a streamed PKCS#7 bundle": [pem("PKCS7", openSslFiles.streamedBundle), bytes(openSslFiles.streamedBundle)],
} as const;

/** Each form as text, of a kind's PEM and DER. */
const forms: Readonly<Record<string, (text: string, der: Uint8Array) => string>> = {
  PEM: (text) => text,
  "PEM quoted in a mail": (text) => text.replace(/^(?=.)/gm, "> "),
  "PEM with escaped line ends": (text) => text.replaceAll("\n", "\\n"),
  "base64 of PEM": (text) => base64(text),
  "base64 of PEM in lines": (text) => lines(base64(text)),
  "base64 of DER": (_, der) => base64(der),
  "base64 of DER in lines": (_, der) => lines(base64(der)),
  "base64 of DER quoted in a mail": (_, der) => lines(base64(der)).replace(/^/gm, "> "),
  "base64 of DER in a query": (_, der) => encodeURIComponent(base64(der)),
  "a data URL": (_, der) => `data:application/octet-stream;base64,${base64(der)}`,
};

describe.each(materialBoxes)("the box %s", (box) => {
  for (const [kind, [text, der]] of Object.entries(kinds)) {
    test(`takes ${kind} in every form, pasted or dropped, as the same`, async () => {
      const asDer = await outcome(box, new Uint8Array(der));
      expect(asDer.code).toBeUndefined();
      expect(Object.values(asDer.boxes).join("")).not.toBe("");
      for (const [form, write] of Object.entries(forms)) {
        const written = write(text, der);
        expect([form, await outcome(box, written)]).toEqual([form, asDer]);
        expect([form, await outcome(box, new TextEncoder().encode(written))]).toEqual([form, asDer]);
      }
    });
  }

  test.each([
    ["PKCS#12", bytes(openSslFiles.modern)],
    ["PKCS#12 with 3DES", bytes(openSslFiles.tripleDes)],
    ["an encrypted key", bytes(openSslFiles.aesKey)],
  ])("opens %s, pasted in base64 or dropped, as the same", async (_name, der) => {
    const dropped = await outcome(box, der);
    expect(dropped.code).toBeUndefined();
    expect(dropped.boxes.clientKey).toMatch(/PRIVATE KEY/);
    for (const written of [base64(der), lines(base64(der))]) {
      expect(await outcome(box, written)).toEqual(dropped);
      expect(await outcome(box, new TextEncoder().encode(written))).toEqual(dropped);
    }
  });

  test.each([
    [
      "Kubernetes",
      `kind: Secret\ndata:\n  ca.crt: ${base64(ca.pem)}\n  tls.crt: ${base64(client.pem)}\n  tls.key: ${base64(client.keyPem)}\n`,
    ],
    [
      "JSON with base64",
      JSON.stringify({
        ca: { certificate: base64(ca.pem) },
        cert: base64(client.pem),
        key: base64(client.keyPem),
      }),
    ],
    [
      "JSON with base64 of DER",
      JSON.stringify(
        { ca: base64(derOf(ca.pem)), cert: base64(derOf(client.pem)), key: base64(derOf(client.keyPem)) },
        null,
        2,
      ),
    ],
    ["JSON with PEM", JSON.stringify({ ca: ca.pem, cert: client.pem, key: client.keyPem })],
    [
      "an environment",
      `DB_SSL_CA=${base64(ca.pem)}\nexport DB_SSL_CERT="${base64(client.pem)}"\nDB_SSL_KEY=${base64(client.keyPem)}\n`,
    ],
    [
      "an environment with PEM",
      `DB_SSL_CA="${ca.pem}"\nDB_SSL_CERT=${base64(client.pem)}\nDB_SSL_KEY="${client.keyPem.replaceAll("\n", "\\n")}"\n`,
    ],
    [
      "JSON in an environment",
      `DB_SSL='${JSON.stringify({ ca: base64(ca.pem), cert: client.pem, key: client.keyPem })}'\n`,
    ],
  ])("takes settings (%s) apart, pasted or dropped", async (_name, text) => {
    const expected = {
      boxes: {
        ca: ca.pem.trim(),
        clientCertificate: client.pem.trim(),
        clientKey: client.keyPem.trim(),
        crl: "",
      },
      code: undefined,
    };
    expect(await outcome(box, text)).toEqual(expected);
    expect(await outcome(box, new TextEncoder().encode(text))).toEqual(expected);
  });

  test.each([
    ["prose", "Please find the certificate attached as discussed on the phone with those who run the server"],
    ["a string", "postgres://app:secret@db.example.test:5432/shop?sslmode=verify-full&application_name=app"],
    ["a short text", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="],
    ["a cut certificate", ca.pem.slice(0, 300)],
    ["a request", pem("CERTIFICATE REQUEST", base64(der(0x30, Buffer.alloc(40, 5))))],
    ["nothing", ""],
  ])("keeps %s on the page, with its mistake, pasted or dropped", async (_name, text) => {
    expect(textForBox(box, text)).toBe(text);
    expect(textForBox(box, new TextEncoder().encode(text))).toBe(text);
  });
});

test("a file of UTF-16 is text", () => {
  const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from(ca.pem, "utf16le")]);
  expect(textForBox("ca", utf16)).toBe(ca.pem);
});

function der(tag: number, contents: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, contents.length]), contents]);
}
