import { describe, expect, test } from "vitest";
import type { ConnectionProfile, ProfileDraft, TlsSettings, TokenSettings } from "#lib/profiles/profile.ts";
import { hostCredentialsAtRisk, secretsAtRisk } from "#lib/profiles/secrets-at-risk.ts";
import { Secret } from "#lib/secret.ts";

const secrets = {
  password: new Secret("password"),
  clientKey: new Secret("key"),
  keyPassphrase: new Secret("passphrase"),
  tokenSecret: new Secret("token secret"),
};
const pem = (text: string) => `-----BEGIN X-----\n${Buffer.from(text).toString("base64")}\n-----END X-----\n`;

const tls: TlsSettings = {
  mode: "verify-ca",
  trust: "own",
  ca: pem("ca"),
  crl: pem("crl"),
  allowSelfSigned: false,
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.3",
  negotiation: "postgres",
  channelBinding: "prefer",
  sni: true,
};
const token: TokenSettings = {
  region: "eu-west-1",
  expirySeconds: 900,
  credentials: "keys",
  awsAccessKeyId: "AKIA1",
  awsProfile: "p",
  awsRole: "r",
  entraTenant: "t",
  entraClient: "c",
};
const saved: ConnectionProfile = {
  id: "1",
  rev: 1,
  createdAt: "",
  updatedAt: "",
  name: "Shop",
  environment: "none",
  host: "db.test",
  networkAddress: "192.0.2.1",
  port: 5432,
  database: "shop",
  user: "app",
  signIn: "aurora-dsql-token",
  token,
  tls,
  connectTimeoutMs: 10_000,
  applicationName: "",
  options: "",
  allowWeakPassword: false,
  secrets,
};

const all = ["password", "clientKey", "tokenSecret"];
const withTls = (change: Partial<TlsSettings>): Partial<ProfileDraft> => ({ tls: { ...tls, ...change } });
const withToken = (change: Partial<TokenSettings>): Partial<ProfileDraft> => ({
  token: { ...token, ...change },
});

describe("what a save would keep", () => {
  test.each<[string, Partial<ProfileDraft>]>([
    ["another host", { host: "db2.test" }],
    ["another network address", { networkAddress: "192.0.2.2" }],
    ["another port", { port: 5433 }],
    ["another user", { user: "app2" }],
    ["weak sign-in allowed", { allowWeakPassword: true }],
    ["a weaker mode", withTls({ mode: "prefer" })],
    ["self-signed certificates allowed", withTls({ allowSelfSigned: true })],
    ["another trust", withTls({ trust: "system" })],
    ["another CA", withTls({ ca: pem("other") })],
    ["another revocation list", withTls({ crl: pem("other") })],
    ["an older TLS", withTls({ minVersion: "TLSv1.1" })],
    ["an older newest TLS", withTls({ maxVersion: "TLSv1.2" })],
    ["less channel binding", withTls({ channelBinding: "disable" })],
    ["no host name in the handshake", withTls({ sni: false })],
  ])("is at risk with %s", (_, change) => {
    expect(secretsAtRisk({ ...saved, ...change }, saved)).toEqual(all);
  });

  test("is at risk without the revocation list", () => {
    const { crl: _, ...rest } = tls;
    expect(secretsAtRisk({ ...saved, tls: rest }, saved)).toEqual(all);
  });

  test.each<[string, Partial<ProfileDraft>]>([
    ["nothing changed", {}],
    ["the host in other letters", { host: "DB.Test" }],
    ["another name", { name: "Other", environment: "production", applicationName: "x" }],
    ["a stronger mode", withTls({ mode: "verify-full" })],
    ["a newer TLS", withTls({ minVersion: "TLSv1.3" })],
    ["more channel binding", withTls({ channelBinding: "require" })],
    ["the same CA laid out otherwise", withTls({ ca: `\n${pem("ca")}\n` })],
  ])("is not with %s", (_, change) => {
    expect(secretsAtRisk({ ...saved, ...change }, saved)).toEqual([]);
  });

  test.each<[string, Partial<TlsSettings>]>([
    ["allowed self-signed certificates", { allowSelfSigned: true }],
    ["asked for no TLS", { mode: "disable" }],
    ["asked for TLS without checks", { mode: "require", trust: "system" }],
    ["took clear text where the server has no TLS", { mode: "prefer" }],
  ])("is not with another trust where the saved one %s", (_, before) => {
    const previous = { ...saved, tls: { ...tls, ...before } };
    const next = { ...previous.tls, trust: "mozilla", ca: pem("other"), crl: pem("other") } as const;
    expect(secretsAtRisk({ ...saved, tls: next }, previous)).toEqual([]);
  });

  test.each<[string, Partial<TlsSettings>]>([
    ["verify-full", { mode: "verify-full", trust: "system" }],
    ["require with a CA", { mode: "require" }],
  ])("is with another trust where the saved one is %s", (_, before) => {
    const previous = { ...saved, tls: { ...tls, ...before } };
    expect(secretsAtRisk({ ...saved, tls: { ...previous.tls, trust: "mozilla" } }, previous)).toEqual(all);
  });

  test("is not what was given anew, or is not there", () => {
    const elsewhere = { ...saved, host: "db2.test" };
    const fresh = { ...secrets, password: new Secret("password"), tokenSecret: new Secret("token secret") };
    expect(secretsAtRisk({ ...elsewhere, secrets: fresh }, saved)).toEqual(["clientKey"]);
    expect(secretsAtRisk({ ...elsewhere, secrets: {} }, { ...saved, secrets: {} })).toEqual([]);
  });

  test.each<[string, Partial<ProfileDraft>]>([
    ["another kind of token", { signIn: "rds-token" }],
    ["other credentials", withToken({ credentials: "profile" })],
    ["another region", withToken({ region: "eu-west-2" })],
    ["another profile", withToken({ awsProfile: "p2" })],
    ["another role", withToken({ awsRole: "r2" })],
    ["another access key", withToken({ awsAccessKeyId: "AKIA2" })],
    ["another tenant", withToken({ entraTenant: "t2" })],
    ["another application", withToken({ entraClient: "c2" })],
  ])("is the token's secret alone with %s", (_, change) => {
    expect(secretsAtRisk({ ...saved, ...change }, saved)).toEqual(["tokenSecret"]);
  });

  test("is the token's secret when nothing is said of the token any more, or was before", () => {
    const { token: _, ...without } = saved;
    expect(secretsAtRisk(without, saved)).toEqual(["tokenSecret"]);
    expect(secretsAtRisk(saved, without)).toEqual(["tokenSecret"]);
  });
});

describe("the host's own credentials", () => {
  const ofHost: ConnectionProfile = { ...saved, ...withToken({ credentials: "role" }) };

  test.each<[string, ProfileDraft, ConnectionProfile | undefined, boolean]>([
    ["are not used without a token", { ...saved, signIn: "password" }, undefined, false],
    ["are not used with a key pair", saved, undefined, false],
    ["are used anew by a new connection", ofHost, undefined, true],
    ["are used anew in place of a key pair", ofHost, saved, true],
    ["are used as before", ofHost, ofHost, false],
    ["go elsewhere", { ...ofHost, host: "db2.test" }, ofHost, true],
    ["go over a weaker connection", { ...ofHost, ...withTls({ mode: "prefer" }) }, ofHost, true],
    [
      "sign as another role",
      { ...ofHost, token: { ...token, credentials: "role", awsRole: "r2" } },
      ofHost,
      true,
    ],
  ])("%s", (_, draft, previous, borrows) => {
    expect(hostCredentialsAtRisk(draft, previous)).toBe(borrows);
  });

  test("are not used where nothing is said of a token", () => {
    const { token: _, ...without } = saved;
    expect(hostCredentialsAtRisk(without, ofHost)).toBe(false);
    expect(hostCredentialsAtRisk(ofHost, without)).toBe(true);
  });
});
