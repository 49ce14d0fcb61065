import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RequestBudget } from "#lib/certificates/request-budget.ts";
import { KeyOpener } from "#lib/certificates/unlock-key.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { formValues, profileView } from "#lib/profiles/profile-view.ts";
import { makeCertificate, makeCrl, rewriteKey } from "#lib/samples/certificates.ts";
import { Secret } from "#lib/secret.ts";
import {
  channelBindings,
  environments,
  type FormChange,
  type FormValues,
  negotiations,
} from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

const now = new Date("2026-11-22T12:00:00Z");
const valid = { notBefore: new Date("2026-11-01T00:00:00Z"), notAfter: new Date("2027-01-01T00:00:00Z") };
const root = await makeCertificate({ commonNames: ["Test root"], ca: true, ...valid });
const otherRoot = await makeCertificate({ commonNames: ["Other root"], ca: true, ...valid });
const client = await makeCertificate({ commonNames: ["app"], issuer: root, ...valid });
const otherClient = await makeCertificate({ commonNames: ["other"], issuer: root, ...valid });
const encryptedKey = rewriteKey(client.keyPem, "sec1", "open sesame");
const crl = await makeCrl({ issuer: root });
const otherCrl = await makeCrl({ issuer: otherRoot });

const good: FormValues = { ...newFormValues, host: "db.example.test", user: "app", password: "p4ss" };
type Change = FormChange & { secretActs?: Partial<FormValues["secretActs"]> };

async function parse(change: Change, previous?: ConnectionProfile) {
  const base = previous ? formValues(previous) : good;
  const secretActs = { ...base.secretActs, ...change.secretActs };
  return await parseProfileForm({ ...base, ...change, secretActs }, previous, now);
}

async function saved(change: Change): Promise<ConnectionProfile> {
  const parsed = await parse(change);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  const dates = { createdAt: now.toISOString(), updatedAt: now.toISOString() };
  return { ...parsed.value, id: "p1", rev: 1, ...dates };
}

/** `field: code` or `field: reason` of every mistake. */
async function mistakes(change: Change, previous?: ConnectionProfile): Promise<readonly string[]> {
  const parsed = await parse(change, previous);
  if (parsed.ok) return [];
  return Object.entries(parsed.problem.fields).map(
    ([field, problem]) => `${field}: ${problem.facts.reason ?? problem.code}`,
  );
}

describe("text becomes a profile", () => {
  test("with every setting in its place", async () => {
    const parsed = await parse({
      name: " Shop ",
      networkAddress: "192.0.2.9",
      port: "6432",
      database: "shop",
      mode: "verify-ca",
      trust: "own",
      ca: root.pem,
      clientCertificate: client.pem,
      clientKey: encryptedKey,
      keyPassphrase: "open sesame",
      crl: crl.pem,
      connectTimeout: "30",
      environment: "production",
      options: "-c search_path=app",
    });
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        name: "Shop",
        host: "db.example.test",
        networkAddress: "192.0.2.9",
        port: 6432,
        database: "shop",
        user: "app",
        environment: "production",
        connectTimeoutMs: 30_000,
        options: "-c search_path=app",
        tls: { mode: "verify-ca", trust: "own", ca: root.pem, clientCertificate: client.pem, crl: crl.pem },
      },
    });
    if (!parsed.ok) return;
    expect(parsed.value.secrets.password?.reveal()).toBe("p4ss");
    expect(parsed.value.secrets.clientKey?.reveal()).toBe(encryptedKey);
    expect(parsed.value.secrets.keyPassphrase?.reveal()).toBe("open sesame");
    expect(JSON.stringify(parsed)).not.toMatch(/p4ss|sesame|PRIVATE KEY/);
  });

  test("left out: the host is the name, the user's name is the database (libpq)", async () => {
    expect(await parse({ host: "[::1]" })).toMatchObject({
      value: { name: "::1", host: "::1", database: "app", tls: { mode: "verify-full" } },
    });
    const parsed = await parse({ password: "" });
    expect(parsed.ok && Object.keys(parsed.value.secrets)).toEqual([]);
    expect(parsed.ok && "networkAddress" in parsed.value).toBe(false);
  });

  test("SSL off is the mode disable, whatever the mode says", async () => {
    expect(await parse({ ssl: false, mode: "verify-full" })).toMatchObject({
      value: { tls: { mode: "disable" } },
    });
  });

  test("PEM is kept clean, the certificates with the leaf first, the key alone", async () => {
    const parsed = await parse({
      ca: `\ufeff${root.pem.replaceAll("\n", "\r\n")}`,
      clientCertificate: root.pem + client.pem,
      clientKey: `Bag Attributes\n${client.pem}${client.keyPem}`,
    });
    expect(parsed).toMatchObject({
      value: { tls: { ca: root.pem, clientCertificate: client.pem + root.pem } },
    });
    expect(parsed.ok && parsed.value.secrets.clientKey?.reveal()).toBe(client.keyPem);
  });

  test("a passphrase for a key that needs none is dropped", async () => {
    const parsed = await parse({
      clientCertificate: client.pem,
      clientKey: client.keyPem,
      keyPassphrase: "x",
    });
    expect(parsed.ok && Object.keys(parsed.value.secrets)).toEqual(["password", "clientKey"]);
  });
});

describe("mistakes", () => {
  test("come all together, a field each", async () => {
    const all = await mistakes({
      host: "",
      port: "x",
      trust: "own",
      clientCertificate: "hello",
      clientKey: encryptedKey,
      keyPassphrase: "wrong",
      crl: "-----BEGIN X509 CRL-----\nMAMCAQE=\n-----END X509 CRL-----",
    });
    expect([...all].sort()).toEqual([
      "ca: trust-no-ca",
      "clientCertificate: pem-not-a-certificate",
      "crl: pem-unusable",
      "host: host-required",
      "keyPassphrase: key-passphrase-wrong",
      "port: port-range",
    ]);
  });

  test.each<[Change, string]>([
    [{ ca: "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----" }, "ca: pem-unusable"],
    [{ ca: client.keyPem }, "ca: pem-wrong-box"],
    [{ clientCertificate: client.pem, clientKey: otherClient.keyPem }, "clientKey: key-not-for-certificate"],
    [
      { clientCertificate: client.pem, clientKey: encryptedKey, keyPassphrase: "" },
      "keyPassphrase: key-passphrase-missing",
    ],
    [{ clientCertificate: client.pem, clientKey: client.pem }, "clientKey: pem-wrong-box"],
    [{ clientCertificate: client.pem }, "clientKey: certificate-without-key"],
  ])("case %#: %2$s", async (change, expected) => {
    expect(await mistakes(change)).toEqual([expected]);
  });

  test("an expired client certificate is refused, but one that expired since may stay", async () => {
    const dates = { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2026-11-20T00:00:00Z") };
    const old = await makeCertificate({ commonNames: ["app"], issuer: root, ...dates });
    const pair = { clientCertificate: old.pem, clientKey: old.keyPem };
    expect(await mistakes(pair)).toEqual(["clientCertificate: client-certificate-expired"]);
    const before = await saved({ clientCertificate: client.pem, clientKey: client.keyPem });
    const expired: ConnectionProfile = {
      ...before,
      tls: { ...before.tls, clientCertificate: old.pem },
      secrets: { ...before.secrets, clientKey: new Secret(old.keyPem) },
    };
    expect(await mistakes({ name: "Renamed" }, expired)).toEqual([]);
  });

  test("of what is not the form at all belong to the form", async () => {
    for (const input of [null, undefined, 7, "x", [], {}, { ...good, extra: 1 }, { ...good, port: 5432 }]) {
      const parsed = await parseProfileForm(input);
      expect(parsed).toMatchObject({
        ok: false,
        problem: { form: { facts: { reason: "form-unreadable" } } },
      });
    }
    await fc.assert(fc.asyncProperty(fc.anything(), async (input) => !(await parseProfileForm(input)).ok));
  });
});

const pair = { clientCertificate: client.pem, clientKey: encryptedKey, keyPassphrase: "open sesame" };
const before = await saved({
  ...pair,
  mode: "verify-full",
  trust: "own",
  ca: root.pem,
  crl: crl.pem,
  networkAddress: "192.0.2.9",
});

test("the forms of one request open their keys on one budget", async () => {
  const keys = new KeyOpener(new RequestBudget(5000));
  const row = (pem: string) => {
    const clientKey = rewriteKey(pem, "pkcs8", "open sesame");
    const certificate = pem === client.keyPem ? client.pem : otherClient.pem;
    const form = { ...good, clientCertificate: certificate, clientKey, keyPassphrase: "open sesame" };
    return parseProfileForm(form, undefined, now, undefined, undefined, keys);
  };
  // 2,048 rounds each, and each text of a key is another one.
  expect(await row(client.keyPem)).toMatchObject({ ok: true });
  expect(await row(otherClient.keyPem)).toMatchObject({ ok: true });
  expect(await row(client.keyPem)).toMatchObject({
    problem: { fields: { clientKey: { code: "key-too-costly", facts: { short: "together" } } } },
  });
});

describe("stored secrets while editing", () => {
  test("a key that was opened once is not worked for again", async () => {
    expect(before.secrets.openedKey?.reveal()).toBe(client.keyPem);
    const noWork = () => new KeyOpener(new RequestBudget(0));
    const again = (change: FormChange) => {
      const form = { ...formValues(before), ...change };
      return parseProfileForm(form, before, now, undefined, undefined, noWork());
    };
    const kept = await again({ name: "Renamed" });
    expect(kept.ok && kept.value.secrets.openedKey?.reveal()).toBe(client.keyPem);
    const plain = await again({ clientKey: client.keyPem });
    expect(plain.ok && plain.value.secrets).not.toHaveProperty("openedKey");
    // Another passphrase has to be tried.
    const pkcs8 = rewriteKey(client.keyPem, "pkcs8", "open sesame");
    const retyped = await again({ clientKey: pkcs8, keyPassphrase: "open sesame" });
    expect(retyped).toMatchObject({ problem: { fields: { clientKey: { code: "key-too-costly" } } } });
  });

  test("an untouched form keeps every one, and nothing else changes", async () => {
    const parsed = await parse({}, before);
    const { id: _id, rev: _rev, createdAt: _created, updatedAt: _updated, ...draft } = before;
    expect(parsed).toEqual({ ok: true, value: draft });
    expect(parsed.ok && parsed.value.secrets.password).toBe(before.secrets.password);
    expect(parsed.ok && parsed.value.secrets.clientKey).toBe(before.secrets.clientKey);
    expect(parsed.ok && parsed.value.secrets.keyPassphrase).toBe(before.secrets.keyPassphrase);
  });

  test("a typed one replaces, remove removes", async () => {
    const typed = await parse({ password: "new" }, before);
    expect(typed.ok && typed.value.secrets.password?.reveal()).toBe("new");
    const removed = await parse(
      {
        clientCertificate: "",
        secretActs: { password: "remove", clientKey: "remove", keyPassphrase: "keep" },
      },
      before,
    );
    expect(removed.ok && Object.keys(removed.value.secrets)).toEqual([]);
  });

  test("the passphrase leaves with its key", async () => {
    const parsed = await parse({ clientKey: client.keyPem }, before);
    expect(parsed.ok && Object.keys(parsed.value.secrets)).toEqual(["password", "clientKey"]);
    const { keyPassphrase } = newFormValues.secretActs;
    expect(await mistakes({ secretActs: { keyPassphrase } }, before)).toEqual([]);
    expect(await mistakes({ secretActs: { keyPassphrase: "remove" } }, before)).toEqual([
      "keyPassphrase: key-passphrase-missing",
    ]);
  });

  test("a passphrase that was stored for one key is not tried on another", async () => {
    const samePassphrase = rewriteKey(otherClient.keyPem, "sec1", "open sesame");
    const other = { clientCertificate: otherClient.pem, clientKey: samePassphrase };
    expect(await mistakes(other, before)).toEqual(["keyPassphrase: key-passphrase-missing"]);
    const given = await parse({ ...other, keyPassphrase: "open sesame" }, before);
    expect(given.ok && given.value.secrets.keyPassphrase?.reveal()).toBe("open sesame");
  });

  const again = ["clientKey: secret-again", "password: secret-again"];

  test.each<[string, Change]>([
    ["another host", { host: "evil.example.test" }],
    ["another network address", { networkAddress: "192.0.2.66" }],
    ["no network address", { networkAddress: "" }],
    ["another port", { port: "5433" }],
    ["another user", { user: "admin" }],
    ["SSL off", { ssl: false }],
    ["a lower mode", { mode: "verify-ca" }],
    ["a much lower mode", { mode: "require" }],
    ["a mode that may end in plain text", { mode: "prefer" }],
    ["self-signed allowed", { allowSelfSigned: true }],
    ["another trust", { trust: "system" }],
    ["another CA", { ca: otherRoot.pem }],
    ["one more CA", { ca: root.pem + otherRoot.pem }],
    ["no revocation list any more", { crl: "" }],
    ["another revocation list", { crl: otherCrl.pem }],
    ["a lower least TLS version", { minVersion: "TLSv1" }],
    ["a lower highest TLS version", { maxVersion: "TLSv1.2" }],
    ["less channel binding", { channelBinding: "disable" }],
    ["no host name in the handshake", { sni: false }],
    ["a weak password allowed", { allowWeakPassword: true }],
  ])("are asked for again with %s", async (_, change) => {
    expect([...(await mistakes(change, before))].sort()).toEqual(again);
    const retyped = { ...change, password: "p4ss", clientKey: encryptedKey, keyPassphrase: "open sesame" };
    expect(await mistakes(retyped, before)).toEqual([]);
  });

  test.each<[string, Change]>([
    ["another name", { name: "Renamed" }],
    ["the host in capitals", { host: "DB.Example.TEST" }],
    ["another database", { database: "other" }],
    ["another environment", { environment: "production" }],
    ["one more revocation list", { crl: crl.pem + otherCrl.pem }],
    ["the same CA, laid out otherwise", { ca: root.pem.replaceAll("\n", "\r\n") }],
    ["a higher least TLS version", { minVersion: "TLSv1.3" }],
    ["channel binding required", { channelBinding: "require" }],
    ["a longer timeout", { connectTimeout: "60" }],
  ])("stay with %s", async (_, change) => {
    expect(await mistakes(change, before)).toEqual([]);
  });

  test("verifying where nothing was verified before costs nothing", async () => {
    const open = await saved({ mode: "require" });
    expect(await mistakes({ mode: "verify-full", trust: "own", ca: root.pem }, open)).toEqual([]);
    expect(await mistakes({ mode: "verify-full" }, open)).toEqual([]);
    expect(await mistakes({ host: "other.example.test" }, open)).toEqual(["password: secret-again"]);
  });

  test.each(["provider", "mozilla", "system"] as const)(
    "Require looks at no roots of %s: another trust is no change for the wire",
    async (trust) => {
      const open = await saved({ mode: "require", trust });
      for (const other of ["provider", "mozilla", "system"] as const) {
        expect(await mistakes({ trust: other }, open)).toEqual([]);
      }
    },
  );

  test("a connection without secrets may change at will", async () => {
    const bare = await saved({ password: "" });
    expect(await mistakes({ host: "other.example.test", mode: "require" }, bare)).toEqual([]);
  });

  test("the note of an import stays, its unreadable string leaves with the fixing", async () => {
    const imported = { legacyId: "old", differences: ["x"], unparsed: "postgres://%" };
    const parsed = await parse({}, { ...before, imported });
    expect(parsed).toMatchObject({ ok: true, value: { imported: { legacyId: "old", differences: ["x"] } } });
    expect(parsed.ok && parsed.value.imported && "unparsed" in parsed.value.imported).toBe(false);
  });
});

const viewed = await saved({
  password: "canary-password",
  clientCertificate: client.pem,
  clientKey: encryptedKey,
  keyPassphrase: "open sesame",
  trust: "own",
  ca: root.pem,
});

describe("the view", () => {
  test("tells which secrets are stored and what the material is, and no secret", async () => {
    const view = profileView({ ...viewed, givenBy: { password: "ada" } }, "ada", now);
    expect(view).toMatchObject({
      id: "p1",
      rev: 1,
      stored: { password: true, clientKey: true, keyPassphrase: true },
      yours: { password: true, clientKey: false, keyPassphrase: false, tokenSecret: false },
      values: { password: "", clientKey: "", keyPassphrase: "", secretActs: { password: "keep" } },
      caCertificates: [{ subject: "CN=Test root" }],
      clientCertificates: [{ subject: "CN=app" }],
      clientKey: { kind: "SEC1", encrypted: true },
    });
    const shown = JSON.stringify(view);
    expect(shown).not.toMatch(/canary|sesame|PRIVATE KEY/);
    for (const line of encryptedKey.split("\n").slice(4, -2)) expect(shown).not.toContain(line);
  });

  test("has no field that was not named by hand", async () => {
    const view = profileView({ ...viewed, leak: "canary" } as ConnectionProfile, "ada", now);
    expect(JSON.stringify(view)).not.toContain("canary");
  });

  test("gives back what was typed, for any choice of settings", async () => {
    const settings = fc.record({
      name: fc.constantFrom("", "Shop", "日本"),
      port: fc.integer({ min: 1, max: 65_535 }).map(String),
      database: fc.constantFrom("shop", "Shop db"),
      ssl: fc.boolean(),
      mode: fc.constantFrom("require" as const, "verify-full" as const, "prefer" as const),
      trust: fc.constantFrom("system" as const, "mozilla" as const),
      ca: fc.constantFrom("", root.pem),
      crl: fc.constantFrom("", crl.pem),
      minVersion: fc.constantFrom("TLSv1" as const, "TLSv1.2" as const),
      negotiation: fc.constantFrom(...negotiations),
      channelBinding: fc.constantFrom(...channelBindings),
      sni: fc.boolean(),
      connectTimeout: fc.integer({ min: 1, max: 600 }).map(String),
      environment: fc.constantFrom(...environments),
      allowWeakPassword: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(settings, async (change) => {
        fc.pre(change.ssl || change.channelBinding !== "require");
        fc.pre(!change.ssl || change.mode !== "prefer" || change.negotiation !== "direct");
        const parsed = await parse(change);
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
        const again = formValues(parsed.value);
        const mode = change.ssl ? change.mode : "verify-full";
        expect(again).toEqual({ ...good, ...change, mode, name: change.name || good.host, password: "" });
      }),
    );
  });
});
