import { createPrivateKey } from "node:crypto";
import { describe, expect, test } from "vitest";
import { makeCertificate, makeCrl } from "#lib/samples/certificates.ts";
import { readConnections } from "#lib/strings/read/read-connections.ts";

const root = await makeCertificate({ commonNames: ["Test CA"], ca: true });
const other = await makeCertificate({ commonNames: ["Other CA"], ca: true });
const client = await makeCertificate({ commonNames: ["app"], issuer: root, purposes: ["clientAuth"] });
const { pem: crl } = await makeCrl({ issuer: root });

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString("base64");
const der = (pem: string) => base64(Buffer.from(pem.replace(/-----[A-Z0-9 ]+-----|\s/g, ""), "base64"));
const escaped = (pem: string) => pem.replaceAll("\n", "\\n");
const place = "DB_HOST=db.example.com\nDB_USER=app\nDB_PASSWORD=s3cret\nDB_NAME=shop\n";
const url = "postgres://app:s3cret@db.example.com:5432/shop";
const json = (value: unknown) => JSON.stringify(value);
const indented = (pem: string, by: string) => pem.trimEnd().replace(/^/gm, by);

interface Wanted {
  readonly ca?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly crl?: string;
}

function wantedOf(text: string): Readonly<Record<string, string | undefined>> {
  const found = readConnections(text);
  if (!found.ok) throw new Error(JSON.stringify(found.problem));
  expect(found.value).toHaveLength(1);
  const read = found.value[0]?.read;
  if (!read?.ok) throw new Error(JSON.stringify(read));
  const { values, clientKey } = read.value;
  const { ca, clientCertificate, crl: lists, host, trust } = values;
  expect(trust).toBe(ca === undefined ? undefined : "own");
  // Nothing of a key stands in what is shown.
  const { clientKey: _, password: __, ...shown } = read.value;
  expect(JSON.stringify(shown)).not.toMatch(/PRIVATE KEY|LS0tLS1CRUdJTiBQUklWQVRF/);
  return Object.fromEntries(
    Object.entries({ host, ca, clientCertificate, clientKey, crl: lists }).filter(
      ([, one]) => one !== undefined,
    ),
  );
}

const ca = { host: "db.example.com", ca: root.pem };
const all = { ...ca, clientCertificate: client.pem, clientKey: client.keyPem };

describe("certificates and keys among settings come along", () => {
  test.each<[string, string, Wanted]>([
    // Environment files.
    ["a CA in base64", `${place}DB_SSL_CA=${base64(root.pem)}\n`, ca],
    ["in quotes", `${place}DB_SSL_CA="${base64(root.pem)}"\n`, ca],
    ["in base64 of DER", `${place}DB_SSL_CA=${der(root.pem)}\n`, ca],
    ["with escaped line ends", `${place}DB_SSL_CA="${escaped(root.pem)}"\n`, ca],
    ["with escaped line ends, bare", `${place}DB_SSL_CA=${escaped(root.pem)}\n`, ca],
    ["over several lines", `${place}DB_SSL_CA="${root.pem}"\n`, ca],
    ["percent-encoded", `${place}DB_SSL_CA=${encodeURIComponent(root.pem)}\n`, ca],
    ...[
      "DB_CA_CERT",
      "DB_SSLROOTCERT",
      "DB_SSL_CA_CERT",
      "DB_SSL_CA_BASE64",
      "DB_ROOT_CERT",
      "DB_CERT",
      "DB_SERVER_CA",
      "POSTGRES_SSL_CERT",
      "CA_CERT",
      "NODE_EXTRA_CA",
      "DB_TLS_CA_CERTIFICATE",
      "databaseCaCert",
    ].map((name): [string, string, Wanted] => [
      `called ${name}`,
      `${place}${name}=${base64(root.pem)}\n`,
      ca,
    ]),
    [
      "PG*, with content for a file",
      `PGHOST=db.example.com\nPGUSER=app\nPGSSLROOTCERT=${base64(root.pem)}\n`,
      ca,
    ],
    [
      "PG*, with PEM for a file",
      `PGHOST=db.example.com\nPGUSER=app\nPGSSLROOTCERT="${escaped(root.pem)}"\n`,
      ca,
    ],
    [
      "PG*, all three",
      `PGHOST=db.example.com\nPGSSLROOTCERT=${base64(root.pem)}\nPGSSLCERT=${base64(client.pem)}\nPGSSLKEY=${base64(client.keyPem)}\n`,
      all,
    ],
    [
      "a CA, a certificate, a key and a list",
      `${place}DB_SSL_CA=${base64(root.pem)}\nDB_SSL_CERT=${base64(client.pem)}\nDB_SSL_KEY=${der(client.keyPem)}\nDB_SSL_CRL=${base64(crl)}\n`,
      { ...all, crl },
    ],
    ["a URL and a CA", `DATABASE_URL=${url}\nDATABASE_CA_CERT=${base64(root.pem)}\n`, ca],
    ["a URL and JSON", `DATABASE_URL=${url}\nDATABASE_SSL=${json({ ca: base64(root.pem) })}\n`, ca],
    [
      "a URL and JSON in quotes",
      `DATABASE_URL=${url}\nDATABASE_SSL='${json({ ca: root.pem, cert: client.pem, key: client.keyPem })}'\n`,
      all,
    ],
    ["a group and JSON", `${place}DB_SSL=${json({ ca: base64(root.pem), rejectUnauthorized: true })}\n`, ca],
    [
      "a bundle in one variable",
      `${place}DB_CA_BUNDLE=${base64(root.pem + other.pem)}\n`,
      { ...ca, ca: root.pem + other.pem },
    ],
    // JSON and YAML.
    [
      "JSON beside the host",
      json({ host: "db.example.com", user: "app", database: "shop", ca: base64(root.pem) }),
      ca,
    ],
    ["JSON, ca.certificate", json({ uri: url, ca: { certificate: base64(root.pem) } }), ca],
    ["JSON, ca_certificate", json({ host: "db.example.com", user: "app", ca_certificate: root.pem }), ca],
    [
      "JSON, ssl",
      json({
        host: "db.example.com",
        user: "app",
        ssl: { ca: root.pem, cert: client.pem, key: client.keyPem },
      }),
      all,
    ],
    [
      "JSON, ssl beside a connection",
      json({
        connection: { host: "db.example.com", user: "app", database: "shop" },
        ssl: { ca: base64(root.pem) },
      }),
      ca,
    ],
    [
      "a cloud's credentials",
      json({
        connection: {
          postgres: { composed: [url], certificate: { certificate_base64: base64(root.pem), name: "x" } },
        },
      }),
      ca,
    ],
    [
      "a service binding",
      json({ "aiven-postgresql": [{ credentials: { uri: url, ca_certificate: root.pem } }] }),
      ca,
    ],
    [
      "SQLTools",
      json({
        driver: "PostgreSQL",
        server: "db.example.com",
        username: "app",
        database: "shop",
        pgOptions: { ssl: { ca: root.pem, cert: client.pem, key: client.keyPem, rejectUnauthorized: true } },
      }),
      all,
    ],
    [
      "YAML",
      `database:\n  host: db.example.com\n  user: app\n  database: shop\n  ssl:\n    ca: |\n${indented(root.pem, "      ")}\n    cert: ${base64(client.pem)}\n    key: "${escaped(client.keyPem)}"\n`,
      all,
    ],
    [
      "a Secret of Kubernetes",
      `kind: Secret\ndata:\n  uri: ${base64(url)}\n  ca.crt: ${base64(root.pem)}\n  tls.crt: ${base64(client.pem)}\n  tls.key: ${base64(client.keyPem)}\n`,
      all,
    ],
    [
      "a Secret with base64 in base64",
      `kind: Secret\ndata:\n  uri: ${base64(url)}\n  ca: ${base64(base64(root.pem))}\n`,
      ca,
    ],
    // Strings and programs.
    [
      "a URL with base64 for a file",
      `${url}?sslmode=verify-full&sslrootcert=${encodeURIComponent(base64(root.pem))}`,
      ca,
    ],
    [
      "a URL with sslrootcert_base64",
      `${url}?sslrootcert_base64=${encodeURIComponent(base64(root.pem))}`,
      ca,
    ],
    [
      "a URL with PEM for a file",
      `${url}?sslmode=verify-full&sslrootcert=${encodeURIComponent(root.pem)}`,
      ca,
    ],
    [
      "a program with base64",
      `new Client({ host: "db.example.com", user: "app", ssl: { ca: "${base64(root.pem)}" } })`,
      ca,
    ],
    [
      "a program that decodes base64",
      `new Client({ host: "db.example.com", user: "app", ssl: { ca: Buffer.from("${base64(root.pem)}", "base64").toString() } })`,
      ca,
    ],
  ])("%s", (_name, text, wanted) => {
    expect(wantedOf(text)).toEqual(wanted);
  });
});

test("the signs that fill up base64 at its end are no assignment", async () => {
  for (const name of ["a", "bb", "ccc"]) {
    const { pem } = await makeCertificate({ commonNames: [name], ca: true });
    const text = `database:\n  host: db.example.com\n  user: app\n  ssl:\n    ca: |\n${indented(pem, "      ")}\n`;
    expect(wantedOf(text)).toEqual({ host: "db.example.com", ca: pem });
  }
});

test("JSON beside a URL says how the server is checked", () => {
  const read = (value: object, more = "") => {
    const found = readConnections(`DATABASE_URL=${url}${more}\nDATABASE_SSL=${json(value)}\n`);
    const first = found.ok ? found.value[0]?.read : undefined;
    return first?.ok ? first.value.values : undefined;
  };
  expect(read({ ca: base64(root.pem) })).toMatchObject({ mode: "verify-full", ca: root.pem });
  expect(read({ rejectUnauthorized: false })).toMatchObject({ mode: "require", allowSelfSigned: true });
  expect(read({ rejectUnauthorized: false }, "?sslmode=verify-ca")).toMatchObject({ mode: "verify-ca" });
});

test("of several connections each has its own", () => {
  const one = (name: string) =>
    `${name}_HOST=${name.toLowerCase()}.example.com\n${name}_USER=app\n${name}_DATABASE=x\n`;
  const text = `${one("DB1")}DB1_SSL_CA=${base64(root.pem)}\n${one("DB2")}DB2_SSL_CA=${base64(other.pem)}\n`;
  const found = readConnections(text);
  const of = (index: number) => {
    const read = found.ok ? found.value[index]?.read : undefined;
    return read?.ok ? read.value.values : undefined;
  };
  expect([of(0), of(1)]).toMatchObject([
    { host: "db1.example.com", ca: root.pem },
    { host: "db2.example.com", ca: other.pem },
  ]);
});

test("what is no content stays the name of a file", () => {
  for (const value of ["/etc/ssl/ca.pem", "ca.pem", "LS0tLS1", "MIIB"]) {
    const found = readConnections(`PGHOST=db.example.com\nPGSSLROOTCERT=${value}\n`);
    const read = found.ok ? found.value[0]?.read : undefined;
    expect(read?.ok && read.value.paths.map(({ name }) => name)).toEqual(["sslrootcert"]);
  }
});

test("the key that comes along is the key", () => {
  const found = readConnections(
    `${place}DB_SSL_KEY=${base64(client.keyPem)}\nDB_SSL_CERT=${base64(client.pem)}\n`,
  );
  const read = found.ok ? found.value[0]?.read : undefined;
  expect(read?.ok && createPrivateKey(read.value.clientKey ?? "").asymmetricKeyType).toBe("ec");
});
