import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  channelBindings,
  type FormValues,
  negotiations,
  sslModes,
  tlsVersions,
  tokenSignIns,
  trustSources,
} from "#lib/settings/form-values.ts";
import { isIpAddress } from "#lib/settings/ip-address.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { isPlaceholder, isPlaceholderValue } from "#lib/strings/libpq/is-placeholder.ts";
import { type ParsedConnection, parseConnectionString } from "#lib/strings/read/parse-connection-string.ts";
import { type CopiedText, type CopyForm, copyForms } from "#lib/strings/write/copy-form.ts";
import { tlsIntent } from "#lib/strings/write/tls-intent.ts";
import { writeAs } from "#lib/strings/write/write-as.ts";

const pem = (letters: string) => `-----BEGIN CERTIFICATE-----\n${letters}\n-----END CERTIFICATE-----\n`;
const roots = pem("Um9vdHM=");
const crl = "-----BEGIN X509 CRL-----\nQ1JM\n-----END X509 CRL-----\n";

/** Letters that some shell, language or file takes for its own, and others of every length in UTF-8. */
const letters = fc.constantFrom(
  ...("aB7 _-.,:;=&?#@/\\'\"`$%!^~*()[]{}<>|+é日🔑‘’\u00a0\u2028".match(/./gsu) ?? []),
);
/** What the form lets through: trimmed, without control characters. */
const text = fc
  .string({ unit: letters, maxLength: 14 })
  .map((value) => value.trim())
  .filter((value) => !isPlaceholderValue(value));
const password = fc
  .oneof(
    fc.string({ unit: letters, maxLength: 14 }),
    fc.constantFrom("p@ss/w:rd?#%&=", 'it\'s \\ "here"', " blank "),
  )
  .filter((value) => !isPlaceholder(value) && !isPlaceholderValue(value));
const host = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom("localhost", "db_1", "xn--bcher-kva.test", "bücher.test"),
);

const connection: fc.Arbitrary<FormValues> = fc
  .record({
    name: text,
    host,
    networkAddress: fc.oneof(fc.constant(""), fc.ipV4(), fc.ipV6()),
    port: fc.integer({ min: 1, max: 65_535 }).map(String),
    database: text,
    user: text.filter((value) => value !== ""),
    password,
    ssl: fc.boolean().map((on) => on),
    mode: fc.constantFrom(...sslModes.filter((mode) => mode !== "disable")),
    trust: fc.constantFrom(...trustSources),
    ca: fc.constantFrom("", pem("Q0E=")),
    clientCertificate: fc.constantFrom("", pem("Q2xpZW50")),
    crl: fc.constantFrom("", crl),
    keyPassphrase: fc.constantFrom("", "open sesame"),
    allowSelfSigned: fc.boolean(),
    minVersion: fc.constantFrom(...tlsVersions),
    maxVersion: fc.constantFrom(...tlsVersions),
    negotiation: fc.constantFrom(...negotiations),
    channelBinding: fc.constantFrom(...channelBindings),
    sni: fc.boolean(),
    connectTimeout: fc.integer({ min: 1, max: 600 }).map(String),
    applicationName: text,
    options: text,
  })
  .map((some): FormValues => ({ ...newFormValues, ...some }))
  // What the form refuses: see form-schema.ts.
  .filter((form) => {
    const mayFallBack = form.mode === "prefer" || form.mode === "allow";
    const verifies = form.mode === "verify-ca" || form.mode === "verify-full";
    if (form.ssl && form.negotiation === "direct" && mayFallBack) return false;
    if (!form.ssl && form.channelBinding === "require") return false;
    if (form.ssl && verifies && !form.allowSelfSigned) {
      if (form.trust === "own" && form.ca === "") return false;
      if (form.mode === "verify-ca" && (form.trust === "system" || form.trust === "mozilla")) return false;
    }
    return tlsVersions.indexOf(form.minVersion) <= tlsVersions.indexOf(form.maxVersion);
  });

describe("what is copied is read back as the same connection", () => {
  test.each(copyForms)("H4: %s", (form) => {
    fc.assert(
      fc.property(connection, fc.boolean(), (values, withSecrets) => {
        const written = writeAs(form, values, { withSecrets, roots });
        if (written.text === "") {
          expect(written.remarks.map(({ id }) => id)).toContain("cannot-be-written");
          return;
        }
        const parsed = parseConnectionString(written.text);
        if (!parsed.ok) throw new Error(`${written.text}\n${JSON.stringify(parsed.problem)}`);
        const read = withFiles(parsed.value, written);
        expect({ ...does(read, form), text: written.text }).toEqual({
          ...does(lessened(values, form, written), form),
          text: written.text,
        });
        expect(parsed.value.password ?? "").toBe(secretIn(written, values.password, withSecrets));
        expect(parsed.value.unsupported).toEqual([]);
        expect(parsed.value.unknown).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("quotes of print in names are letters, wherever they stand", () => {
  const fields = ["user", "database", "applicationName", "options"] as const;
  const pairs = [
    "\u2018\u2019",
    "\u2018\u2018",
    "\u201C\u201D",
    "\u201E\u201C",
    "\u00AB\u00BB",
    "\u201A\u2018",
  ];

  test.each(copyForms)("%s", (form) => {
    for (const [open = "", close = ""] of pairs) {
      for (const first of fields) {
        for (const second of fields) {
          const names = { [first]: open, [second]: first === second ? `${open}x${close}` : close };
          const values = { ...newFormValues, host: "db.test", user: "app", ssl: false, ...names };
          const written = writeAs(form, values, { withSecrets: false, roots });
          if (written.text === "") continue;
          const parsed = parseConnectionString(written.text);
          if (!parsed.ok) throw new Error(`${written.text}\n${JSON.stringify(parsed.problem)}`);
          const read = withFiles(parsed.value, written);
          expect({ ...does(read, form), text: written.text }).toEqual({
            ...does(lessened(values, form, written), form),
            text: written.text,
          });
        }
      }
    }
  });
});

describe("D8: a token's command line is read back as the sign-in that it came from", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
  const tokens = fc.record({
    signIn: fc.constantFrom(...tokenSignIns),
    host: fc.constantFrom(
      "abcdefghijklmnopqrstuvwxyz.dsql.eu-west-1.on.aws",
      "shop.abc123.us-east-2.rds.amazonaws.com",
      "c-shop.abc123abc123ab.postgres.cosmos.azure.com",
    ),
    tokenRegion: fc.constantFrom("", "ap-northeast-1"),
    tokenExpiry: fc.integer({ min: 1, max: 604_800 }).map(String),
    user: fc.oneof(fc.constant("admin"), word),
    database: word,
    credentials: fc.oneof(fc.constant(""), word, fc.constant("my profile")),
  });

  test.each(["psql-sh", "psql-cmd", "psql-powershell"] as const)("%s", (form) => {
    fc.assert(
      fc.property(tokens, ({ credentials, ...some }) => {
        const values: FormValues = {
          ...newFormValues,
          ...some,
          tokenCredentials: credentials === "" ? "default" : "profile",
          awsProfile: credentials,
        };
        const written = writeAs(form, values, { roots });
        const parsed = parseConnectionString(written.text);
        if (!parsed.ok) throw new Error(`${written.text}\n${JSON.stringify(parsed.problem)}`);
        const read = { ...newFormValues, ...parsed.value.values };
        const isAws = values.signIn !== "entra-token";
        const region = /\.(eu-west-1|us-east-2)\./.exec(values.host)?.[1] ?? "";
        expect(read).toMatchObject({
          host: values.host,
          user: values.user,
          database: values.database,
          signIn: values.signIn,
          mode: "verify-full",
          ...(isAws && { tokenRegion: values.tokenRegion || region }),
          ...(isAws && credentials !== "" && { tokenCredentials: "profile", awsProfile: credentials }),
          ...(values.signIn === "aurora-dsql-token" && { tokenExpiry: values.tokenExpiry }),
        });
        expect(parsed.value.password).toBeUndefined();
        // D9: psql on Windows never gets the system's store.
        if (form !== "psql-sh") expect(written.text).not.toContain("sslrootcert=system");
        if (form !== "psql-sh") expect(written.text).not.toMatch(/PGSSLROOTCERT\W+system/);
      }),
      { numRuns: 200 },
    );
  });
});

/** The parsed values, with the files' content where the text names them. */
function withFiles(parsed: ParsedConnection, written: CopiedText): FormValues {
  const contentOf = (name: string) => {
    const path = parsed.paths.find((one) => one.name === name)?.value;
    return written.files.find((file) => path?.split("/").at(-1) === file.name)?.content ?? "";
  };
  const values: FormValues = { ...newFormValues, ...parsed.values };
  return {
    ...values,
    // A block in a manifest loses its last line end.
    ca: whole(values.ca) || contentOf("sslrootcert"),
    crl: whole(values.crl) || contentOf("sslcrl"),
    clientCertificate: whole(values.clientCertificate) || contentOf("sslcert"),
  };
}

function whole(text: string): string {
  return text === "" ? "" : `${text.trim()}\n`;
}

/** What of the connection this client cannot do: by its remarks alone, so that nothing is lost without one. */
function lessened(values: FormValues, form: CopyForm, { remarks }: CopiedText): FormValues {
  const said = new Map(remarks.map((one) => [one.id, one.facts ?? {}]));
  const less = { ...values };
  if (said.has("no-crl")) less.crl = "";
  if (said.has("no-tls-range")) Object.assign(less, { minVersion: "TLSv1.2", maxVersion: "TLSv1.3" });
  if (said.has("sni-always")) less.sni = true;
  if (said.has("no-network-address")) less.networkAddress = "";
  if (said.has("no-channel-binding-require")) less.channelBinding = "prefer";
  const raised = said.get("prefer-raised")?.written;
  if (raised === "require" || raised === "verify-ca") less.mode = raised;
  const leftOut = said.get("value-left-out")?.parameter;
  if (leftOut === "options") less.options = "";
  if (leftOut === "application_name") less.applicationName = "";
  if (leftOut === "dbname") less.database = "";
  if (leftOut === "user") less.user = "";
  // A version below 1.2 that is not carried over is a stronger one.
  const carriesVersions =
    form !== "jdbc" && form !== "npgsql" && !(form === "pgx" && /prefer|allow/.test(less.mode));
  if (!carriesVersions) Object.assign(less, { minVersion: "TLSv1.2", maxVersion: "TLSv1.3" });
  return less;
}

/** A connection by what it does, so that two ways to say the same are the same. */
function does(values: FormValues, form: CopyForm) {
  const { mode, checks, roots: source } = tlsIntent(values);
  const encrypted = mode === "disable" || mode === "allow" || mode === "prefer" ? mode : "always";
  const hasFile = source === "own" || source === "provider" || source === "mozilla";
  const { host, networkAddress, port, database, user, connectTimeout, applicationName, options } = values;
  const tls = {
    checks,
    // Roots that went along as a file are the connection's own from then on.
    roots:
      source === "own"
        ? values.ca
        : checks !== "none" && (hasFile || needsFile(values, form))
          ? roots
          : source,
    crl: checks === "none" ? "" : values.crl,
    clientCertificate: values.clientCertificate,
    minVersion: values.minVersion,
    maxVersion: values.maxVersion,
    negotiation: values.negotiation,
    channelBinding: values.channelBinding,
    sni: values.sni,
  };
  // In plain text a name beside the address that is dialled has no effect; node-postgres has no place for it.
  const nameless = form === "node-postgres" && !values.ssl && networkAddress !== "" && !isIpAddress(host);
  return {
    host: nameless ? networkAddress : host,
    networkAddress: networkAddress === host || nameless ? "" : networkAddress,
    port,
    database,
    user,
    connectTimeout,
    applicationName,
    options,
    encrypted,
    ...(values.ssl ? tls : {}),
  };
}

/** Where the system's roots go along as a file: D9, and beside a revocation list. */
function needsFile(values: FormValues, form: CopyForm): boolean {
  if (form === "psql-cmd" || form === "psql-powershell") return true;
  const isLibpq = !["jdbc", "npgsql", "node-postgres", "pgx"].includes(form);
  return isLibpq && values.crl !== "";
}

function secretIn({ remarks }: CopiedText, secret: string, withSecrets: boolean): string {
  return withSecrets && !remarks.some(({ id }) => id === "secret-not-writable") ? secret : "";
}

test("the generator makes connections of every kind", () => {
  const some = fc.sample(connection, 400);
  expect(some.some(({ host: name }) => isIpAddress(name))).toBe(true);
  expect(some.some(({ crl: list, ssl }) => list !== "" && ssl)).toBe(true);
  for (const mode of sslModes) expect(mode === "disable" || some.some((one) => one.mode === mode)).toBe(true);
});
