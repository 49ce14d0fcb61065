import { createHmac, createPrivateKey, generateKeyPairSync, pbkdf2Sync, X509Certificate } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { children, readElement } from "#lib/certificates/der.ts";
import { type SortedMaterial, type SortOptions, sortMaterial } from "#lib/certificates/sort-material.ts";
import { makeCertificate, makeCrl } from "#lib/samples/certificates.ts";
import { Secret } from "#lib/secret.ts";
import { openSslFiles } from "./openssl-files.ts";

const root = await makeCertificate({ commonNames: ["Test root"], ca: true });
const middle = await makeCertificate({ commonNames: ["Test middle"], ca: true, issuer: root });
const client = await makeCertificate({ commonNames: ["app"], issuer: middle, purposes: ["clientAuth"] });
const server = await makeCertificate({ commonNames: ["db.example.test"], issuer: middle });
const { pem: crl, der: crlDer } = await makeCrl({ issuer: root });
const other = await makeCertificate({ commonNames: ["Other root"], ca: true });

const bytesOf = (content: string | Uint8Array) =>
  typeof content === "string" ? new TextEncoder().encode(content) : content;
const file = (content: string | Uint8Array, name?: string) => ({ name, bytes: bytesOf(content) });
const fixture = (name: keyof typeof openSslFiles) => Buffer.from(openSslFiles[name], "base64");
const fixtureLeaf = new X509Certificate(fixture("leaf")).toString();
const fixtureRoot = new X509Certificate(fixture("root")).toString();
const password = new Secret("pässwörd");

async function sorted(
  files: Parameters<typeof sortMaterial>[0],
  options: SortOptions = {},
): Promise<SortedMaterial> {
  const result = await sortMaterial(files, options);
  if (!result.ok) throw new Error(`refused: ${result.problem.code} ${JSON.stringify(result.problem.facts)}`);
  return result.value;
}

async function refused(files: Parameters<typeof sortMaterial>[0], options: SortOptions = {}) {
  const result = await sortMaterial(files, options);
  if (result.ok) throw new Error("was not refused");
  return result.problem;
}

/** The public key of a private one, to compare whichever way the private one is written. */
const publicKeyOf = (pem: Secret | string, passphrase?: string) =>
  createPrivateKey({
    key: typeof pem === "string" ? pem : pem.reveal(),
    ...(passphrase !== undefined && { passphrase }),
  })
    .export({ format: "jwk" })
    .x?.toString();

describe("PEM bundles", () => {
  test("in any order become CA, client chain with the leaf first, key and list", async () => {
    const bundle = [root.pem, client.keyPem, middle.pem, crl, client.pem, other.pem].join("noise\n");
    const found = await sorted([file(bundle, "all.pem")]);
    expect(found.clientCertificate).toBe(client.pem + middle.pem);
    expect(found.ca).toBe(root.pem + other.pem);
    expect(found.clientKey.reveal()).toBe(client.keyPem);
    expect(found.crl.trim()).toBe(crl.trim());
    expect(found.facts.clientKey).toMatchObject({ description: "EC P-256", encrypted: false, belongs: true });
    expect(found.facts.clientCertificate.map((one) => one.subject)).toEqual(["CN=app", "CN=Test middle"]);
    expect(found.problems).toEqual([]);
  });

  test("certificates alone are CAs, unless they are for clients only or given in that box", async () => {
    expect(await sorted([file(server.pem)])).toMatchObject({ ca: server.pem, clientCertificate: "" });
    expect(await sorted([file(client.pem)])).toMatchObject({ ca: "", clientCertificate: client.pem });
    expect(await sorted([file(server.pem)], { into: "clientCertificate" })).toMatchObject({
      ca: "",
      clientCertificate: server.pem,
    });
    expect(await sorted([file(client.pem)], { into: "ca" })).toMatchObject({ ca: client.pem });
  });

  test("several files at once, each named where it went, and duplicates counted once", async () => {
    const found = await sorted([
      file(client.keyPem, "client.key"),
      file(root.pem, "ca.crt"),
      file(client.pem, "client.crt"),
      file(root.pem, "root.pem"),
    ]);
    expect(found.notes).toEqual([
      { kind: "placed", box: "ca", count: 1, from: ["ca.crt"] },
      { kind: "placed", box: "clientCertificate", count: 1, from: ["client.crt"] },
      { kind: "placed", box: "clientKey", count: 1, from: ["client.key"] },
      { kind: "duplicates", count: 1 },
    ]);
  });

  test("of several keys the one is taken that belongs to a certificate", async () => {
    const found = await sorted([file(server.keyPem), file(client.keyPem), file(client.pem)]);
    expect(found.clientKey.reveal()).toBe(client.keyPem);
    expect(found.notes).toContainEqual({ kind: "keys-left", count: 1 });
  });

  test("a key of something else says that it does not belong", async () => {
    const found = await sorted([file(server.keyPem), file(client.pem)]);
    expect(found.facts.clientKey).toMatchObject({ belongs: false });
  });

  test("the wrong box is put right and said", async () => {
    const found = await sorted([file(client.keyPem)], { into: "ca" });
    expect(found.clientKey.isEmpty).toBe(false);
    expect(found.notes).toContainEqual({ kind: "wrong-box", box: "ca" });
  });
});

describe("DER", () => {
  test.each([
    ["certificate", root.der, "ca"],
    ["revocation list", crlDer, "crl"],
  ] as const)("a %s", async (_name, der, box) => {
    expect((await sorted([file(der)]))[box]).not.toBe("");
  });

  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  test.each([
    ["PKCS#1", rsa.export({ format: "der", type: "pkcs1" }), "PKCS#1", "RSA 2048"],
    ["PKCS#8", rsa.export({ format: "der", type: "pkcs8" }), "PKCS#8", "RSA 2048"],
    ["SEC1", ec.export({ format: "der", type: "sec1" }), "SEC1", "EC P-256"],
    ["PKCS#8 of a curve", ec.export({ format: "der", type: "pkcs8" }), "PKCS#8", "EC P-256"],
  ])("a key in %s", async (_name, der, kind, description) => {
    const found = await sorted([file(der)]);
    expect(found.facts.clientKey).toEqual({ kind, description, encrypted: false });
    expect(() => createPrivateKey(found.clientKey.reveal())).not.toThrow();
  });

  test.each(["aesKey", "scryptKey"] as const)("an encrypted key (%s) stays encrypted", async (name) => {
    const shut = await sorted([file(fixture(name)), file(fixture("leaf"))]);
    expect(shut.facts.clientKey).toEqual({ kind: "PKCS#8", encrypted: true });
    expect(shut.clientCertificate).toBe(fixtureLeaf);
    const open = await sorted([file(fixture(name)), file(fixture("leaf"))], { password: new Secret("x") });
    expect(open.facts.clientKey).toMatchObject({ encrypted: true, description: "EC P-256", belongs: true });
    expect(publicKeyOf(open.clientKey, "x")).toBe(publicKeyOf(fixture("plainKey").toString()));
    const wrong = await sorted([file(fixture(name))], { password: new Secret("y") });
    expect(wrong.facts.clientKey).toEqual({ kind: "PKCS#8", encrypted: true });
  });

  test("several certificates one after the other", async () => {
    expect((await sorted([file(Buffer.concat([root.der, middle.der]))])).ca).toBe(root.pem + middle.pem);
  });
});

describe("PKCS#7", () => {
  const der = fixture("bundle");
  const pem = `-----BEGIN PKCS7-----\n${der.toString("base64")}\n-----END PKCS7-----\n`;
  test.each([
    ["DER", der],
    ["PEM", pem],
    ["BER, streamed and signed", fixture("streamedBundle")],
  ])("%s", async (_name, content) => {
    const found = await sorted([file(content, "chain.p7b")]);
    expect(found.ca).toBe(fixtureRoot);
    expect(found.clientCertificate).toBe(fixtureLeaf);
  });
});

describe("PKCS#12", () => {
  test.each(["modern", "tripleDes", "bare"] as const)("%s opens with its password", async (name) => {
    const found = await sorted([file(fixture(name), "me.p12")], { password });
    expect(found.clientCertificate).toBe(fixtureLeaf);
    expect(found.ca).toBe(fixtureRoot);
    expect(publicKeyOf(found.clientKey)).toBe(publicKeyOf(fixture("plainKey").toString()));
    expect(found.facts.clientKey).toMatchObject({ belongs: true, encrypted: false });
  });

  test("without a password of its own it needs none, and minds none", async () => {
    expect((await sorted([file(fixture("withoutPassword"))])).clientCertificate).toBe(fixtureLeaf);
    expect((await sorted([file(fixture("withoutPassword"))], { password })).clientCertificate).toBe(
      fixtureLeaf,
    );
  });

  test.each(["modern", "tripleDes"] as const)(
    "%s asks for a password, and tells a wrong one",
    async (name) => {
      expect(await refused([file(fixture(name), "me.p12")])).toMatchObject({
        code: "pkcs12-password-wrong",
        facts: { given: false, file: "me.p12" },
      });
      expect(await refused([file(fixture(name))], { password: new Secret("passwort") })).toMatchObject({
        code: "pkcs12-password-wrong",
        facts: { given: true },
      });
    },
  );

  const files = ["modern", "tripleDes", "withoutPassword", "withPbmac1"] as const;
  const fileOf = (name: (typeof files)[number]) => (name === "withPbmac1" ? withPbmac1() : fixture(name));
  const passwordOf = (name: (typeof files)[number]) => (name === "withoutPassword" ? {} : { password });

  // Its padding says that the password is right; only the MAC tells that somebody changed what it opens.
  test.each(files)("%s opens, and is refused when any octet of its MAC is another", async (name) => {
    const good = fileOf(name);
    expect((await sorted([file(good)], passwordOf(name))).clientCertificate).toBe(fixtureLeaf);
    const mac = macOf(good);
    for (const at of [0, mac.length >> 1, mac.length - 1]) {
      const bad = Buffer.from(good);
      bad[mac.at + at] = (bad[mac.at + at] ?? 0) ^ 1;
      expect(await refused([file(bad)], passwordOf(name))).toMatchObject({ code: "pkcs12-password-wrong" });
    }
  });

  test.each(files)("%s is refused when what the MAC is made of is another", async (name) => {
    const good = fileOf(name);
    const bad = Buffer.from(good);
    // The last octet of the contents is an attribute's, which is not encrypted: a key's local id.
    const at = macOf(good).contentsEnd - 1;
    bad[at] = (bad[at] ?? 0) ^ 1;
    expect(await refused([file(bad)], passwordOf(name))).toMatchObject({ code: "pkcs12-password-wrong" });
  });

  test("RC2 is named as what cannot be opened, also among others", async () => {
    const rc2 = file(fixture("rc2"), "old.p12");
    expect(await refused([rc2], { password })).toMatchObject({
      code: "pkcs12-unsupported",
      facts: { cipher: "RC2-40", file: "old.p12" },
    });
    const found = await sorted([rc2, file(root.pem)], { password });
    expect(found.ca).toBe(root.pem);
    expect(found.problems.map((one) => one.code)).toEqual(["pkcs12-unsupported"]);
  });
});

describe("base64 that lost its frame or its lines", () => {
  const bare = root.der.toString("base64");
  test.each([
    ["on one line", bare],
    ["in short lines with spaces", bare.replace(/.{30}/g, "$&  \r\n ")],
    ["in quotation marks with \\n", `"${bare.replace(/.{64}/g, "$&\\n")}"`],
    ["quoted in a mail", bare.replace(/.{70}/g, "$&\n").replace(/^/gm, "> ")],
    ["as a data URL", `data:application/x-x509-ca-cert;base64,${bare}`],
    ["without padding", bare.replace(/=+$/, "")],
    ["PEM within base64", Buffer.from(root.pem).toString("base64")],
    ["UTF-16", Buffer.from(`\ufeff${root.pem}`, "utf16le")],
  ])("%s", async (_name, content) => {
    expect((await sorted([file(content)])).ca).toBe(root.pem);
  });

  test("a PKCS#12 file as base64", async () => {
    expect((await sorted([file(openSslFiles.modern)], { password })).clientCertificate).toBe(fixtureLeaf);
  });
});

describe("Kubernetes", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const secret = `apiVersion: v1
kind: Secret
metadata:
  name: shop-client # made by a controller
  annotations: {owner: "dba"}
type: kubernetes.io/tls
data:
  password: aHVudGVyMg==
  ca.crt: ${base64(root.pem)}
  tls.crt: "${base64(client.pem + middle.pem)}"
  tls.key: >-
    ${base64(client.keyPem).replace(/.{60}/g, "$&\n    ")}
`;

  test("a Secret with base64", async () => {
    const found = await sorted([file(secret, "secret.yaml")]);
    expect(found).toMatchObject({ ca: root.pem, clientCertificate: client.pem + middle.pem, problems: [] });
    expect(found.clientKey.reveal()).toBe(client.keyPem);
    expect(found.notes[0]).toEqual({ kind: "placed", box: "ca", count: 1, from: ["ca.crt"] });
  });

  test("stringData and a ConfigMap hold it in plain text, and several documents may follow each other", async () => {
    const indented = (pem: string) => pem.trim().replace(/^/gm, "    ");
    const both = `kind: ConfigMap
data:
  ca.crt: |
${indented(root.pem)}
---
kind: Secret
stringData:
  tls.crt: |-
${indented(client.pem)}
  tls.key: "${client.keyPem.replaceAll("\n", "\\n")}"
`;
    const found = await sorted([file(both)]);
    expect(found).toMatchObject({ ca: root.pem, clientCertificate: client.pem });
    expect(found.clientKey.reveal()).toBe(client.keyPem);
  });

  test("as JSON", async () => {
    const json = JSON.stringify({ kind: "Secret", data: { "ca.crt": base64(root.pem) } }, null, 2);
    expect((await sorted([file(json)])).ca).toBe(root.pem);
  });

  test("a key store beside the same in PEM need not be opened", async () => {
    const found = await sorted([file(`${secret}  keystore.p12: ${openSslFiles.modern}\n`)]);
    expect(found.clientCertificate).toBe(client.pem + middle.pem);
    expect(found.problems).toMatchObject([
      { code: "pkcs12-password-wrong", facts: { file: "keystore.p12" } },
    ]);
  });

  test("one text under several names, and in brackets", async () => {
    const shared = `kind: List\nitems:\n  - {kind: Secret, data: {ca.crt: &ca ${base64(root.pem)}}}\n  - kind: Secret\n    data:\n      "tls.crt": ${base64(client.pem)}\n      other.crt: *ca\n`;
    const found = await sorted([file(shared)]);
    expect(found).toMatchObject({ ca: root.pem, clientCertificate: client.pem });
  });

  test("one that cannot be read says what is not read, and where", async () => {
    const templated = `kind: Secret\ndata:\n  ca.crt: {{ .Values.ca | b64enc }}\n`;
    expect(await refused([file(templated, "secret.yaml")])).toMatchObject({
      code: "yaml-unread",
      facts: { reason: "template", line: 3, file: "secret.yaml" },
    });
  });

  test("one with nothing of use is refused", async () => {
    expect((await refused([file("kind: Secret\ndata:\n  password: aHVudGVyMg==\n")])).code).toBe(
      "pem-not-a-certificate",
    );
  });
});

describe("what cannot be used says why", () => {
  test.each([
    [
      "OpenSSH",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n",
    ],
    ["PuTTY", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n"],
    ["JKS", Uint8Array.from([0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1])],
  ])("a key of %s", async (format, content) => {
    expect(await refused([file(content, "key")])).toMatchObject({
      code: "key-format-unsupported",
      facts: { format, file: "key" },
    });
  });

  test("a key encrypted with MD5 and DES", async () => {
    expect(await refused([file(fixture("md5Key"))])).toMatchObject({
      code: "key-cipher-unsupported",
      facts: { cipher: "PBE-MD5-DES" },
    });
  });

  test.each([
    ["a cut PEM", client.pem.slice(0, 200), "pem-truncated"],
    ["a cut DER", root.der.subarray(0, 200), "pem-truncated"],
    ["nothing at all", "", "pem-not-a-certificate"],
    ["prose", "Please find the certificate attached.", "pem-not-a-certificate"],
    ["a public key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me", "pem-wrong-box"],
    ["a picture", Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), "pem-not-a-certificate"],
  ])("%s", async (_name, content, code) => {
    expect((await refused([file(content)])).code).toBe(code);
  });

  test("one bad file does not spoil the good ones", async () => {
    const found = await sorted([file("hello", "readme.txt"), file(root.pem, "ca.pem")]);
    expect(found.ca).toBe(root.pem);
    expect(found.problems).toMatchObject([{ code: "pem-not-a-certificate", facts: { file: "readme.txt" } }]);
  });

  test("a name with signs that cannot be seen is shown without them", async () => {
    const problem = await refused([file("hello", "a\u202etxt.exe\u0007")]);
    expect(problem.facts.file).toBe("a\\e2\\80\\aetxt.exe\\07");
  });
});

describe("limits", () => {
  test("more than 1 MB is refused unread", async () => {
    expect(await refused([{ bytes: new Uint8Array(10 * 1024 * 1024) }])).toMatchObject({
      code: "setting-invalid",
      facts: { reason: "pem-too-long" },
    });
  });

  test("more than 400 certificates are refused", async () => {
    const many = `${root.pem}`.repeat(401);
    expect(await refused([file(many)])).toMatchObject({ facts: { reason: "too-many-certificates" } });
  });

  test.each([
    ["empty blocks", "-----BEGIN A-----".repeat(50_000)],
    ["400 certificates", (root.pem + client.pem).repeat(200)],
    [
      "tiny elements",
      Buffer.concat([Buffer.from([0x30, 0x83, 0x0f, 0xff, 0x00]), Buffer.alloc(0x0fff00, 0x05)]),
    ],
    ["open lengths", Buffer.alloc(1_000_000, Buffer.from([0x30, 0x80]))],
    ["a bundle of tiny elements", tinyBundle()],
    ["a manifest of keys", `kind: Secret\n${"a: b\n".repeat(200_000)}`],
    ["a manifest of block scalars", `kind: Secret\n${"a: |\n b\n".repeat(120_000)}`],
    ["deep JSON", `{"kind": ${"[".repeat(500_000)}`],
    ["spaces", `kind: Secret\n${" ".repeat(1_000_000)}`],
    ["dashes", `kind: Secret\n${"- ".repeat(500_000)}`],
    ["base64 of base64", "QUFB".repeat(250_000)],
    ["a large certificate", largeCertificate()],
  ])("%s hold up nobody else", async (_name, content) => {
    const files = [file(content)];
    const pauses: number[] = [];
    for (let run = 0; run < 4; run += 1) pauses.push(await longestPause(() => sortMaterial(files)));
    // 50 ms is the aim on an idle machine; the tests run beside others, which the best of some runs leaves out.
    expect(Math.min(...pauses)).toBeLessThan(400);
  });
});

describe("key derivation", () => {
  const oid = (hex: string) => Buffer.from(hex, "hex");
  /** An encrypted PKCS#8 key that asks for so many rounds of PBKDF2. */
  const asking = (rounds: number) => {
    const count = Buffer.from([0x02, 0x04, 0, rounds >> 16, (rounds >> 8) & 0xff, rounds & 0xff]);
    const derivation = der(0x30, oid("06092a864886f70d01050c"), der(0x30, der(0x04, Buffer.alloc(8)), count));
    const cipher = der(0x30, oid("060960864801650304012a"), der(0x04, Buffer.alloc(16)));
    const algorithm = der(0x30, oid("06092a864886f70d01050d"), der(0x30, derivation, cipher));
    return der(0x30, algorithm, der(0x04, Buffer.alloc(64, 1)));
  };

  test("an affordable one is tried, and keeps the key when the password is wrong", async () => {
    const found = await sorted([file(asking(100_000))], { password });
    expect(found.facts.clientKey).toEqual({ kind: "PKCS#8", encrypted: true });
  });

  test("what all of it may cost in a request is limited", async () => {
    expect(await refused([file(asking(3_000_000))], { password })).toMatchObject({
      code: "key-too-costly",
      facts: { short: "alone" },
    });
  });
});

describe("whatever the bytes, there is an answer", () => {
  const real = [
    fixture("modern"),
    fixture("tripleDes"),
    fixture("bare"),
    fixture("bundle"),
    fixture("streamedBundle"),
    fixture("aesKey"),
    fixture("scryptKey"),
    root.der,
    Buffer.from(root.pem + client.keyPem + crl),
    Buffer.from(`kind: Secret\ndata:\n  ca.crt: ${Buffer.from(root.pem).toString("base64")}\n`),
  ];
  const answers = async (bytes: Uint8Array) => {
    const result = await sortMaterial([{ bytes }], { password });
    return result.ok || result.problem.step === "input";
  };

  test("random bytes, also behind a beginning that looks real", async () => {
    const head = fc.constantFrom(
      "",
      "\x30\x82",
      "\x30\x80",
      "-----BEGIN CERTIFICATE-----\n",
      "kind: Secret\n",
    );
    await fc.assert(
      fc.asyncProperty(head, fc.uint8Array({ maxLength: 600 }), (start, bytes) =>
        answers(Buffer.concat([Buffer.from(start, "latin1"), bytes])),
      ),
      { numRuns: 300 },
    );
  });

  test("real files cut short", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...real), fc.double({ min: 0, max: 1, noNaN: true }), (bytes, part) =>
        answers(bytes.subarray(0, Math.floor(bytes.length * part))),
      ),
      { numRuns: 150 },
    );
  });

  test("real files with some octets changed", async () => {
    const change = fc.tuple(fc.nat(4000), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...real),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (bytes, changes) => {
          const mutated = Buffer.from(bytes);
          for (const [at, octet] of changes) mutated[at % mutated.length] = octet;
          return answers(mutated);
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** The longest time, in ms, that nobody else got the thread. */
async function longestPause(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let on = true;
  const tick = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    if (on) setImmediate(tick);
  };
  tick();
  await work();
  on = false;
  return Math.max(longest, performance.now() - last);
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const header = Buffer.from([tag, 0x83, size >> 16, (size >> 8) & 0xff, size & 0xff]);
  return Buffer.concat([header, ...parts]);
}

function tinyBundle(): Buffer {
  const oid = Buffer.from("06092a864886f70d010702", "hex");
  return der(0x30, oid, der(0xa0, der(0x30, der(0xa0, Buffer.alloc(1_000_000, Buffer.from([0x30, 0x00]))))));
}

function largeCertificate(): Buffer {
  const tbs = der(0x30, der(0xa0, Buffer.from([2, 1, 2])), der(0x04, Buffer.alloc(1_000_000)));
  return der(0x30, tbs, der(0x30, Buffer.from([5, 0])), der(0x03, Buffer.alloc(64)));
}

/** Where the MAC of a PKCS#12 file stands, and where the contents end that it is made of. */
function macOf(bytes: Buffer): {
  readonly at: number;
  readonly length: number;
  readonly contentsEnd: number;
} {
  const [, authSafe, macData] = children(readElement(bytes));
  const [, digest] = children(children(macData)[0]);
  const { contents } = digest ?? { contents: bytes };
  const end = authSafe === undefined ? 0 : authSafe.whole.byteOffset + authSafe.whole.length;
  return {
    at: contents.byteOffset - bytes.byteOffset,
    length: contents.length,
    contentsEnd: end - bytes.byteOffset,
  };
}

/** The modern file with the MAC of RFC 9579 (PBMAC1), which OpenSSL writes from 3.4 on. */
function withPbmac1(): Buffer {
  const [version, authSafe] = children(readElement(fixture("modern")));
  const contents = children(children(authSafe)[1])[0]?.contents ?? Buffer.alloc(0);
  const salt = Buffer.from("a salt of 16 oct");
  const key = pbkdf2Sync(password.reveal(), salt, 2048, 32, "sha256");
  const mac = createHmac("sha256", key).update(contents).digest();
  const oid = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
  const hmac = der(0x30, oid("2a864886f70d0209"), der(0x05));
  const rounds = der(0x02, Buffer.from([0x08, 0x00]));
  const kdf = der(0x30, der(0x04, salt), rounds, der(0x02, Buffer.from([32])), hmac);
  const derivation = der(0x30, oid("2a864886f70d01050c"), kdf);
  const algorithm = der(0x30, oid("2a864886f70d01050e"), der(0x30, derivation, hmac));
  const macData = der(0x30, der(0x30, algorithm, der(0x04, mac)), der(0x04, Buffer.from("NOT USED")), rounds);
  return der(0x30, Buffer.from(version?.whole ?? []), Buffer.from(authSafe?.whole ?? []), macData);
}
