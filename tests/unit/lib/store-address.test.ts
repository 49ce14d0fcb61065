import { describe, expect, test } from "vitest";
import { readEnvironment } from "#lib/env.ts";

const read = (variables: Record<string, string>) =>
  readEnvironment({ HOME: "/h", ...variables } as unknown as NodeJS.ProcessEnv);

function storeOf(variables: Record<string, string>) {
  const result = read(variables);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value.store;
}

describe("CLOAK_DB_STORE", () => {
  test.each([{}, { CLOAK_DB_STORE: "" }, { CLOAK_DB_STORE: "file:" }])("%j is the file", (variables) => {
    expect(storeOf(variables)).toEqual({ kind: "file" });
  });

  test("a database, verified in full by the system's roots where nothing else is said", () => {
    const CLOAK_DB_STORE = "postgres://cloak@db.example.com/vault?schema=cloak";
    const store = storeOf({ CLOAK_DB_STORE, CLOAK_DB_STORE_PASSWORD_FILE: "/run/secrets/store" });
    expect(store).toMatchObject({
      kind: "postgres",
      place: "postgres://cloak@db.example.com:5432/vault?schema=cloak",
      schema: "cloak",
      rootFile: undefined,
      passwordFile: "/run/secrets/store",
      pin: undefined,
      profile: {
        host: "db.example.com",
        port: 5432,
        user: "cloak",
        database: "vault",
        signIn: "password",
        secrets: {},
        options: "",
        connectTimeoutMs: 5000,
        tls: { mode: "verify-full", trust: "system", allowSelfSigned: false },
      },
    });
  });

  test("its own roots, another address to dial, a pin", () => {
    const url = "postgresql://c@db.example.com:6543/v?sslrootcert=/etc/ca.pem&hostaddr=192.0.2.7";
    const store = storeOf({ CLOAK_DB_STORE: url, CLOAK_DB_STORE_PIN: `${"A".repeat(22)}:41` });
    expect(store).toMatchObject({
      rootFile: "/etc/ca.pem",
      schema: "public",
      profile: { host: "db.example.com", networkAddress: "192.0.2.7", port: 6543 },
      pin: { storeId: "A".repeat(22), rev: 41 },
    });
  });

  test.each([
    ["postgres://c@localhost/v?sslmode=disable", "disable", "localhost"],
    ["postgres://c@127.0.0.1/v?sslmode=require", "require", "127.0.0.1"],
    ["postgres://c@[::1]/v?sslmode=prefer", "prefer", "::1"],
    ["postgres://c@db.example.com/v?hostaddr=127.0.0.1&sslmode=disable", "disable", "db.example.com"],
    ["postgres://c@/v?host=/run/postgresql", "disable", "/run/postgresql"],
    ["postgres://c@%2Frun%2Fpostgresql/v", "disable", "/run/postgresql"],
  ])("%s stays on this machine", (url, mode, host) => {
    expect(storeOf({ CLOAK_DB_STORE: url })).toMatchObject({ profile: { host, tls: { mode } } });
  });

  test("less than verify-full elsewhere only with CLOAK_DB_STORE_INSECURE=1", () => {
    const CLOAK_DB_STORE = "postgres://c@db.example.com/v?sslmode=require";
    expect(read({ CLOAK_DB_STORE })).toMatchObject({ ok: false });
    expect(storeOf({ CLOAK_DB_STORE, CLOAK_DB_STORE_INSECURE: "1" })).toMatchObject({
      profile: { tls: { mode: "require" } },
    });
  });

  test.each([
    ["postgres://a@abc.dsql.eu-west-1.on.aws/postgres", "aurora-dsql-token", undefined],
    ["postgres://a@x.eu-west-1.rds.amazonaws.com/v?signin=rds-token", "rds-token", undefined],
    ["postgres://a@db.internal/v?signin=rds-token&region=eu-west-1", "rds-token", "eu-west-1"],
    ["postgres://a@x.postgres.database.azure.com/v?signin=entra-token", "entra-token", undefined],
  ])("%s signs in with a token", (CLOAK_DB_STORE, signIn, region) => {
    expect(storeOf({ CLOAK_DB_STORE })).toMatchObject({
      profile: { signIn, token: { credentials: "default" } },
    });
    if (region !== undefined)
      expect(storeOf({ CLOAK_DB_STORE })).toMatchObject({ profile: { token: { region } } });
  });
});

describe("what is refused, with the variable and why", () => {
  const host = "postgres://cloak@db.example.com/vault";
  test.each<readonly [Record<string, string>, string, RegExp]>([
    [
      { CLOAK_DB_STORE: "postgres://c:hunter2@db.example.com/v" },
      "CLOAK_DB_STORE",
      /CLOAK_DB_STORE_PASSWORD_FILE/,
    ],
    [{ CLOAK_DB_STORE: `${host}?password=hunter2` }, "CLOAK_DB_STORE", /CLOAK_DB_STORE_PASSWORD_FILE/],
    [{ CLOAK_DB_STORE: `${host}?sslpassword=hunter2` }, "CLOAK_DB_STORE", /CLOAK_DB_STORE_PASSWORD_FILE/],
    [{ CLOAK_DB_STORE: "mysql://hunter2@db/v" }, "CLOAK_DB_STORE", /file: or a URL/],
    [{ CLOAK_DB_STORE: "host=db password=hunter2" }, "CLOAK_DB_STORE", /file: or a URL/],
    [{ CLOAK_DB_STORE: "file:/var/lib/cloak-db" }, "CLOAK_DB_STORE", /CLOAK_DB_CONFIG_DIR/],
    [{ CLOAK_DB_STORE: "postgres://c@db.example.com/%zz" }, "CLOAK_DB_STORE", /cannot be read/],
    [{ CLOAK_DB_STORE: "postgres://db.example.com/v" }, "CLOAK_DB_STORE", /no user/],
    [{ CLOAK_DB_STORE: "postgres://c@/v" }, "CLOAK_DB_STORE", /no host/],
    [{ CLOAK_DB_STORE: "postgres://c@a,b/v" }, "CLOAK_DB_STORE", /not used here: host/],
    [{ CLOAK_DB_STORE: `${host}?sslmode=verify-ca` }, "CLOAK_DB_STORE", /below verify-full/],
    // The name is of this machine; what is dialled is not.
    [
      { CLOAK_DB_STORE: "postgres://c@localhost/v?hostaddr=192.0.2.7&sslmode=disable" },
      "CLOAK_DB_STORE",
      /below verify-full/,
    ],
    [
      { CLOAK_DB_STORE: "postgres://c@127.0.0.1/v?hostaddr=192.0.2.7&sslmode=require" },
      "CLOAK_DB_STORE",
      /below verify-full/,
    ],
    [
      { CLOAK_DB_STORE: "postgres://c@[::1]/v?hostaddr=2001:db8::7&sslmode=prefer" },
      "CLOAK_DB_STORE",
      /below verify-full/,
    ],
    [
      { CLOAK_DB_STORE: "postgres://c@/v?host=/run/postgresql&hostaddr=192.0.2.7" },
      "CLOAK_DB_STORE",
      /a socket and an address/,
    ],
    [{ CLOAK_DB_STORE: `${host}?sslmode=verfy-full` }, "CLOAK_DB_STORE", /not valid/],
    [{ CLOAK_DB_STORE: `${host}?sslmod=require` }, "CLOAK_DB_STORE", /not used here: sslmod$/],
    [{ CLOAK_DB_STORE: `${host}?options=-c%20x%3D1` }, "CLOAK_DB_STORE", /not used here: options/],
    [{ CLOAK_DB_STORE: `${host}?sslcert=/c&sslkey=/k` }, "CLOAK_DB_STORE", /not used here: sslcert, sslkey/],
    [{ CLOAK_DB_STORE: `${host}?target_session_attrs=primary` }, "CLOAK_DB_STORE", /not used here: target/],
    [{ CLOAK_DB_STORE: `${host}?schema=a"b` }, "CLOAK_DB_STORE", /schema/],
    [{ CLOAK_DB_STORE: `${host}?signin=magic` }, "CLOAK_DB_STORE", /signin/],
    [{ CLOAK_DB_STORE: "postgres://c@/v?host=/run&sslmode=verify-full" }, "CLOAK_DB_STORE", /over a socket/],
    [
      { CLOAK_DB_STORE: `${host}?signin=rds-token&sslmode=require`, CLOAK_DB_STORE_INSECURE: "1" },
      "CLOAK_DB_STORE",
      /needs sslmode=verify-full/,
    ],
    [
      { CLOAK_DB_STORE: `${host}?signin=rds-token`, CLOAK_DB_STORE_PASSWORD_FILE: "/p" },
      "CLOAK_DB_STORE_PASSWORD_FILE",
      /with a token/,
    ],
    [{ CLOAK_DB_STORE_PASSWORD_FILE: "/p" }, "CLOAK_DB_STORE_PASSWORD_FILE", /no use without/],
    [{ CLOAK_DB_STORE_PIN: `${"A".repeat(22)}:3` }, "CLOAK_DB_STORE_PIN", /no use without/],
    [{ CLOAK_DB_STORE: host, CLOAK_DB_STORE_PIN: "41" }, "CLOAK_DB_STORE_PIN", /<id>:<revision>/],
    [{ CLOAK_DB_STORE: host, CLOAK_DB_STORE_INSECURE: "yes" }, "CLOAK_DB_STORE_INSECURE", /1 or 0/],
  ])("%j", (variables, name, reason) => {
    const result = read(variables);
    if (result.ok) throw new Error("expected a problem");
    expect(result.problem).toMatchObject({ code: "setting-invalid", facts: { reason: "environment" } });
    expect(result.problem.facts.variables).toContain(name);
    expect(String(result.problem.facts.reasons)).toMatch(reason);
    expect(JSON.stringify(result.problem)).not.toContain("hunter2");
  });
});
