import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { connect, testConnection } from "#lib/connect/connect.ts";
import type { TokenSettings } from "#lib/profiles/profile.ts";
import { makeCertificate, type SampleCertificate } from "#lib/samples/certificates.ts";
import { freePort } from "#lib/samples/free-port.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { Secret } from "#lib/secret.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { type FakeCloud, fakeKeys, instanceVariables, startFakeCloud } from "#tests/support/fake-cloud.ts";
import { type KnownKey, whyTokenIsRefused } from "#tests/support/sigv4.ts";
import { startTokenServer, type TokenServer } from "#tests/support/token-server.ts";
import { type WireSettings, wireProfile } from "#tests/support/wire-profile.ts";

/**
 * The whole sign-in with a token, over TLS, to a server that checks the token as the cloud does and has a real
 * PostgreSQL behind it. Credentials come from services on loopback: nothing is asked of anybody else.
 */
const dsqlHost = "abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws";
const rdsHost = "shop.abc123.eu-west-1.rds.amazonaws.com";
const azureHost = "shop.postgres.database.azure.com";
const ownKey = { id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const roleArn = "arn:aws:iam::111122223333:role/reader";

const keys = new Map<string, KnownKey>([
  [ownKey.id, { secretAccessKey: ownKey.secret }],
  ...Object.values(fakeKeys).map((one) => [one.accessKeyId, one] as const),
]);

let behind: SampleServer;
let cloud: FakeCloud;
let root: SampleCertificate;
let leaf: SampleCertificate;
let other: SampleCertificate;
let folder: string;
/** How far the checking server's clock is from ours, ms. */
let serverClockMs = 0;
const toStop: TokenServer[] = [];

beforeAll(async () => {
  root = await makeCertificate({ ca: true, commonNames: ["Cloud Root"] });
  leaf = await makeCertificate({
    commonNames: [dsqlHost],
    dns: [dsqlHost, rdsHost, azureHost],
    issuer: root,
  });
  other = await makeCertificate({ commonNames: [dsqlHost], dns: [dsqlHost] });
  behind = await startPostgres({
    users: [{ name: "admin" }, { name: "reporting" }],
    hba: ["host all all 127.0.0.1/32 trust"],
  });
  cloud = await startFakeCloud();
  folder = await mkdtemp(join(tmpdir(), "cloak-db-aws-"));
});
afterAll(async () => {
  await behind?.stop();
  await cloud?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  for (const [name, value] of Object.entries(instanceVariables(cloud))) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  cloud.asked.splice(0);
  Object.assign(cloud.state, { clockMs: 0, stsError: undefined, lifeMs: 3_600_000, entraToken: undefined });
  serverClockMs = 0;
  for (const one of toStop.splice(0)) await one.stop();
});

describe("D6, D7 Aurora DSQL", () => {
  test.each([
    ["admin", "DbConnectAdmin"],
    ["reporting", "DbConnect"],
  ])("%s signs in with a token for %s", async (user, action) => {
    const server = await dsqlServer(action);
    const report = await tried(server, { user, token: { ...ownKeys, expirySeconds: 3600 } });
    expect(report.problem).toBeNull();
    expect(report.server).toMatchObject({ user, database: "postgres" });
    expect(report.tls).toMatchObject({ verified: "full" });
    expect(report.token).toMatchObject({ kind: "aurora-dsql-token", region: "us-east-1" });
    expect(signInFacts(report)).toMatchObject({ token: "aurora-dsql-token", tokenSeconds: 3600 });
    expect(server.passwords).toHaveLength(1);
  });

  test("each physical connection has a token of its own, and the report none", async () => {
    const server = await dsqlServer();
    const first = await tried(server, { token: ownKeys });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const second = await tried(server, { token: ownKeys });
    const [one = "", two = ""] = server.passwords;
    expect(one).not.toBe(two);
    const signature = /X-Amz-Signature=(\w+)/.exec(one)?.[1] ?? "none";
    for (const told of [JSON.stringify(first), JSON.stringify(second)]) {
      expect(told).not.toContain("X-Amz-");
      expect(told).not.toContain(signature);
      expect(told).not.toContain(ownKey.secret);
    }
  });

  test("a client that stands keeps no token", async () => {
    const server = await dsqlServer();
    const { connection } = await connect(dsqlProfile(server, { token: ownKeys }));
    const inside = JSON.stringify(connection?.client, (_name, value) =>
      typeof value === "object" && value !== null && "destroy" in value ? undefined : value,
    );
    expect(inside).not.toContain("X-Amz-Signature");
    await connection?.close();
  });
});

describe("D7 RDS and Aurora", () => {
  test("signs in with a token for this host, port and user", async () => {
    const port = await freePort(["127.0.0.1"]);
    const server = await checked((password, user) =>
      refusedBy(password, {
        service: "rds-db",
        host: `${rdsHost}:${port}`,
        region: "eu-west-1",
        action: "connect",
        user,
      }),
    );
    // The port that is signed is the one of the connection; the front stands on another.
    const wrong = await tried(server, { ...rds, user: "reporting", token: ownKeys });
    expect(wrong.problem).toMatchObject({ code: "auth-token-refused" });
    const right = await startTokenServer({
      certificate: leaf,
      behind,
      check: (password, user) =>
        refusedBy(password, {
          service: "rds-db",
          host: `${rdsHost}:${right.port}`,
          region: "eu-west-1",
          action: "connect",
          user,
        }),
    });
    toStop.push(right);
    const report = await tried(right, { ...rds, user: "reporting", token: ownKeys });
    expect(report.problem).toBeNull();
    expect(report.token).toMatchObject({ kind: "rds-token", region: "eu-west-1" });
  });
});

describe("where the credentials come from", () => {
  test("the host's instance, by IMDSv2", async () => {
    const server = await dsqlServer();
    expect((await tried(server, { token: { credentials: "default" } })).problem).toBeNull();
    expect(server.passwords[0]).toContain(fakeKeys.instance.accessKeyId);
    expect(cloud.asked[0]).toBe("PUT /latest/api/token");
  });

  test("the host's container", async () => {
    vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", `${cloud.url}/container`);
    const server = await dsqlServer();
    expect((await tried(server, { token: { credentials: "default" } })).problem).toBeNull();
    expect(server.passwords[0]).toContain(fakeKeys.container.accessKeyId);
    expect(cloud.asked).toEqual(["GET /container"]);
  });

  test("a role that the host's own credentials assume", async () => {
    const server = await dsqlServer();
    const report = await tried(server, { token: { credentials: "role", awsRole: roleArn } });
    expect(report.problem).toBeNull();
    expect(server.passwords[0]).toContain(fakeKeys.role.accessKeyId);
    expect(cloud.asked.at(-1)).toBe("POST /");
  });

  test("a profile of the host's configuration, read anew for each connection", async () => {
    const file = join(folder, "credentials");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", file);
    const profile = (id: string) =>
      writeFile(file, `[reporting]\naws_access_key_id = ${id}\naws_secret_access_key = ${ownKey.secret}\n`);
    await profile("AKIANOTKNOWN00000000");
    const server = await dsqlServer();
    const token = { credentials: "profile", awsProfile: "reporting" } as const;
    expect((await tried(server, { token })).problem).toMatchObject({ code: "auth-token-refused" });
    await profile(ownKey.id);
    expect((await tried(server, { token })).problem).toBeNull();
    expect(cloud.asked.filter((one) => !one.startsWith("HEAD"))).toEqual([]);
  });
});

describe("Microsoft Entra", () => {
  test("the host's managed identity, for Azure's PostgreSQL", async () => {
    const given = webToken(3600);
    cloud.state.entraToken = given;
    const server = await checked((password) => (password === given ? undefined : { message: "unknown" }));
    const report = await tried(server, { ...azure, token: { entraClient: identity(1) } });
    expect(report.problem).toBeNull();
    expect(report.token).toMatchObject({ kind: "entra-token", region: null });
    expect(cloud.entraAsked).toEqual({
      resource: "https://ossrdbms-aad.database.windows.net",
      clientId: identity(1),
    });
    expect(JSON.stringify(report)).not.toContain(given);
  });

  test("a token that Azure refuses", async () => {
    cloud.state.entraToken = webToken(3600);
    const server = await checked(() => ({
      message: 'password authentication failed for user "reporting"',
      code: "28P01",
    }));
    const report = await tried(server, { ...azure, token: { entraClient: identity(2) } });
    expect(report.problem).toMatchObject({ code: "auth-token-refused", step: "sign-in" });
    // Its clock is not Amazon's: nobody is asked for the time.
    expect(cloud.asked).not.toContain("HEAD /");
  });

  test("no identity", async () => {
    const server = await checked(() => undefined);
    const report = await tried(server, { ...azure, token: { entraClient: identity(3) } });
    expect(report.problem).toMatchObject({
      code: "auth-token-credentials-missing",
      facts: { reason: "entra_default" },
    });
    expect(server.passwords).toEqual([]);
  });
});

test("Microsoft Entra, where no service of its own is", async () => {
  vi.stubEnv("AZURE_POD_IDENTITY_AUTHORITY_HOST", `http://127.0.0.1:${await freePort(["127.0.0.1"])}`);
  const server = await checked(() => undefined);
  const settings = { ...azure, token: { entraClient: identity(4) }, timeoutMs: 9000 };
  expect((await tried(server, settings)).problem?.code).toMatch(
    /^auth-token-(?:credentials-missing|service-unreachable)$/,
  );
});

describe("what goes wrong has its own name", () => {
  test("no credentials", async () => {
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    const server = await dsqlServer();
    const report = await tried(server, { token: { credentials: "default" } });
    expect(report.problem).toMatchObject({ code: "auth-token-credentials-missing", step: "sign-in" });
    expect(stepState(report, "host-name")).toBe("passed");
    expect(server.passwords).toEqual([]);
  });

  test("no such profile", async () => {
    const server = await dsqlServer();
    const token = { credentials: "profile", awsProfile: "nobody" } as const;
    expect((await tried(server, { token })).problem).toMatchObject({
      code: "auth-token-credentials-missing",
      facts: { reason: "profile", name: "nobody" },
    });
  });

  test.each([
    [
      "ExpiredToken",
      "The security token included in the request is expired",
      "auth-token-credentials-expired",
    ],
    ["AccessDenied", "User is not authorized to perform: sts:AssumeRole", "auth-token-credentials-refused"],
    ["InvalidClientTokenId", "The security token is invalid", "auth-token-credentials-refused"],
    [
      "SignatureDoesNotMatch",
      "Signature expired: 20261125T101500Z is now earlier than 20261125T104500Z",
      "auth-token-clock-off",
    ],
  ])("STS says %s", async (code, message, wanted) => {
    cloud.state.stsError = { code, message };
    const server = await dsqlServer();
    const report = await tried(server, { token: { credentials: "role", awsRole: roleArn } });
    expect(report.problem).toMatchObject({ code: wanted, facts: { reason: "role", name: roleArn } });
    expect(JSON.stringify(report)).not.toContain(fakeKeys.instance.secretAccessKey);
  });

  test("STS does not answer", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL_STS", `http://127.0.0.1:${await freePort(["127.0.0.1"])}`);
    const server = await dsqlServer();
    const report = await tried(server, { token: { credentials: "role", awsRole: roleArn } });
    expect(report.problem).toMatchObject({ code: "auth-token-service-unreachable" });
  });

  test("STS takes longer than the connection may", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    vi.stubEnv("AWS_ENDPOINT_URL_STS", `http://127.0.0.1:${port}`);
    const server = await dsqlServer();
    const token = { credentials: "role", awsRole: roleArn } as const;
    const report = await tried(server, { token, timeoutMs: 1000 });
    silent.close();
    expect(report.problem).toMatchObject({ code: "auth-token-service-unreachable", step: "sign-in" });
    expect(server.passwords).toEqual([]);
  });

  test("credentials that have passed their end", async () => {
    cloud.state.lifeMs = -60_000;
    vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", `${cloud.url}/container`);
    const server = await dsqlServer();
    const report = await tried(server, { token: { credentials: "default" } });
    expect(report.problem).toMatchObject({ code: "auth-token-credentials-expired" });
    expect(server.passwords).toEqual([]);
  });

  test("another region than the host's", async () => {
    const server = await dsqlServer();
    const report = await tried(server, { token: { ...ownKeys, region: "eu-west-2" } });
    expect(report.problem).toMatchObject({
      code: "auth-token-region-wrong",
      facts: { region: "eu-west-2", name: "us-east-1" },
      fixes: [{ id: "use-host-region", change: { tokenRegion: "" } }],
    });
  });

  test.each([
    ["an hour behind", 3_600_000],
    ["an hour ahead", -3_600_000],
  ])("our clock is %s the cloud's", async (_how, offset) => {
    serverClockMs = offset;
    cloud.state.clockMs = offset;
    const server = await dsqlServer();
    const report = await tried(server, { token: ownKeys });
    expect(report.problem).toMatchObject({ code: "auth-token-clock-off" });
    expect(Math.abs(Number(report.problem?.facts.secondsOff) + offset / 1000)).toBeLessThan(5);
  });

  test("a token that is refused though the clocks agree", async () => {
    const server = await checked(() => ({
      message: "unable to accept connection, access denied",
      code: "08006",
    }));
    const report = await tried(server, { token: ownKeys });
    expect(report.problem).toMatchObject({ code: "auth-token-refused", facts: { region: "us-east-1" } });
    expect(cloud.asked).toContain("HEAD /");
  });

  test("a token that is over before it is looked at", async () => {
    const server = await startTokenServer({
      certificate: leaf,
      behind,
      check: () => {
        // The server takes its time.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
        return { message: 'IAM authentication failed for user "admin"' };
      },
    });
    toStop.push(server);
    const report = await tried(server, { token: { ...ownKeys, expirySeconds: 1 } });
    expect(report.problem).toMatchObject({
      code: "auth-token-expired",
      fixes: [{ id: "lengthen-token", change: { tokenExpiry: "900" } }],
    });
  });

  test.each([5, 10] as const)("a server that asks for a stored password (%i) gets nothing", async (ask) => {
    const server = await startTokenServer({ certificate: leaf, behind, check: () => undefined, ask });
    toStop.push(server);
    const report = await tried(server, { token: ownKeys });
    expect(report.problem).toMatchObject({
      code: "auth-token-refused",
      facts: { reason: "password-asked" },
    });
    expect(server.passwords).toEqual([]);
  });
});

describe("a token is never sent to a server that is not verified", () => {
  const weaker: readonly (readonly [string, Partial<Parameters<typeof wireProfile>[0]["tls"] & object>])[] = [
    ["Require without a CA", { mode: "require", trust: "system" }],
    ["Prefer", { mode: "prefer", trust: "system" }],
    ["Allow", { mode: "allow", trust: "system" }],
    ["Disable", { mode: "disable" }],
    ["Allow self-signed certificates", { mode: "verify-full", allowSelfSigned: true }],
    ["Verify CA", { mode: "verify-ca" }],
    ["Require with a CA", { mode: "require" }],
  ];
  test.each(weaker)("%s, whatever was allowed", async (_name, tls) => {
    const server = await dsqlServer();
    const profile = dsqlProfile(server, { token: ownKeys, tls });
    const report = await testConnection({ ...profile, allowWeakPassword: true });
    expect(report.problem).toMatchObject({ code: "auth-token-needs-verification", step: "sign-in" });
    expect(report.problem?.fixes[0]).toMatchObject({ id: "use-verify-full" });
    expect(server.passwords).toEqual([]);
    expect(server.received().toString("latin1")).not.toContain("X-Amz");
  });

  test("a server with another's certificate sees nothing of it", async () => {
    const server = await startTokenServer({ certificate: other, behind, check: () => undefined });
    toStop.push(server);
    const report = await tried(server, { token: ownKeys });
    expect(report.problem).toMatchObject({ step: "chain" });
    // The request for TLS, and nothing inside it.
    expect(server.received().toString("latin1")).not.toContain("X-Amz");
    expect(server.passwords).toEqual([]);
  });

  test("a pinned certificate will do", async () => {
    const server = await startTokenServer({ certificate: other, behind, check: () => undefined });
    toStop.push(server);
    const report = await tried(server, { token: ownKeys, tls: { ca: other.pem } });
    expect(report.problem).toBeNull();
    expect(report.tls).toMatchObject({ verified: "pinned" });
  });
});

describe("waiting has an end", () => {
  test("a cancel ends it while the credentials are looked up", async () => {
    const slow = await freePort(["127.0.0.1"]);
    vi.stubEnv("AWS_ENDPOINT_URL_STS", `http://127.0.0.1:${slow}`);
    const server = await dsqlServer();
    const stop = new AbortController();
    const profile = dsqlProfile(server, { token: { credentials: "role", awsRole: roleArn } });
    const trying = testConnection(profile, {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === "step-started" && event.name === "sign-in") stop.abort();
      },
    });
    expect((await trying).problem).toMatchObject({ code: "cancelled" });
    expect(server.passwords).toEqual([]);
  });
});

const ownKeys = { credentials: "keys", awsAccessKeyId: ownKey.id } as const;
const rds = { host: rdsHost, signIn: "rds-token" } as const;
const azure = { host: azureHost, signIn: "entra-token", user: "reporting" } as const;

interface Given extends Partial<WireSettings> {
  readonly token: Partial<TokenSettings>;
  readonly signIn?: "aurora-dsql-token" | "rds-token" | "entra-token";
  readonly timeoutMs?: number;
}

function dsqlProfile(server: { readonly port: number }, given: Given) {
  const { token, tls, signIn = "aurora-dsql-token", timeoutMs = 10_000, ...wire } = given;
  return wireProfile({
    host: dsqlHost,
    user: "admin",
    address: "127.0.0.1",
    port: server.port,
    ...wire,
    tls: { ca: root.pem, ...tls },
    more: {
      signIn,
      connectTimeoutMs: timeoutMs,
      token: { expirySeconds: 900, credentials: "default", ...token },
      secrets: token.credentials === "keys" ? { tokenSecret: new Secret(ownKey.secret) } : {},
    },
  });
}

function tried(server: { readonly port: number }, given: Given): Promise<AttemptReport> {
  return testConnection(dsqlProfile(server, given));
}

async function dsqlServer(action = "DbConnectAdmin"): Promise<TokenServer> {
  return checked((password) =>
    refusedBy(password, { service: "dsql", host: dsqlHost, region: "us-east-1", action }),
  );
}

async function checked(check: Parameters<typeof startTokenServer>[0]["check"]): Promise<TokenServer> {
  const server = await startTokenServer({ certificate: leaf, behind, check });
  toStop.push(server);
  return server;
}

/** As the services answer: they do not say why. */
function refusedBy(
  password: string,
  check: Omit<Parameters<typeof whyTokenIsRefused>[1], "now" | "keys">,
): { message: string } | undefined {
  const now = new Date(Date.now() + serverClockMs);
  const why = whyTokenIsRefused(password, { ...check, now, keys });
  if (why === undefined) return undefined;
  return {
    message:
      check.service === "dsql"
        ? 'IAM authentication failed for user "admin"'
        : 'PAM authentication failed for user "reporting"',
  };
}

function webToken(seconds: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const iat = Math.floor(Date.now() / 1000);
  return `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat, exp: iat + seconds })}.c2lnbmF0dXJl`;
}

/** Microsoft's library remembers the token of an identity for the process: each test has one of its own. */
function identity(number: number): string {
  return `11111111-2222-3333-4444-${String(number).padStart(12, "0")}`;
}

function signInFacts(report: AttemptReport) {
  return report.steps.find((step) => step.name === "sign-in")?.facts;
}

function stepState(report: AttemptReport, name: string) {
  return report.steps.find((step) => step.name === name)?.state;
}
