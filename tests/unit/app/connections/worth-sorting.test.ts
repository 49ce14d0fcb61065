import { describe, expect, test } from "vitest";
import { worthSorting } from "#app/(console)/connections/form/worth-sorting.ts";
import { openSslFiles } from "#tests/unit/lib/certificates/openssl-files.ts";

const base64 = openSslFiles.bundle;
const block = (label: string) => `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`;

describe("a pasted text is sent to be sorted", () => {
  test.each([
    ["a PKCS#7 bundle", block("PKCS7")],
    ["a Secret", "apiVersion: v1\nkind: Secret\ndata:\n  ca.crt: QUJD\n"],
    ["a Secret in JSON", '{\n  "kind": "Secret",\n  "data": {}\n}'],
    ["base64", base64],
    ["base64 in short lines", base64.replace(/.{30}/g, "$&\r\n ")],
    ["base64 quoted in a mail", base64.replace(/.{70}/g, "$&\n").replace(/^/gm, "> ")],
    ["a data URL", `data:application/pkcs7-mime;base64,${base64}`],
  ])("when it may be %s", (_name, text) => expect(worthSorting(text)).toBe(true));

  test.each([
    ["PEM that the boxes take themselves", block("CERTIFICATE")],
    ["a key of its own kind", block("PRIVATE KEY")],
    ["prose", "Please find the certificate attached as discussed on the phone with those who run the server"],
    ["a short text", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="],
    ["a string", "postgres://app:secret@db.example.test:5432/shop?sslmode=verify-full&application_name=app"],
  ])("but not %s", (_name, text) => expect(worthSorting(text)).toBe(false));
});
