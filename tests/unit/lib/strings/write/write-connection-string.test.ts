import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  channelBindings,
  type FormValues,
  negotiations,
  sslModes,
  tlsVersions,
} from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { parseLibpqString } from "#lib/strings/libpq/parse-libpq-string.ts";
import { writeConnectionString } from "#lib/strings/write/write-connection-string.ts";

const shop: FormValues = {
  ...newFormValues,
  host: "db.example.test",
  database: "shop",
  user: "app",
  password: "geheim",
  keyPassphrase: "auch geheim",
};

describe("C3: the written string carries the mode", () => {
  test.each<[string, Partial<FormValues>, string]>([
    ["the usual", {}, "postgres://app@db.example.test:5432/shop?sslmode=verify-full&sslrootcert=system"],
    ["SSL off", { ssl: false }, "postgres://app@db.example.test:5432/shop?sslmode=disable"],
    ["require", { mode: "require" }, "postgres://app@db.example.test:5432/shop?sslmode=require"],
    [
      "own trust",
      { trust: "own", ca: "-----BEGIN CERTIFICATE-----" },
      "postgres://app@db.example.test:5432/shop?sslmode=verify-full",
    ],
    ["IPv6", { host: "::1", mode: "require" }, "postgres://app@[::1]:5432/shop?sslmode=require"],
    ["no user", { user: "", mode: "require" }, "postgres://db.example.test:5432/shop?sslmode=require"],
    [
      "what URIs cannot hold as it is",
      { user: "a@b:c", database: "d/e?f", mode: "require" },
      "postgres://a%40b%3Ac@db.example.test:5432/d%2Fe%3Ff?sslmode=require",
    ],
    [
      "everything that differs from libpq's defaults",
      {
        mode: "require",
        networkAddress: "192.0.2.7",
        negotiation: "direct",
        minVersion: "TLSv1.3",
        sni: false,
        channelBinding: "require",
        connectTimeout: "3",
        applicationName: "a b",
        options: "-c x=y",
      },
      "postgres://app@db.example.test:5432/shop?hostaddr=192.0.2.7&sslmode=require&sslnegotiation=direct&ssl_min_protocol_version=TLSv1.3&sslsni=0&channel_binding=require&connect_timeout=3&application_name=a%20b&options=-c%20x%3Dy",
    ],
  ])("%s", (_name, change, uri) => {
    expect(writeConnectionString({ ...shop, ...change })).toBe(uri);
  });

  test("the password is written only when it is given", () => {
    expect(writeConnectionString(shop)).not.toContain("geheim");
    expect(writeConnectionString(shop, { form: "keywords" })).not.toContain("geheim");
    expect(writeConnectionString({ ...shop, mode: "require" }, { password: "p@ss:/?#%" })).toBe(
      "postgres://app:p%40ss%3A%2F%3F%23%25@db.example.test:5432/shop?sslmode=require",
    );
  });

  test("keywords, quoted as libpq needs it", () => {
    expect(
      writeConnectionString(
        { ...shop, mode: "require", applicationName: "it's a \\" },
        { form: "keywords", password: "a b" },
      ),
    ).toBe(
      "host=db.example.test port=5432 dbname=shop user=app password='a b' sslmode=require application_name='it\\'s a \\\\'",
    );
  });

  test("an empty form writes nothing", () => {
    expect(writeConnectionString(newFormValues)).toBe("");
  });
});

describe("round trip", () => {
  // A comma or a first / or @ makes several hosts or a socket of it: the parser refuses those by name.
  const text = fc.string({ unit: "binary", maxLength: 20 }).filter((value) => !value.includes("\0"));
  const host = fc
    .oneof(text, fc.ipV6(), fc.ipV4(), fc.domain(), fc.constant("fe80::1%eth0"))
    .filter((value) => value !== "" && !value.includes(",") && !/^[/@]/.test(value));
  const values = fc
    .record({
      host,
      networkAddress: fc.oneof(fc.constant(""), fc.ipV4(), fc.ipV6()),
      port: fc.integer({ min: 1, max: 65_535 }).map(String),
      database: text,
      user: text,
      applicationName: text,
      options: text,
      ssl: fc.boolean(),
      mode: fc.constantFrom(...sslModes.filter((mode) => mode !== "disable")),
      trust: fc.constantFrom("system" as const, "mozilla" as const, "provider" as const, "own" as const),
      minVersion: fc.constantFrom(...tlsVersions),
      maxVersion: fc.constantFrom(...tlsVersions),
      negotiation: fc.constantFrom(...negotiations),
      channelBinding: fc.constantFrom(...channelBindings),
      sni: fc.boolean(),
      connectTimeout: fc.integer({ min: 1, max: 300 }).map(String),
    })
    .map((some): FormValues => ({ ...newFormValues, ...some }))
    // libpq refuses direct negotiation together with a mode that may fall back to plain text.
    .filter((form) => !(form.ssl && form.negotiation === "direct" && /prefer|allow/.test(form.mode)));
  const password = fc
    .oneof(text, fc.constantFrom("p@ss/w:rd?#%&=", "it's \\ here", " blank ", "pé🔑"))
    // Those would be recognised as placeholders, rightly.
    .filter((value) => !/^(\{.*\}|<.*>|\[.*\]|\*+|x+|…|\.\.\.|your.*|my.*|\$.*)$/i.test(value));

  test.each(["uri", "keywords"] as const)("C3: what is written as %s is read back as it was", (form) => {
    fc.assert(
      fc.property(values, password, (given, pass) => {
        const written = writeConnectionString(given, { form, password: pass });
        const parsed = parseLibpqString(written);
        if (!parsed.ok) throw new Error(`${written} ${JSON.stringify(parsed.problem)}`);
        expect(parsed.value.form).toBe(form);
        expect(parsed.value.password ?? "").toBe(pass);
        expect(parsed.value.unsupported).toEqual([]);
        expect(parsed.value.unknown).toEqual([]);
        // While SSL is off its settings are not in the string; the form keeps them.
        const kept = given.ssl
          ? { trust: given.trust }
          : { mode: given.mode, negotiation: given.negotiation, trust: given.trust };
        const versions = given.ssl
          ? {}
          : { minVersion: given.minVersion, maxVersion: given.maxVersion, sni: given.sni };
        expect({ ...newFormValues, ...kept, ...versions, ...parsed.value.values }).toEqual(given);
      }),
      { numRuns: 500 },
    );
  });

  test("broken Unicode and NUL do not make it throw", () => {
    const broken = { ...shop, user: "a\uD800b", database: "x\0y" };
    expect(writeConnectionString(broken)).toContain("a%EF%BF%BDb@");
    expect(writeConnectionString(broken)).toContain("/xy?");
    expect(parseLibpqString(writeConnectionString(broken)).ok).toBe(true);
  });
});
