import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { providers } from "#lib/providers/list.ts";
import { providerChange, refusesPlainText } from "#lib/providers/merge-defaults.ts";
import { findProvider } from "#lib/providers/recognise-provider.ts";
import type { GivenRoots } from "#lib/providers/roots-kind.ts";
import {
  channelBindings,
  type FormValues,
  negotiations,
  signIns,
  sslModes,
  trustSources,
} from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

const named = { user: "u", database: "d" } as const;
const filledIn = { ...named, password: "token" } as const;

describe("what a recognised host sets", () => {
  test.each<[string, string, Partial<FormValues>, object]>([
    [
      "D6, D7: user, database, token and direct negotiation",
      "aurora-dsql",
      {},
      { user: "admin", database: "postgres", negotiation: "direct", signIn: "aurora-dsql-token" },
    ],
    ["D6: what is filled in stays", "aurora-dsql", filledIn, { negotiation: "direct" }],
    ["D1: SSL comes on", "aurora-dsql", { ...filledIn, ssl: false }, { ssl: true, negotiation: "direct" }],
    [
      "D2: Verify Full",
      "aurora-dsql",
      { ...filledIn, mode: "require" },
      { mode: "verify-full", negotiation: "direct" },
    ],
    ["C11: RDS has roots of its own", "rds", {}, { trust: "provider" }],
    ["C11: a chosen CA stays", "rds", { trust: "own", ca: "PEM" }, {}],
    ["C11: RDS with its roots", "rds", { mode: "require" }, { mode: "verify-full", trust: "provider" }],
    ["C11: RDS, a CA still to come", "rds", { mode: "prefer", trust: "own" }, { mode: "require" }],
    ["C11: RDS Proxy is publicly trusted", "rds-proxy", { mode: "require" }, { mode: "verify-full" }],
    ["C11: Supabase's root is given by hand", "supabase", named, { trust: "own" }],
    [
      "C11: and until then a weaker choice is not lost",
      "supabase",
      { ...named, mode: "require" },
      { trust: "own" },
    ],
    ["C11: but encrypted it is", "supabase", { ...named, mode: "allow" }, { trust: "own", mode: "require" }],
    ["C11: no provider roots to use there", "supabase", { ...named, trust: "provider" }, { trust: "own" }],
    [
      "C11: Neon is publicly trusted",
      "neon",
      { mode: "require" },
      { mode: "verify-full", channelBinding: "require" },
    ],
    ["C11: binding needs a password", "neon", { signIn: "certificate" }, {}],
    ["C11: Railway cannot be verified by name", "railway", { ...named, mode: "prefer" }, { mode: "require" }],
    ["C11: nor is it weakened for that", "railway", named, {}],
    ["C11: another port", "cockroachdb", { database: "d" }, { port: "26257" }],
    ["C11: a port that was chosen stays", "digitalocean", { ...named, port: "25061" }, { trust: "own" }],
    ["C11: PgBouncer may be anything", "pgbouncer", { ssl: false, mode: "allow" }, {}],
    ["C11: a local server is left as it is", "local", { ssl: false, port: "5440" }, {}],
    ["C11: local has no roots", "local", { trust: "provider" }, { trust: "system" }],
    ["H1: Azure takes TLS", "azure-citus", { ssl: false }, { ssl: true, user: "citus", database: "citus" }],
    ["H1: Azure, port", "azure-postgres", { port: "", database: "d" }, { port: "5432" }],
    ["H1: Azure, every check", "azure-citus", { ...named, mode: "require" }, { mode: "verify-full" }],
  ])("%s", (_name, id, change, expected) => {
    expect(providerChange(provider(id), { ...newFormValues, ...change })).toEqual(expected);
  });

  test("roots that somebody gave are used, and with them every check", () => {
    const values = { ...newFormValues, ...named, mode: "require" as const };
    expect(providerChange(provider("supabase"), values, { supabase: "private" })).toEqual({
      trust: "provider",
      mode: "verify-full",
    });
    expect(providerChange(provider("supabase-pooler"), values, { supabase: "private" })).toMatchObject({
      trust: "provider",
    });
    expect(
      providerChange(provider("supabase"), { ...values, trust: "own" }, { supabase: "private" }),
    ).toEqual({});
  });

  test("a region whose roots are not shipped asks for them, until they are given", () => {
    const values = { ...newFormValues, host: "x.abc.ca-west-1.rds.amazonaws.com" };
    expect(providerChange(provider("rds"), values)).toEqual({ trust: "own" });
    expect(providerChange(provider("rds"), values, { rds: "private" })).toEqual({ trust: "provider" });
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
          ca: fc.constantFrom("", "PEM"),
          channelBinding: fc.constantFrom(...channelBindings),
          negotiation: fc.constantFrom(...negotiations),
          signIn: fc.constantFrom(...signIns),
          password: fc.constantFrom("", "secret"),
          user: fc.constantFrom("", "u"),
          database: fc.constantFrom("", "d"),
        }),
        fc.constantFrom<GivenRoots>({}, { supabase: "private" }, { rds: "private", neon: "public" }),
        (found, some, given) => {
          const values: FormValues = { ...newFormValues, ...some };
          const after = { ...values, ...providerChange(found, values, given) };
          expect(Number(after.ssl)).toBeGreaterThanOrEqual(Number(values.ssl));
          expect(sslModes.indexOf(after.mode)).toBeGreaterThanOrEqual(sslModes.indexOf(values.mode));
          expect(channelBindings.indexOf(after.channelBinding)).toBeGreaterThanOrEqual(
            channelBindings.indexOf(values.channelBinding),
          );
          if (values.trust === "own") expect(after.trust).toBe("own");
          expect(providerChange(found, after, given)).toEqual({});
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
