import { describe, expect, test } from "vitest";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { writeAs } from "#lib/strings/write/write-as.ts";

const shop: FormValues = {
  ...newFormValues,
  host: "db.example.test",
  database: "shop",
  user: "app",
  password: "geheim",
};

const psql = (change: Partial<FormValues>) => writeAs("psql-sh", { ...shop, ...change }).text;

describe("the equal psql command (C3)", () => {
  test.each<[string, Partial<FormValues>, string]>([
    ["system trust", {}, "sslmode=verify-full sslrootcert=system"],
    ["Mozilla's roots come as a file", { trust: "mozilla" }, "sslmode=verify-full sslrootcert=ca.pem"],
    ["provider roots come as a file", { trust: "provider" }, "sslmode=verify-full sslrootcert=ca.pem"],
    [
      "Verify CA with the system's roots needs them as a file",
      { mode: "verify-ca" },
      "sslmode=verify-ca sslrootcert=ca.pem",
    ],
    ["own CA", { trust: "own", ca: "PEM" }, "sslmode=verify-full sslrootcert=ca.pem"],
    [
      "own CA with Require is checked by libpq too",
      { mode: "require", trust: "own", ca: "PEM" },
      "sslmode=require sslrootcert=ca.pem",
    ],
    ["Require", { mode: "require" }, "sslmode=require"],
    ["SSL off", { ssl: false, clientCertificate: "PEM" }, "sslmode=disable"],
    ["C8: nothing verified", { allowSelfSigned: true, trust: "own", ca: "PEM" }, "sslmode=require"],
    [
      "client certificate and revocation list",
      { trust: "own", ca: "PEM", clientCertificate: "PEM", crl: "PEM" },
      "sslmode=verify-full sslrootcert=ca.pem sslcrl=revoked.crl sslcert=client.crt sslkey=client.key",
    ],
    [
      "a revocation list is read beside a root file only",
      { crl: "PEM" },
      "sslmode=verify-full sslrootcert=ca.pem sslcrl=revoked.crl",
    ],
  ])("%s", (_name, change, tls) => {
    expect(psql(change)).toBe(`psql 'host=db.example.test port=5432 dbname=shop user=app ${tls}'`);
  });

  test("a shell cannot be led astray by a value", () => {
    // Inside single quotes only a single quote is special; each one is closed, escaped and opened again.
    expect(psql({ mode: "require", user: "o'brien; $(touch x) `y`" })).toBe(
      `psql 'host=db.example.test port=5432 dbname=shop user='\\''o\\'\\''brien; $(touch x) \`y\`'\\'' sslmode=require'`,
    );
  });

  test("it never holds the password unless asked, and is empty while there is no host", () => {
    expect(psql({})).not.toContain("geheim");
    expect(writeAs("psql-sh", shop, { withSecrets: true }).text).toBe(
      "PGPASSWORD=geheim psql 'host=db.example.test port=5432 dbname=shop user=app sslmode=verify-full sslrootcert=system'",
    );
    expect(writeAs("psql-sh", newFormValues).text).toBe("");
  });
});
