import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openAge } from "#lib/carry/age-file.ts";
import type { CarriedEntry } from "#lib/carry/carried-entry.ts";
import { settingNames, takeOut } from "#lib/carry/connections-file.ts";
import { readCarried } from "#lib/carry/read-carried.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { formValues } from "#lib/profiles/profile-view.ts";
import { noGivenRoots } from "#lib/providers/roots-kind.ts";
import { makeCertificate, makeCrl, rewriteKey } from "#lib/samples/certificates.ts";
import { Secret } from "#lib/secret.ts";
import { fields } from "#lib/settings/fields.ts";
import { type FormValues, secretFields } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

const root = await makeCertificate({ commonNames: ["Test root"], ca: true });
const client = await makeCertificate({ commonNames: ["app"], issuer: root });
const { pem: crl } = await makeCrl({ issuer: root });
const passphrase = new Secret("a lamp, a fig and 3 owls");
const at = new Date("2026-11-27T08:00:00Z");
const base: FormValues = { ...newFormValues, name: "Shop", host: "db.example.test", user: "app" };

/** For each field a value that is not a new connection's, and what it needs beside it. */
const others: { readonly [Name in (typeof settingNames)[number]]: Partial<FormValues> } = {
  host: { host: "2001:db8::7" },
  networkAddress: { networkAddress: "192.0.2.7" },
  port: { port: "6543" },
  database: { database: '東京 – "shop"' },
  user: { user: "o'hara" },
  ssl: { ssl: false },
  mode: { mode: "prefer" },
  trust: { trust: "mozilla" },
  ca: { ca: root.pem, trust: "own", mode: "verify-ca" },
  clientCertificate: { clientCertificate: client.pem, clientKey: client.keyPem },
  crl: { crl },
  allowSelfSigned: { allowSelfSigned: true, mode: "require" },
  minVersion: { minVersion: "TLSv1.3" },
  maxVersion: { maxVersion: "TLSv1.2" },
  negotiation: { negotiation: "direct" },
  channelBinding: { channelBinding: "require" },
  sni: { sni: false },
  connectTimeout: { connectTimeout: "61" },
  applicationName: { applicationName: "nightly" },
  options: { options: "-c statement_timeout=5s" },
  environment: { environment: "production" },
  signIn: { signIn: "certificate", clientCertificate: client.pem, clientKey: client.keyPem },
  tokenRegion: { signIn: "rds-token", tokenRegion: "eu-west-1" },
  tokenExpiry: { signIn: "rds-token", tokenRegion: "eu-west-1", tokenExpiry: "600" },
  tokenCredentials: {
    signIn: "rds-token",
    tokenRegion: "eu-west-1",
    tokenCredentials: "keys",
    awsAccessKeyId: "AKIAEXAMPLEEXAMPLE1",
    tokenSecret: "s3cret",
  },
  awsProfile: {
    signIn: "rds-token",
    tokenRegion: "eu-west-1",
    tokenCredentials: "profile",
    awsProfile: "shop",
  },
  awsRole: {
    signIn: "rds-token",
    tokenRegion: "eu-west-1",
    tokenCredentials: "role",
    awsRole: "arn:aws:iam::123456789012:role/shop",
  },
  awsAccessKeyId: {
    signIn: "rds-token",
    tokenRegion: "eu-west-1",
    tokenCredentials: "keys",
    awsAccessKeyId: "AKIAEXAMPLEEXAMPLE2",
    tokenSecret: "s3cret",
  },
  entraTenant: {
    signIn: "entra-token",
    tokenCredentials: "keys",
    entraTenant: "6f1d2a6e-0000-4000-8000-000000000001",
    entraClient: "6f1d2a6e-0000-4000-8000-000000000002",
    tokenSecret: "s3cret",
  },
  entraClient: { signIn: "entra-token", entraClient: "6f1d2a6e-0000-4000-8000-000000000003" },
  allowWeakPassword: { allowWeakPassword: true },
};

describe("a connection that was taken out and brought in", () => {
  test.each(Object.entries(others))("keeps its %s", async (name, change) => {
    const draft = await draftOf({ ...base, ...change });
    expect(formValues(draft)[name as keyof FormValues]).not.toEqual(newFormValues[name as keyof FormValues]);
    expect(await roundTrip(draft)).toEqual(plain(draft));
  });

  test("keeps each of its secrets", async () => {
    const draft = await draftOf({
      ...base,
      password: ' p4ss: "with" \\ signs é 東 ',
      clientCertificate: client.pem,
      clientKey: rewriteKey(client.keyPem, "pkcs8", "open sesame"),
      keyPassphrase: "open sesame",
    });
    expect(Object.keys(draft.secrets).sort()).toEqual([
      "clientKey",
      "keyPassphrase",
      "openedKey",
      "password",
    ]);
    expect(await roundTrip(draft)).toEqual(plain(draft));
  });

  test("is the same, whatever its settings are", { timeout: 60_000 }, async () => {
    const changes = fc
      .subarray(Object.values(others), { minLength: 0, maxLength: 8 })
      .map((some) => Object.assign({}, ...some) as Partial<FormValues>);
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(changes, fc.string({ unit: "grapheme", maxLength: 40 }), async (change, password) => {
        const parsed = await parseProfileForm({
          ...base,
          ...change,
          password: password.replaceAll("\0", ""),
        });
        if (!parsed.ok) return;
        taken += 1;
        expect(await roundTrip(parsed.value)).toEqual(plain(parsed.value));
      }),
      { numRuns: 60 },
    );
    expect(taken).toBeGreaterThan(10);
  });

  test("brings its group and tags", async () => {
    const draft = await draftOf(base);
    const label = { group: "Shops", tags: ["eu", "nightly"] };
    const text = await written([{ draft, label, stored: [] }]);
    expect((await entryIn(text)).label).toEqual(label);
  });
});

test("the file is readable, names every setting and which secrets there were, and holds none", async () => {
  const draft = await draftOf({ ...base, password: "canary-77" });
  const text = await written([{ draft, label: undefined, stored: ["password"], secrets: draft.secrets }]);
  expect(text).not.toContain("canary-77");
  const json = JSON.parse(text);
  expect(json).toMatchObject({ format: "cloak-connections", version: 1, exportedAt: at.toISOString() });
  expect(Object.keys(json.connections[0].settings).sort()).toEqual([...settingNames].sort());
  expect(json.connections[0].hasSecrets).toEqual(["password"]);
  expect((await entryIn(text)).notes).toEqual([{ id: "secrets-missing", list: "password" }]);
});

test("what is sealed shows no name and no host", async () => {
  const draft = await draftOf({ ...base, password: "canary-77" });
  const sealed = await takeOut(
    [{ draft, label: undefined, stored: ["password"], secrets: draft.secrets }],
    at,
    { passphrase },
    10,
  );
  if (!sealed.ok) throw new Error(sealed.problem.code);
  for (const word of ["canary-77", "Shop", "db.example.test"]) expect(sealed.value).not.toContain(word);
  const opened = await openAge(Buffer.from(sealed.value), { passphrase });
  expect(opened.ok && JSON.parse(opened.value.toString()).connections[0].secrets).toEqual({
    password: "canary-77",
  });
});

test("every field that may be shown is a setting of the file, and no secret is", () => {
  const shown = Object.entries(fields).filter(([name, field]) => field.kept === "shown" && name !== "name");
  expect([...settingNames].sort()).toEqual(shown.map(([name]) => name).sort());
  expect(settingNames.filter((name) => (secretFields as readonly string[]).includes(name))).toEqual([]);
});

const file = (connections: unknown, more: object = {}) =>
  JSON.stringify({ format: "cloak-connections", version: 1, connections, ...more });
const one = (more: object = {}, settings: object = {}) =>
  file([{ name: "Shop", settings: { host: "db.example.test", user: "app", ...settings }, ...more }]);

test("what others leave out is as a new connection has it", async () => {
  const { values } = await entryIn(one({}, { port: 6432 }));
  expect(values).toMatchObject({ ...base, port: "6432", mode: "verify-full", ssl: true });
});

test.each<[string, string, string]>([
  ["a setting", one({}, { colour: "red", password: "canary" }), "colour, password"],
  ["a secret", one({ secrets: { openedKey: "canary", password: "p" } }), "openedKey"],
  [
    "a name of an object's own",
    `{"format":"cloak-connections","version":1,"connections":[{"name":"Shop","settings":{"host":"h","user":"u","__proto__":{"port":"1"},"constructor":"x"}}]}`,
    "constructor",
  ],
  ["a name that turns the line round", one({}, { "\u202Egnp": "x" }), "\\u202Egnp"],
])("%s that is not known is named, and left", async (_, text, list) => {
  const { notes, values } = await entryIn(text);
  expect(notes[0]?.id).toBe("unknown");
  expect(notes[0]?.list).toContain(list);
  expect(JSON.stringify(values)).not.toContain("canary");
  expect(values.port).toBe("5432");
  expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
});

test("a group or tag that cannot be one here is named", async () => {
  const { label, notes } = await entryIn(
    one({ group: "x".repeat(60), tags: ["eu", "", 7, "a", "b", "c", "d", "e", "f", "g", "h"] }),
  );
  expect(label).toEqual({ tags: ["eu", "a", "b", "c", "d", "e", "f", "g"] });
  expect(notes.map(({ id }) => id)).toEqual(["label-refused"]);
});

test.each<[string, string | Buffer, object]>([
  ["nothing", "", { code: "string-malformed" }],
  ["prose", "These are not connections at all.", { code: "import-unreadable", facts: { reason: "shape" } }],
  ["JSON of something else", '{"hello":"world"}', { code: "import-unreadable", facts: { reason: "shape" } }],
  ["JSON that is cut off", one().slice(0, -30), {}],
  ["a newer version", file([], { version: 2 }), { code: "import-unreadable", facts: { reason: "version" } }],
  [
    "a version that is none",
    file([], { version: "1" }),
    { code: "import-unreadable", facts: { reason: "shape" } },
  ],
  ["connections that are no list", file({}), { code: "import-unreadable", facts: { reason: "shape" } }],
  [
    "10,000 connections",
    file(Array.from({ length: 10_000 }, () => ({ name: "n", settings: {} }))),
    { code: "import-unreadable", facts: { reason: "too-many", most: "5000" } },
  ],
  [
    "deep JSON",
    `{"format":"cloak-connections","connections":${"[".repeat(200_000)}`,
    { code: "import-unreadable", facts: { reason: "too-deep" } },
  ],
  [
    "deep JSON of another kind",
    `${'{"a":'.repeat(100_000)}1`,
    { code: "import-unreadable", facts: { reason: "too-deep" } },
  ],
  // Each of them once took the console's one thread for as long as the square of its length.
  [
    "a text that never ends, of escaped quotation marks",
    `["${'\\"'.repeat(100_000)}`,
    { code: "import-unreadable", facts: { reason: "shape" } },
  ],
  [
    "a name that never ends",
    `{"${'\\"'.repeat(100_000)}`,
    { code: "import-unreadable", facts: { reason: "shape" } },
  ],
  [
    "a text that never ends, of backslashes",
    `["${"\\\\".repeat(100_000)}`,
    { code: "import-unreadable", facts: { reason: "shape" } },
  ],
  [
    "17 MB",
    Buffer.alloc(17_000_000, "x"),
    { code: "import-unreadable", facts: { reason: "too-large", most: "16 MiB" } },
  ],
  ["bytes", Buffer.from([0, 1, 2, 255, 254]), { code: "import-unreadable", facts: { reason: "shape" } }],
  ["JSON that is cut off", '{ "servers": ', { code: "import-unreadable", facts: { reason: "shape" } }],
  ["one string that is wrong", "postgres://u:a b@h/d", { code: "string-malformed" }],
  [
    "300 connection strings",
    Array.from({ length: 300 }, (_, index) => `postgres://u@h${index}.example.test/d`).join("\n"),
    { code: "import-unreadable", facts: { reason: "too-many", most: "199" } },
  ],
])("a file that is none is refused by its name: %s", async (_, text, problem) => {
  const began = performance.now();
  const found = await read(text);
  expect(found.ok).toBe(false);
  expect(found).toMatchObject({ problem });
  expect(performance.now() - began).toBeLessThan(3000);
});

test.each<[string, unknown]>([
  ["null", null],
  ["a text", "postgres://"],
  ["no settings", { name: "Shop" }],
  ["a name that is none", { name: 7, settings: {} }],
  ["a list of settings", { name: "Shop", settings: [] }],
])("an entry that is none does not spoil the others: %s", async (_, entry) => {
  const found = await read(file([entry, { name: "Fine", settings: { host: "h", user: "u" } }]));
  expect(found).toMatchObject({
    value: {
      entries: [
        { ok: false, problem: { code: "import-unreadable" } },
        { ok: true, value: { name: "Fine" } },
      ],
    },
  });
});

test("a huge text in a setting is the form's to refuse, and quick", async () => {
  const entry = await entryIn(one({}, { applicationName: "x".repeat(5_000_000), ca: "y".repeat(5_000_000) }));
  const parsed = await parseProfileForm(entry.values);
  expect(parsed.ok).toBe(false);
});

async function draftOf(values: FormValues): Promise<ProfileDraft> {
  const parsed = await parseProfileForm(values);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return parsed.value;
}

async function written(connections: Parameters<typeof takeOut>[0]): Promise<string> {
  const made = await takeOut(connections, at);
  if (!made.ok) throw new Error(made.problem.code);
  return made.value;
}

async function read(text: string | Uint8Array) {
  return readCarried({ bytes: Buffer.from(text), keys: { passphrase }, roots: noGivenRoots });
}

async function entryIn(text: string): Promise<CarriedEntry> {
  const found = await read(text);
  if (!found.ok) throw new Error(JSON.stringify(found.problem));
  const [entry] = found.value.entries;
  if (entry?.ok !== true) throw new Error("no entry");
  return entry.value;
}

/** Out with its secrets, and in again. */
async function roundTrip(draft: ProfileDraft) {
  const stored = secretFields.filter((field) => draft.secrets[field] !== undefined);
  const made = await takeOut(
    [{ draft, label: undefined, stored, secrets: draft.secrets }],
    at,
    { passphrase },
    1,
  );
  if (!made.ok) throw new Error(made.problem.code);
  return plain(await draftOf((await entryIn(made.value)).values));
}

/** With its secrets in clear, to be compared. */
function plain(draft: ProfileDraft) {
  const secrets = Object.entries(draft.secrets).map(([name, secret]) => [name, (secret as Secret).reveal()]);
  return { ...draft, secrets: Object.fromEntries(secrets) };
}
