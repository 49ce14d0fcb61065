import { expect, test } from "vitest";
import { libpqVariables } from "#lib/cli/libpq-variables.ts";

test("variables become the parameters they stand for; an empty one is none", () => {
  const found = libpqVariables({
    PGHOST: "db.example.test",
    PGSSLROOTCERT: "system",
    PGSSLMINPROTOCOLVERSION: "TLSv1.3",
    PGCONNECT_TIMEOUT: "5",
    PGPORT: "",
    PGNOTHING: "x",
  });
  expect(Object.fromEntries(found)).toEqual({
    host: "db.example.test",
    sslrootcert: "system",
    ssl_min_protocol_version: "TLSv1.3",
    connect_timeout: "5",
  });
});

test.each([
  [{ PGREQUIRESSL: "1" }, "require"],
  [{ PGREQUIRESSL: "1", PGSSLMODE: "prefer" }, "prefer"],
  [{ PGREQUIRESSL: "0" }, undefined],
])("the obsolete PGREQUIRESSL: %j gives sslmode %s", (environment, mode) => {
  expect(libpqVariables(environment).get("sslmode")).toBe(mode);
});
