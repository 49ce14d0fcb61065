import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fieldMessages } from "#lib/problems/field-messages.ts";
import { formSchema, formSchemaWith, type StoredSecrets, willHave } from "#lib/profiles/form-schema.ts";
import { makeCertificate, rewriteKey } from "#lib/samples/certificates.ts";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

const root = await makeCertificate({ commonNames: ["Test root"], ca: true });
const client = await makeCertificate({ commonNames: ["app"], issuer: root });
const encryptedKey = rewriteKey(client.keyPem, "pkcs8", "open sesame");

const good: FormValues = { ...newFormValues, host: "db.example.test", user: "app" };
const rdsHost = "shop.abcdefghijkl.eu-west-1.rds.amazonaws.com";
const neonHost = "ep-cool-sun-12345678.eu-central-1.aws.neon.tech";
const nothing: StoredSecrets = {
  password: false,
  clientKey: false,
  keyPassphrase: false,
  tokenSecret: false,
};
const everything: StoredSecrets = { password: true, clientKey: true, keyPassphrase: true, tokenSecret: true };

/** `field: message` of every mistake. */
function mistakes(change: FormChange & { secretActs?: FormValues["secretActs"] }, stored = nothing) {
  const parsed = formSchemaWith(stored).safeParse({ ...good, ...change });
  return parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}

test("a new connection needs a host and a user, and nothing else", () => {
  const parsed = formSchema.safeParse(newFormValues);
  expect(parsed.error?.issues.map((issue) => [issue.path[0], issue.message])).toEqual([
    ["host", "host-required"],
    ["user", "user-required"],
  ]);
  expect(formSchema.safeParse(good).success).toBe(true);
});

test("texts come out trimmed, passwords and certificates as they were", () => {
  const given = { ...good, host: "  db.example.test ", user: "app\t", password: " p ", ca: `\n${root.pem}` };
  expect(formSchema.parse(given)).toEqual({ ...given, host: "db.example.test", user: "app" });
});

describe("each field", () => {
  const hidden = [
    ..."\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\u00ad\u{e0041}",
  ];

  test.each(hidden.map((sign) => [sign.codePointAt(0)?.toString(16), sign]))(
    "a name with U+%s in it, which turns round or hides",
    (_, sign) => {
      expect(mistakes({ name: `Shop ${sign}tset` })).toContain("name: name-hidden-signs");
    },
  );

  test.each(["\u200d", "\u200c\u200d", "\u3164", "\u2800", "\ufe0f"])(
    "a name of which nothing is seen: %j",
    (name) => expect(mistakes({ name })).toContain("name: name-hidden-signs"),
  );

  test.each(["متجر", "חנות", "店 🏪", "می\u200cخواهم"])(
    "a name that is only written otherwise is taken: %s",
    (name) => {
      expect(mistakes({ name })).toEqual([]);
    },
  );

  test.each<[FormChange, string]>([
    [{ host: "postgres://app@db.example.test/shop" }, "host: host-is-a-string"],
    [{ host: "a.example.test,b.example.test" }, "host: host-several"],
    [{ host: "db.example.test:5432" }, "host: host-malformed"],
    [{ host: "/var/run/postgresql" }, "host: host-malformed"],
    [{ host: "host=db.example.test user=app" }, "host: host-malformed"],
    [{ host: "app@db.example.test" }, "host: host-malformed"],
    [{ host: "db example" }, "host: host-malformed"],
    [{ host: "   " }, "host: host-required"],
    [{ networkAddress: "db.example.test" }, "networkAddress: address-not-ip"],
    [{ networkAddress: "10.0.0.256" }, "networkAddress: address-not-ip"],
    [{ port: "" }, "port: port-range"],
    [{ port: "0" }, "port: port-range"],
    [{ port: "65536" }, "port: port-range"],
    [{ port: "54x2" }, "port: port-range"],
    [{ port: "-1" }, "port: port-range"],
    [{ port: "1e3" }, "port: port-range"],
    [{ connectTimeout: "0" }, "connectTimeout: timeout-range"],
    [{ connectTimeout: "601" }, "connectTimeout: timeout-range"],
    [{ connectTimeout: "2.5" }, "connectTimeout: timeout-range"],
    [{ user: "app\u0000database\u0000postgres" }, "user: text-control-character"],
    [{ database: "a\nb" }, "database: text-control-character"],
    [{ options: "-c x=1\u0000user" }, "options: text-control-character"],
    [{ password: "a\u0000b" }, "password: text-control-character"],
    [{ name: "x".repeat(1025) }, "name: text-too-long"],
    [{ password: "x".repeat(4097) }, "password: text-too-long"],
    [{ clientKey: "x".repeat(65_537) }, "clientKey: pem-too-long"],
    [{ ca: "hello" }, "ca: pem-not-a-certificate"],
    [{ ca: client.keyPem }, "ca: pem-wrong-box"],
    [{ crl: root.pem }, "crl: pem-wrong-box"],
  ])("%j", (change, expected) => {
    expect(mistakes(change)).toContain(expected);
  });

  test.each<FormChange>([
    { host: "localhost" },
    { host: "192.0.2.1" },
    { host: "::1" },
    { host: "[2001:db8::1]" },
    { host: "db_1.example.test." },
    { host: "dätenbank.example" },
    { networkAddress: "2001:db8::1" },
    { port: "1" },
    { port: "65535" },
    { port: " 6432 " },
    { connectTimeout: "600" },
    { password: " \t pass\nword " },
    { ca: root.pem.repeat(200) },
  ])("%j is in order", (change) => {
    expect(mistakes(change)).toEqual([]);
  });
});

describe("what goes together", () => {
  test.each<[string, FormChange, string[]]>([
    [
      "an empty range of TLS versions",
      { minVersion: "TLSv1.3", maxVersion: "TLSv1.2" },
      ["maxVersion: tls-range-empty"],
    ],
    ["Verify Full with a CA of its own, but none given", { trust: "own" }, ["ca: trust-no-ca"]],
    [
      "Verify CA with a CA of its own, but none given",
      { mode: "verify-ca", trust: "own" },
      ["ca: trust-no-ca"],
    ],
    ["Verify CA with the system's trust", { mode: "verify-ca" }, ["trust: trust-weak-mode"]],
    ["Verify CA with Mozilla's trust", { mode: "verify-ca", trust: "mozilla" }, ["trust: trust-weak-mode"]],
    ["Verify CA with RDS's own roots", { mode: "verify-ca", trust: "provider", host: rdsHost }, []],
    [
      "Verify CA with a provider's roots that are public",
      { mode: "verify-ca", trust: "provider", host: neonHost },
      ["trust: trust-weak-mode"],
    ],
    ["Verify Full with a provider's roots", { trust: "provider", host: neonHost }, []],
    ["the trust of a provider that nobody knows", { trust: "provider" }, ["trust: trust-no-ca"]],
    ["the same, where nothing is verified", { trust: "provider", mode: "require" }, []],
    ["Verify CA with a CA", { mode: "verify-ca", trust: "own", ca: root.pem }, []],
    ["Require without a CA", { mode: "require", trust: "own" }, []],
    [
      "self-signed allowed: no CA is needed (C8)",
      { mode: "verify-ca", trust: "own", allowSelfSigned: true },
      [],
    ],
    [
      "self-signed allowed without SSL",
      { ssl: false, allowSelfSigned: true },
      ["allowSelfSigned: self-signed-needs-ssl"],
    ],
    [
      "SSL off, whatever the rest of the TLS settings says",
      { ssl: false, trust: "own", minVersion: "TLSv1.3", maxVersion: "TLSv1.2" },
      [],
    ],
    [
      "direct negotiation that may fall back",
      { negotiation: "direct", mode: "prefer" },
      ["negotiation: direct-needs-require"],
    ],
    ["direct negotiation with Require", { negotiation: "direct", mode: "require" }, []],
    [
      "channel binding without TLS",
      { ssl: false, channelBinding: "require" },
      ["channelBinding: channel-binding-needs-ssl"],
    ],
    ["a certificate without key", { clientCertificate: client.pem }, ["clientKey: certificate-without-key"]],
    [
      "a key without certificate",
      { clientKey: client.keyPem },
      ["clientCertificate: key-without-certificate"],
    ],
    ["a pair", { clientCertificate: client.pem, clientKey: client.keyPem }, []],
    [
      "an encrypted key without passphrase (C7)",
      { clientCertificate: client.pem, clientKey: encryptedKey },
      ["keyPassphrase: key-passphrase-missing"],
    ],
    [
      "an encrypted key with one",
      { clientCertificate: client.pem, clientKey: encryptedKey, keyPassphrase: "x" },
      [],
    ],
    [
      "signing in with a certificate that is not there",
      { signIn: "certificate" },
      ["clientCertificate: certificate-sign-in-needs-certificate"],
    ],
    [
      "signing in with a certificate without SSL",
      { signIn: "certificate", ssl: false, clientCertificate: client.pem, clientKey: client.keyPem },
      ["signIn: certificate-sign-in-needs-ssl"],
    ],
  ])("%s", (_, change, expected) => {
    expect(mistakes(change)).toEqual(expected);
  });

  test("a DSQL host never has SSL off, nor a mode that may do without (D1)", () => {
    const host = "abcdefghijklmnopqrstuvwxyz.dsql.eu-west-1.on.aws";
    expect(mistakes({ host, ssl: false })).toEqual(["ssl: provider-needs-ssl"]);
    expect(mistakes({ host, mode: "prefer" })).toEqual(["mode: provider-needs-require"]);
    expect(mistakes({ host, mode: "allow" })).toEqual(["mode: provider-needs-require"]);
    expect(mistakes({ host, mode: "require" })).toEqual([]);
    expect(mistakes({ host })).toEqual([]);
  });

  test("a DSQL host never has SNI off, nor options that it would refuse (D6)", () => {
    const host = "abcdefghijklmnopqrstuvwxyz.dsql.eu-west-1.on.aws";
    expect(mistakes({ host, sni: false })).toEqual(["sni: provider-needs-sni"]);
    expect(mistakes({ host, options: "-c statement_timeout=5s" })).toEqual([
      "options: provider-refuses-options",
    ]);
    expect(mistakes({ host, negotiation: "direct" })).toEqual([]);
    expect(mistakes({ host: "db.example.test", sni: false, options: "-c geqo=off" })).toEqual([]);
  });
});

describe("stored secrets", () => {
  const keep = newFormValues.secretActs;

  test("an empty field keeps the stored key, which counts as given", () => {
    expect(mistakes({ clientCertificate: client.pem }, everything)).toEqual([]);
    expect(mistakes({}, everything)).toEqual(["clientCertificate: key-without-certificate"]);
    expect(mistakes({ secretActs: { ...keep, clientKey: "remove" } }, everything)).toEqual([]);
  });

  test("replacing one needs a new value, where one is stored", () => {
    const secretActs = { ...keep, password: "replace" } as const;
    expect(mistakes({ secretActs }, { ...nothing, password: true })).toEqual(["password: secret-empty"]);
    expect(mistakes({ secretActs })).toEqual([]);
  });

  test("a new encrypted key does not live on the stored passphrase", () => {
    expect(mistakes({ clientCertificate: client.pem, clientKey: encryptedKey }, everything)).toEqual([
      "keyPassphrase: key-passphrase-missing",
    ]);
  });

  test("what will be there after the save", () => {
    expect(willHave("password", good, nothing)).toBe(false);
    expect(willHave("password", good, everything)).toBe(true);
    expect(willHave("password", { ...good, password: "x" }, nothing)).toBe(true);
    expect(willHave("password", { ...good, secretActs: { ...keep, password: "remove" } }, everything)).toBe(
      false,
    );
  });
});

describe("whatever arrives", () => {
  test("is refused when it is not the form, without an exception", () => {
    fc.assert(fc.property(fc.anything(), (input) => !formSchema.safeParse(input).success));
  });

  test("is refused with a field too many or of another kind, and every message has words", () => {
    const field = fc.constantFrom(...(Object.keys(good) as (keyof FormValues)[]), "extra" as never);
    fc.assert(
      fc.property(
        field,
        fc.oneof(fc.integer(), fc.constant(null), fc.constant("<x>"), fc.object()),
        (name, value) => {
          const parsed = formSchema.safeParse({ ...good, [name]: value });
          for (const issue of parsed.error?.issues ?? []) expect(fieldMessages).toContain(issue.message);
        },
      ),
    );
    expect(formSchema.safeParse({ ...good, extra: 1 }).success).toBe(false);
  });
});
