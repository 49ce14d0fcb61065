import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FormValues, newFormValues, sslModes, trustSources } from "#lib/profiles/form-values.ts";
import { providerChange, refusesPlainText } from "#lib/providers/merge-defaults.ts";
import { findProvider, providers } from "#lib/providers/recognise-provider.ts";

describe("what a recognised host sets", () => {
  test.each<[string, string, Partial<FormValues>, object]>([
    ["D6: user and database", "aurora-dsql", {}, { user: "admin", database: "postgres" }],
    ["D6: what is filled in stays", "aurora-dsql", { user: "app", database: "d" }, {}],
    ["D1: SSL comes on", "aurora-dsql", { user: "a", database: "d", ssl: false }, { ssl: true }],
    [
      "D2: Verify Full",
      "aurora-dsql",
      { user: "a", database: "d", mode: "require" },
      { mode: "verify-full" },
    ],
    ["C11: RDS has roots of its own", "rds", {}, { trust: "provider" }],
    ["C11: a chosen CA stays", "rds", { trust: "own", ca: "PEM" }, {}],
    ["C11: RDS at least Require", "rds", { mode: "prefer" }, { mode: "require", trust: "provider" }],
    ["C11: SSL off is the person's choice", "rds", { ssl: false, trust: "own" }, {}],
    ["C11: Supabase's root is given by hand", "supabase", { database: "d" }, { trust: "own" }],
    [
      "C11: no provider roots to use there",
      "supabase",
      { database: "d", trust: "provider" },
      { trust: "own" },
    ],
    ["C11: Neon is publicly trusted", "neon", { mode: "require" }, { mode: "verify-full" }],
    ["C11: a local server is left as it is", "local", { ssl: false, port: "5440" }, {}],
    ["C11: local has no roots", "local", { trust: "provider" }, { trust: "system" }],
    ["H1: Azure takes TLS", "azure-citus", { ssl: false }, { ssl: true, user: "citus", database: "citus" }],
    ["H1: Azure, port", "azure-postgres", { port: "", database: "d" }, { port: "5432" }],
  ])("%s", (_name, id, change, expected) => {
    expect(providerChange(provider(id), { ...newFormValues, ...change })).toEqual(expected);
  });

  test("nothing is ever weakened, and a second look changes nothing", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...providers),
        fc.record({
          ssl: fc.boolean(),
          mode: fc.constantFrom(...sslModes.filter((mode) => mode !== "disable")),
          trust: fc.constantFrom(...trustSources),
          sni: fc.boolean(),
          user: fc.constantFrom("", "u"),
          database: fc.constantFrom("", "d"),
        }),
        (found, some) => {
          const values: FormValues = { ...newFormValues, ...some };
          const after = { ...values, ...providerChange(found, values) };
          expect(Number(after.ssl)).toBeGreaterThanOrEqual(Number(values.ssl));
          expect(sslModes.indexOf(after.mode)).toBeGreaterThanOrEqual(sslModes.indexOf(values.mode));
          if (values.trust === "own") expect(after.trust).toBe("own");
          expect(providerChange(found, after)).toEqual({});
        },
      ),
    );
  });
});

test("D1: only Aurora DSQL refuses plain text, and only without TLS", () => {
  for (const found of providers)
    expect(refusesPlainText(found, { ssl: false })).toBe(found.id === "aurora-dsql");
  for (const found of providers) expect(refusesPlainText(found, { ssl: true })).toBe(false);
  expect(refusesPlainText(undefined, { ssl: false })).toBe(false);
});

function provider(id: string) {
  const found = findProvider(id);
  if (found === undefined) throw new Error(id);
  return found;
}
