import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changeEffects, type Effect } from "#lib/profiles/change-effects.ts";
import { type FieldName, fieldNames } from "#lib/settings/fields.ts";
import {
  channelBindings,
  type FormValues,
  secretFields,
  signIns,
  tlsVersions,
  tokenCredentials,
  trustSources,
} from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

const pem = (label: string, body: string) => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const [one, two] = [pem("CERTIFICATE", "MIIBAAAA"), pem("CERTIFICATE", "MIIBBBBB")];
const [listOne, listTwo] = [pem("X509 CRL", "MIIBAAAA"), pem("X509 CRL", "MIIBBBBB")];

/** Verified in full against a CA of one's own; what is not named is as in a new form. */
const base: FormValues = {
  ...newFormValues,
  host: "db.example.test",
  user: "app",
  database: "shop",
  trust: "own",
  ca: one,
};

/** Values that each field can have, and the pairs `from > to` whose change has the effect. */
const rows: Readonly<
  Record<FieldName, readonly [values: readonly unknown[], Effect | null, "any" | string[]]>
> = {
  name: [["", "Shop"], null, []],
  host: [["db.example.test", "other.example.test", "192.0.2.1"], "elsewhere", "any"],
  networkAddress: [["", "192.0.2.1", "192.0.2.2"], "elsewhere", "any"],
  port: [["5432", "6432"], "elsewhere", "any"],
  database: [["shop", "other"], null, []],
  user: [["app", "App", "admin"], "elsewhere", "any"],
  password: [["", "p4ss"], null, []],
  ssl: [[true, false], "weaker", ["true > false"]],
  mode: [
    ["allow", "prefer", "require", "verify-ca", "verify-full"],
    "weaker",
    [
      "prefer > allow",
      "require > allow",
      "require > prefer",
      "verify-ca > allow",
      "verify-ca > prefer",
      // Require with a CA of one's own is Verify CA.
      "verify-full > allow",
      "verify-full > prefer",
      "verify-full > require",
      "verify-full > verify-ca",
    ],
  ],
  trust: [trustSources, "weaker", "any"],
  ca: [
    [one, two, `${one}${two}`],
    "weaker",
    [`${one} > ${two}`, `${two} > ${one}`, `${one} > ${one}${two}`, `${two} > ${one}${two}`],
  ],
  clientCertificate: [["", one], null, []],
  clientKey: [["", "key"], null, []],
  keyPassphrase: [["", "open sesame"], null, []],
  crl: [
    ["", listOne, `${listOne}${listTwo}`],
    "weaker",
    [`${listOne} > `, `${listOne}${listTwo} > `, `${listOne}${listTwo} > ${listOne}`],
  ],
  allowSelfSigned: [[true, false], "weaker", ["false > true"]],
  minVersion: [tlsVersions, "weaker", falling(tlsVersions)],
  maxVersion: [tlsVersions, "weaker", falling(tlsVersions)],
  negotiation: [["postgres", "direct"], null, []],
  channelBinding: [channelBindings, "weaker", falling(channelBindings)],
  sni: [[true, false], "elsewhere", "any"],
  connectTimeout: [["10", "600"], null, []],
  applicationName: [["", "console"], null, []],
  options: [["", "-c search_path=app"], null, []],
  environment: [["none", "production"], null, []],
  signIn: [signIns, "identity", "any"],
  tokenRegion: [["", "eu-west-1"], "identity", "any"],
  tokenExpiry: [["900", "60"], null, []],
  tokenCredentials: [tokenCredentials, "identity", "any"],
  awsProfile: [["", "shop"], "identity", "any"],
  awsRole: [["", "arn:aws:iam::123456789012:role/shop"], "identity", "any"],
  awsAccessKeyId: [["", "AKIDEXAMPLE"], "identity", "any"],
  entraTenant: [["", "contoso.example"], "identity", "any"],
  entraClient: [["", "6d1f5f0e-0000-4000-8000-000000000000"], "identity", "any"],
  tokenSecret: [["", "half"], null, []],
  allowWeakPassword: [[true, false], "weaker", ["false > true"]],
  secretActs: [[base.secretActs, { ...base.secretActs, password: "remove" }], null, []],
};

function falling(order: readonly string[]): string[] {
  return order.flatMap((was, at) => order.slice(0, at).map((now) => `${was} > ${now}`));
}

const pairs = fieldNames.flatMap((name) => {
  const [values, effect, having] = rows[name];
  return values.flatMap((was) =>
    values.map((now) => {
      const has = was !== now && (having === "any" || having.includes(`${was} > ${now}`));
      return { name, was, now, effect: has ? effect : null };
    }),
  );
});

describe("what a change does to the secrets that were given before it", () => {
  test.each(pairs)("$name from '$was' to '$now': $effect", ({ name, was, now, effect }) => {
    const effects = changeEffects({ ...base, [name]: now }, { ...base, [name]: was });
    expect([...effects]).toEqual(effect === null ? [] : [[effect, [name]]]);
  });

  test("every effect that the table knows stands in a pair", () => {
    expect(new Set(pairs.map(({ effect }) => effect))).toEqual(
      new Set(["elsewhere", "weaker", "identity", null]),
    );
  });

  test.each<[string, Partial<FormValues>, Partial<FormValues>]>([
    ["a pin in place of no check", { mode: "require", trust: "system" }, { mode: "require" }],
    ["Verify Full in place of Require without a CA", { mode: "require", trust: "mozilla" }, {}],
    [
      "another store where none was asked",
      { mode: "require", trust: "provider" },
      { mode: "require", trust: "system" },
    ],
    ["checks in place of self-signed allowed", { allowSelfSigned: true }, { ca: two }],
    [
      "self-signed allowed where nothing was checked",
      { mode: "require", trust: "system" },
      { mode: "require", trust: "system", allowSelfSigned: true },
    ],
    [
      "Verify CA where plain text was possible, with another CA",
      { mode: "prefer" },
      { mode: "verify-ca", ca: two },
    ],
    ["SSL on, whatever its mode", { ssl: false }, { mode: "require", trust: "system" }],
    ["the host in capitals and brackets", { host: "[fe80::A]" }, { host: " fe80::a" }],
    ["the CA laid out otherwise", {}, { ca: one.replaceAll("\n", "\r\n") }],
    ["a CA in the box that nobody asks", { trust: "system" }, { trust: "system", ca: two }],
  ])("none: %s", (_, was, now) => {
    expect([...changeEffects({ ...base, ...now }, { ...base, ...was })]).toEqual([]);
  });

  test.each<[string, Partial<FormValues>, Partial<FormValues>, [Effect, FieldName[]][]]>([
    [
      "the store and the mode at once",
      {},
      { mode: "require", trust: "system", ca: "" },
      [["weaker", ["mode", "trust", "ca"]]],
    ],
    [
      "host and mode",
      {},
      { host: "evil.example.test", mode: "require", ca: "" },
      [
        ["elsewhere", ["host"]],
        ["weaker", ["mode", "ca"]],
      ],
    ],
    ["a pin in place of a public store", { trust: "system", ca: "" }, {}, [["weaker", ["trust", "ca"]]]],
    [
      "the lists leave with another mode",
      { crl: listOne },
      { crl: "", mode: "verify-ca" },
      [["weaker", ["mode", "crl"]]],
    ],
  ])("%s", (_, was, now, effects) => {
    expect([...changeEffects({ ...base, ...now }, { ...base, ...was })]).toEqual(effects);
  });

  test("what has no effect does not have one in two steps: no way round by small changes", () => {
    const settings = fc.record({
      ssl: fc.boolean(),
      mode: fc.constantFrom("allow", "prefer", "require", "verify-ca", "verify-full"),
      trust: fc.constantFrom(...trustSources),
      ca: fc.constantFrom("", one, two, `${one}${two}`),
      crl: fc.constantFrom("", listOne, listTwo),
      allowSelfSigned: fc.boolean(),
      minVersion: fc.constantFrom(...tlsVersions),
    });
    const values = settings.map((some) => ({ ...base, ...some }) as FormValues);
    fc.assert(
      fc.property(values, values, values, (first, second, third) => {
        fc.pre(changeEffects(second, first).size === 0 && changeEffects(third, second).size === 0);
        // Where the first proved nothing, whatever is checked since was chosen freely.
        expect([...changeEffects(third, first)]).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test("a secret by itself is no change of where it goes", () => {
    for (const field of secretFields) {
      expect(changeEffects({ ...base, [field]: "new" }, base).size).toBe(0);
    }
  });
});
