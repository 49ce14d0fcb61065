import { describe, expect, test } from "vitest";
import { parseProfileForm } from "#lib/profiles/form.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { tokenMistakes } from "#lib/profiles/token-checks.ts";
import { Secret } from "#lib/secret.ts";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

const dsql: FormValues = {
  ...newFormValues,
  host: `${"a".repeat(26)}.dsql.us-east-1.on.aws`,
  user: "admin",
  signIn: "aurora-dsql-token",
};
const azure: FormChange = { host: "shop.postgres.database.azure.com", signIn: "entra-token" };
const id = "11111111-2222-3333-4444-555555555555";

function mistakes(change: FormChange, hasSecret = false): readonly string[] {
  return tokenMistakes({ ...dsql, ...change }, hasSecret).map(([field, message]) => `${field}: ${message}`);
}

test("D7 the host's own credentials need nothing more", () => {
  expect(mistakes({})).toEqual([]);
  expect(mistakes(azure)).toEqual([]);
  expect(mistakes({ signIn: "password", ssl: false, tokenRegion: "nowhere" })).toEqual([]);
});

describe("a token goes to a verified server only", () => {
  test.each([
    [{ ssl: false }, "ssl: token-needs-ssl"],
    [{ allowSelfSigned: true }, "allowSelfSigned: token-needs-checks"],
    [{ mode: "verify-ca" }, "mode: token-needs-verify-full"],
    [{ mode: "require" }, "mode: token-needs-verify-full"],
    [{ mode: "prefer" }, "mode: token-needs-verify-full"],
    [{ mode: "allow", allowWeakPassword: true }, "mode: token-needs-verify-full"],
  ] as const)("%j", (change, wanted) => {
    expect(mistakes(change)).toEqual([wanted]);
    expect(mistakes({ ...azure, ...change })).toEqual([wanted]);
  });
});

test.each([
  [{ host: "db.example.test" }, ["tokenRegion: token-region-needed"]],
  [{ host: "db.example.test", tokenRegion: "eu-west-1" }, []],
  [{ tokenRegion: "evil.test/" }, ["tokenRegion: token-region-malformed"]],
  [{ tokenCredentials: "profile" }, ["awsProfile: token-profile-needed"]],
  [{ tokenCredentials: "profile", awsProfile: "../../etc/passwd" }, ["awsProfile: token-profile-malformed"]],
  [{ tokenCredentials: "profile", awsProfile: "reporting" }, []],
  [{ tokenCredentials: "role", awsRole: "reader" }, ["awsRole: token-role-malformed"]],
  [{ tokenCredentials: "role", awsRole: "arn:aws-cn:iam::111122223333:role/a/reader" }, []],
  [
    { tokenCredentials: "keys", awsAccessKeyId: "short" },
    ["awsAccessKeyId: token-key-malformed", "tokenSecret: token-secret-needed"],
  ],
  [{ ...azure, tokenCredentials: "profile" }, ["tokenCredentials: token-credentials-of-aws"]],
  [{ ...azure, tokenCredentials: "role" }, ["tokenCredentials: token-credentials-of-aws"]],
  [{ ...azure, entraClient: "my app" }, ["entraClient: token-client-malformed"]],
  [
    { ...azure, tokenCredentials: "keys", entraTenant: "x/y" },
    [
      "entraTenant: token-tenant-malformed",
      "entraClient: token-client-malformed",
      "tokenSecret: token-secret-needed",
    ],
  ],
] as const)("%j", (change, wanted) => {
  expect(mistakes(change)).toEqual(wanted);
});

test("keys with their secret, typed or stored", () => {
  expect(mistakes({ tokenCredentials: "keys", awsAccessKeyId: "AKIAIOSFODNN7EXAMPLE" }, true)).toEqual([]);
  const keys = { ...azure, tokenCredentials: "keys", entraTenant: "contoso.onmicrosoft.com" } as const;
  expect(mistakes({ ...keys, entraClient: id }, true)).toEqual([]);
});

describe("a stored key pair's secret is asked for again", () => {
  const keys = { tokenCredentials: "keys", awsAccessKeyId: "AKIAIOSFODNN7EXAMPLE" } as const;

  test.each([
    ["another host", { host: `${"b".repeat(26)}.dsql.us-east-1.on.aws` }],
    ["another address behind the name", { networkAddress: "192.0.2.7" }],
    ["another user", { user: "reporting" }],
    ["another region", { tokenRegion: "eu-west-1" }],
    ["another key", { awsAccessKeyId: "AKIAOTHER00000000000" }],
    ["another kind of token", { signIn: "rds-token" }],
    ["another trust", { trust: "mozilla" }],
  ] as const)("for %s", async (_what, change) => {
    const parsed = await parseProfileForm({ ...dsql, ...keys, ...change }, await saved());
    expect(parsed.ok ? {} : parsed.problem.fields).toMatchObject({
      tokenSecret: { facts: { reason: "secret-again" } },
    });
  });

  test("not for another lifetime or name, and not for new keys", async () => {
    const before = await saved();
    const renamed = { ...dsql, ...keys, name: "New", tokenExpiry: "60" };
    expect(await parseProfileForm(renamed, before)).toMatchObject({ ok: true });
    const given = { ...keys, user: "reporting", tokenSecret: "new" };
    expect(await parseProfileForm({ ...dsql, ...given }, before)).toMatchObject({ ok: true });
  });

  test("it leaves with the way to sign in that it belongs to", async () => {
    const parsed = await parseProfileForm({ ...dsql, ...keys, tokenCredentials: "default" }, await saved());
    expect(parsed.ok && parsed.value.secrets).toEqual({});
  });

  async function saved(): Promise<ConnectionProfile> {
    const parsed = await parseProfileForm({ ...dsql, ...keys, tokenSecret: "secret half" });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
    const at = "2026-11-25T00:00:00.000Z";
    const secrets = { tokenSecret: new Secret("secret half") };
    return { ...parsed.value, secrets, id: "c1", rev: 1, createdAt: at, updatedAt: at };
  }
});
