import { describe, expect, test } from "vitest";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import {
  type CopyForm,
  copyForms,
  plainRemarks,
  type RemarkId,
  weakerRemarks,
} from "#lib/strings/write/copy-form.ts";
import { writeAs } from "#lib/strings/write/write-as.ts";
import { english } from "#messages/load-messages.ts";

const pem = "-----BEGIN CERTIFICATE-----\nQ0E=\n-----END CERTIFICATE-----\n";
const key = "-----BEGIN PRIVATE KEY-----\na2V5\n-----END PRIVATE KEY-----\n";
const shop: FormValues = {
  ...newFormValues,
  name: "Shop",
  host: "db.example.test",
  database: "shop",
  user: "app",
  password: "geheim",
};
const own = { ...shop, trust: "own", ca: pem } as const;

describe("H2: every form, as its program takes it", () => {
  test.each<[CopyForm, string]>([
    [
      "psql-cmd",
      'psql "host=db.example.test port=5432 dbname=shop user=app sslmode=verify-full sslrootcert=ca.pem"',
    ],
    [
      "psql-powershell",
      "psql 'host=db.example.test port=5432 dbname=shop user=app sslmode=verify-full sslrootcert=ca.pem'",
    ],
    ["uri", "postgres://app@db.example.test:5432/shop?sslmode=verify-full&sslrootcert=ca.pem"],
    [
      "keywords",
      "host=db.example.test port=5432 dbname=shop user=app sslmode=verify-full sslrootcert=ca.pem",
    ],
    ["jdbc", "jdbc:postgresql://db.example.test:5432/shop?user=app&sslmode=verify-full&sslrootcert=ca.pem"],
    [
      "npgsql",
      "Host=db.example.test;Port=5432;Database=shop;Username=app;SSL Mode=VerifyFull;Root Certificate=ca.pem",
    ],
    [
      "psycopg",
      `import os

import psycopg

connection = psycopg.connect(
    host="db.example.test",
    port=5432,
    dbname="shop",
    user="app",
    sslmode="verify-full",
    sslrootcert="ca.pem",
    password=os.environ["PGPASSWORD"],
)`,
    ],
    [
      "ruby-pg",
      `require 'pg'

connection = PG.connect(
  host: 'db.example.test',
  port: 5432,
  dbname: 'shop',
  user: 'app',
  sslmode: 'verify-full',
  sslrootcert: 'ca.pem',
  password: ENV.fetch('PGPASSWORD')
)`,
    ],
    [
      "php-pgsql",
      `<?php
$password = addcslashes(getenv('PGPASSWORD'), "'\\\\");
$connection = pg_connect('host=db.example.test port=5432 dbname=shop user=app sslmode=verify-full sslrootcert=ca.pem' . " password='$password'");`,
    ],
    [
      "service-file",
      `[shop]
host=db.example.test
port=5432
dbname=shop
user=app
sslmode=verify-full
sslrootcert=ca.pem`,
    ],
    [
      "kubernetes-secret",
      `apiVersion: v1
kind: Secret
metadata:
  name: shop-postgresql
type: Opaque
stringData:
  PGHOST: "db.example.test"
  PGPORT: "5432"
  PGDATABASE: "shop"
  PGUSER: "app"
  PGSSLMODE: "verify-full"
  PGSSLROOTCERT: "/etc/postgresql-connection/ca.pem"
  ca.pem: |
    -----BEGIN CERTIFICATE-----
    Q0E=
    -----END CERTIFICATE-----
`,
    ],
  ])("%s", (form, text) => {
    expect(writeAs(form, own).text).toBe(text);
  });

  test("Verify CA in node-postgres is the chain without the name", () => {
    expect(
      writeAs("node-postgres", { ...own, mode: "verify-ca" }).text,
    ).toBe(`import { readFileSync } from "node:fs";
import pg from "pg";

const client = new pg.Client({
  host: "db.example.test",
  port: 5432,
  database: "shop",
  user: "app",
  password: process.env.PGPASSWORD,
  ssl: {
    rejectUnauthorized: true,
    ca: readFileSync("ca.pem", "utf8"),
    checkServerIdentity: () => undefined,
  },
  enableChannelBinding: true,
  connectionTimeoutMillis: 10000,
});
await client.connect();`);
  });
});

describe("D8: a token comes from the cloud's command line", () => {
  const dsql: FormValues = {
    ...newFormValues,
    host: "abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws",
    database: "postgres",
    user: "admin",
    signIn: "aurora-dsql-token",
    tokenExpiry: "3600",
  };
  const admin = `aws dsql generate-db-connect-admin-auth-token --region us-east-1 --hostname ${dsql.host} --expires-in 3600`;
  const rest = `host=${dsql.host} port=5432 dbname=postgres user=admin`;

  test.each<[CopyForm, string]>([
    ["psql-sh", `PGPASSWORD="$(${admin})" \\\nPGSSLMODE=verify-full PGSSLROOTCERT=system \\\npsql '${rest}'`],
    [
      "psql-cmd",
      `for /f "usebackq delims=" %T in (\`${admin}\`) do @set "PGPASSWORD=%T"\nset "PGSSLMODE=verify-full"\nset "PGSSLROOTCERT=ca.pem"\npsql "${rest}"`,
    ],
    [
      "psql-powershell",
      `$env:PGPASSWORD = ${admin}\n$env:PGSSLMODE = 'verify-full'\n$env:PGSSLROOTCERT = 'ca.pem'\npsql '${rest}'`,
    ],
  ])("%s", (form, text) => {
    const written = writeAs(form, dsql);
    expect(written.text).toBe(text);
    expect(written.remarks.map(({ id }) => id)).toContain("psql-17");
  });

  test.each<[string, Partial<FormValues>, string]>([
    ["another user", { user: "app" }, "aws dsql generate-db-connect-auth-token --region us-east-1"],
    ["another region", { tokenRegion: "eu-west-1" }, "--region eu-west-1"],
    ["a profile", { tokenCredentials: "profile", awsProfile: "it's" }, "--profile 'it'\\''s'"],
    [
      "RDS",
      { signIn: "rds-token", host: "shop.abc.eu-central-1.rds.amazonaws.com", user: "app" },
      "aws rds generate-db-auth-token --region eu-central-1 --hostname shop.abc.eu-central-1.rds.amazonaws.com --port 5432 --username app",
    ],
    [
      "Entra",
      { signIn: "entra-token", host: "x.postgres.database.azure.com" },
      'PGPASSWORD="$(az account get-access-token --resource-type oss-rdbms --query accessToken --output tsv)"',
    ],
  ])("%s", (_name, change, part) => {
    expect(writeAs("psql-sh", { ...dsql, ...change }).text).toContain(part);
  });

  test("what the console signs with otherwise is said", () => {
    const ids = (change: Partial<FormValues>) =>
      writeAs("psql-sh", { ...dsql, ...change }).remarks.map(({ id }) => id);
    expect(ids({ tokenCredentials: "role", awsRole: "arn:aws:iam::1:role/x" })).toContain("token-role");
    expect(ids({ tokenCredentials: "keys", awsAccessKeyId: "AKIA" })).toContain("token-keys");
    expect(ids({ host: "db.internal.test" })).toContain("token-region-missing");
  });

  test("a stored token secret is in no text", () => {
    const values = { ...dsql, tokenCredentials: "keys", tokenSecret: "very secret" } as const;
    for (const form of copyForms) {
      expect(writeAs(form, values, { withSecrets: true }).text).not.toContain("very secret");
    }
  });
});

describe("never weaker without a remark", () => {
  test.each<[RemarkId, CopyForm, Partial<FormValues>, boolean?]>([
    ["not-verified", "psql-sh", { mode: "require" }],
    ["not-verified", "npgsql", { allowSelfSigned: true }],
    ["root-file-required", "uri", { mode: "require", trust: "own", ca: pem }],
    ["no-crl", "jdbc", { crl: pem }],
    ["no-crl", "pgx", { crl: pem }],
    ["no-tls-range", "npgsql", { minVersion: "TLSv1.3" }],
    ["no-channel-binding-require", "node-postgres", { channelBinding: "require" }],
    ["jdbc-channel-binding-version", "jdbc", { channelBinding: "require" }],
    ["weak-password-answered", "psql-sh", { mode: "require" }],
    ["prefer-raised", "jdbc", { mode: "prefer", trust: "own", ca: pem }],
    ["prefer-raised", "node-postgres", { mode: "allow" }],
    ["windows-no-system-store", "psql-cmd", {}],
    ["windows-no-system-store", "psql-powershell", {}],
    ["crl-needs-file", "psql-sh", { crl: pem }],
    ["no-network-address", "jdbc", { networkAddress: "192.0.2.7" }],
    ["sni-always", "npgsql", { sni: false }],
    ["pinned-needs-partial-chain", "psql-sh", { trust: "own", ca: pem }, true],
    ["uri-read-otherwise", "uri", {}],
    ["node-never-by-url", "node-postgres", {}],
    ["needs-libpq-17", "psql-sh", { negotiation: "direct" }],
    ["value-left-out", "service-file", { options: "ends in a blank " }],
    ["cannot-be-written", "psql-cmd", { signIn: "rds-token", user: 'a"b' }],
    ["cannot-be-written", "psql-powershell", { signIn: "rds-token", user: 'a"b' }],
  ])("%s: %s", (id, form, change, pinned = false) => {
    const { remarks } = writeAs(form, { ...shop, ...change }, { pinned });
    expect(remarks.map((one) => one.id)).toContain(id);
  });

  test("node-postgres and pgx take a certificate that is no root", () => {
    const options = { pinned: true };
    expect(writeAs("node-postgres", own, options).text).toContain("allowPartialTrustChain: true");
    for (const form of ["node-postgres", "pgx"] as const) {
      const { remarks } = writeAs(form, own, options);
      expect(remarks.map(({ id }) => id)).not.toContain("pinned-needs-partial-chain");
    }
  });

  test("every remark has words", () => {
    expect(Object.keys(english.copyAs.remark).sort()).toEqual([...weakerRemarks, ...plainRemarks].sort());
  });
});

describe("secrets", () => {
  const values = { ...own, clientCertificate: pem, clientKey: key, keyPassphrase: "auch geheim" };

  test.each(copyForms)("%s leaves them out unless asked", (form) => {
    const written = writeAs(form, values);
    expect(JSON.stringify(written)).not.toMatch(/geheim|PRIVATE KEY/);
    expect(written.files.map(({ name }) => name)).toContain("client.key");
  });

  test.each(copyForms)("%s holds them when asked, and says so", (form) => {
    const { text, files, remarks } = writeAs(form, values, { withSecrets: true });
    expect(text).toContain("geheim");
    expect(files.find(({ name }) => name === "client.key")?.content).toBe(key);
    expect(remarks.map(({ id }) => id)).toContain("secrets-inside");
  });
});
