import { DsqlSigner } from "@aws-sdk/dsql-signer";
import { Signer } from "@aws-sdk/rds-signer";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { TokenSettings } from "#lib/profiles/profile.ts";
import { Secret } from "#lib/secret.ts";
import { signInToken } from "#lib/tokens/sign-in-token.ts";
import { whyTokenIsRefused } from "#tests/support/sigv4.ts";
import { wireProfile } from "#tests/support/wire-profile.ts";

const dsqlHost = "abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws";
const rdsHost = "shop.abc123.eu-west-1.rds.amazonaws.com";
const accessKeyId = "AKIAIOSFODNN7EXAMPLE";
const secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const now = new Date("2026-11-25T10:15:30Z");

beforeEach(() => vi.useFakeTimers({ toFake: ["Date"], now }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe("D7 a token equals the official signer's own", () => {
  test.each([
    ["admin", 900],
    ["admin", 1],
    ["admin", 604_800],
    ["reporting", 3600],
    ["straße & co=", 900],
  ])("Aurora DSQL, %s for %i seconds", async (user, expirySeconds) => {
    const made = await tokenOf({ host: dsqlHost, user }, { expirySeconds });
    const signer = new DsqlSigner({
      hostname: dsqlHost,
      region: "us-east-1",
      expiresIn: expirySeconds,
      credentials: { accessKeyId, secretAccessKey },
    });
    const official = user === "admin" ? signer.getDbConnectAdminAuthToken() : signer.getDbConnectAuthToken();
    expect(made.value.reveal()).toBe(await official);
    expect(made).toMatchObject({ madeAt: now, region: "us-east-1" });
    expect(made.expiresAt.getTime() - now.getTime()).toBe(expirySeconds * 1000);
    const action = user === "admin" ? "DbConnectAdmin" : "DbConnect";
    expect(refused(made, { service: "dsql", host: dsqlHost, region: "us-east-1", action })).toBeUndefined();
  });

  test.each(["app", "straße & co="])("RDS, the user %s, for its host with its port", async (user) => {
    const made = await tokenOf(
      { host: rdsHost, user, port: 5433 },
      { expirySeconds: 3600 },
      { signIn: "rds-token" },
    );
    const signer = new Signer({
      hostname: rdsHost,
      port: 5433,
      username: user,
      region: "eu-west-1",
      credentials: { accessKeyId, secretAccessKey },
    });
    expect(made.value.reveal()).toBe(await signer.getAuthToken());
    // RDS takes 15 minutes and no more.
    expect(made.expiresAt.getTime() - now.getTime()).toBe(900_000);
    const host = `${rdsHost}:5433`;
    const check = { service: "rds-db", host, region: "eu-west-1", action: "connect", user } as const;
    expect(refused(made, check)).toBeUndefined();
  });

  test("with a session token of the environment", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", accessKeyId);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretAccessKey);
    vi.stubEnv("AWS_SESSION_TOKEN", "session//+token==");
    const made = await tokenOf({ host: dsqlHost, user: "admin" }, { credentials: "default" });
    const signer = new DsqlSigner({
      hostname: dsqlHost,
      region: "us-east-1",
      credentials: { accessKeyId, secretAccessKey, sessionToken: "session//+token==" },
    });
    expect(made.value.reveal()).toBe(await signer.getDbConnectAdminAuthToken());
    const keys = new Map([[accessKeyId, { secretAccessKey, sessionToken: "session//+token==" }]]);
    const check = { service: "dsql", host: dsqlHost, region: "us-east-1", action: "DbConnectAdmin" } as const;
    expect(whyTokenIsRefused(made.value.reveal(), { ...check, now, keys })).toBeUndefined();
    expect(refused(made, check)).toBe("its session token is another one");
  });

  test("the network address that is dialled is not signed: the name is", async () => {
    const made = await tokenOf({ host: dsqlHost, user: "admin", address: "127.0.0.1" }, {});
    expect(made.value.reveal()).toMatch(new RegExp(`^${dsqlHost}/\\?`));
  });

  test("a region that is given goes before the host's", async () => {
    const made = await tokenOf({ host: "db.example.test", user: "admin" }, { region: "ap-south-1" });
    expect(made.value.reveal()).toContain("%2Fap-south-1%2Fdsql%2F");
  });
});

describe("why there is none", () => {
  test("no region is known", async () => {
    expect(await make({ host: "db.example.test", user: "admin" }, {})).toMatchObject({
      ok: false,
      problem: { code: "auth-token-region-unknown" },
    });
  });

  test("what would be another host is no region", async () => {
    expect(await make({ host: dsqlHost, user: "admin" }, { region: "evil.test/" })).toMatchObject({
      problem: { code: "auth-token-region-unknown" },
    });
  });

  test("the key pair is not there", async () => {
    const profile = profileOf({ host: dsqlHost, user: "admin" }, {});
    expect(await signInToken({ ...profile, secrets: {} })).toMatchObject({
      problem: { code: "auth-token-credentials-missing", facts: { reason: "keys" } },
    });
  });

  test("the environment's credentials have passed their end", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", accessKeyId);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretAccessKey);
    vi.stubEnv("AWS_CREDENTIAL_EXPIRATION", "2026-11-25T10:00:00Z");
    expect(await make({ host: dsqlHost, user: "admin" }, { credentials: "default" })).toMatchObject({
      problem: { code: "auth-token-credentials-expired" },
    });
  });

  test("a token lasts no longer than the credentials it is made with", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", accessKeyId);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretAccessKey);
    vi.stubEnv("AWS_CREDENTIAL_EXPIRATION", "2026-11-25T10:20:30Z");
    const made = await tokenOf({ host: dsqlHost, user: "admin" }, { credentials: "default" });
    expect(made.expiresAt.toISOString()).toBe("2026-11-25T10:20:30.000Z");
  });
});

type Given = Partial<Parameters<typeof wireProfile>[0]>;

function profileOf(given: Given, token: Partial<TokenSettings>, more: object = {}) {
  return wireProfile({
    port: 5432,
    ...given,
    more: {
      signIn: "aurora-dsql-token",
      token: { expirySeconds: 900, credentials: "keys", awsAccessKeyId: accessKeyId, ...token },
      secrets: { tokenSecret: new Secret(secretAccessKey) },
      ...more,
    },
  });
}

function make(given: Given, token: Partial<TokenSettings>, more: object = {}) {
  return signInToken(profileOf(given, token, more));
}

async function tokenOf(given: Given, token: Partial<TokenSettings>, more: object = {}) {
  const made = await make(given, token, more);
  if (!made.ok) throw new Error(made.problem.code);
  return made.value;
}

function refused(
  made: { readonly value: Secret },
  check: Omit<Parameters<typeof whyTokenIsRefused>[1], "now" | "keys">,
): string | undefined {
  const keys = new Map([[accessKeyId, { secretAccessKey }]]);
  return whyTokenIsRefused(made.value.reveal(), { ...check, now, keys });
}
