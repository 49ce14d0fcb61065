import { generateKeyPairSync } from "node:crypto";
import net from "node:net";
import tls from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect, testConnection } from "#lib/connect/connect.ts";
import { catalogue, type ProblemCode, problemCodes } from "#lib/problems/catalogue.ts";
import type { StepName } from "#lib/problems/step-names.ts";
import { makeCertificate, makeCrl, type SampleCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, type ServerSettings, startPostgres } from "#lib/samples/postgres-server.ts";
import type { TlsVersion } from "#lib/settings/form-values.ts";
import type { Demands } from "#lib/wire/demands.ts";
import words from "#messages/en/steps.json" with { type: "json" };
import { ipBlocks, nameConstraints, unknownExtension } from "#tests/support/certificate-extensions.ts";
import { type Line, type RogueServer, serverMessage, startRogue } from "#tests/support/rogue-server.ts";
import { type WireSettings, wireProfile } from "#tests/support/wire-profile.ts";

/**
 * Every code of the steps from the TLS request to the session, made by a real PostgreSQL; where it takes a cloud, a
 * pooler or a proxy, by a server that sends the same bytes.
 */
const host = "db.tls.test";
const password = "right";
const day = 86_400_000;
const scram = ["host all all all scram-sha-256"];

interface Case {
  readonly what: string;
  readonly code: ProblemCode;
  readonly step: StepName;
  /** The whole of it, in order. */
  readonly also?: readonly ProblemCode[];
  /** Both, where left out; one, where the code speaks of a version; none, where no TLS comes about. */
  readonly over?: readonly TlsVersion[] | "no-tls";
  /** What a connection string may demand beyond a saved connection. */
  readonly demands?: Demands;
  /** Sets the server up, or starts another one, and says what to connect with. */
  readonly make: (version: TlsVersion) => Promise<Partial<WireSettings>> | Partial<WireSettings>;
}

let server: SampleServer;
let made: Awaited<ReturnType<typeof makeAll>>;
let asItWas: ServerSettings;
const toStop: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  made = await makeAll();
  asItWas = {
    certificate: made.leaf,
    ca: made.clientRoot.pem,
    crl: made.clientCrl,
    hba: scram,
    settings: {},
  };
  server = await startPostgres({
    ...asItWas,
    users: [
      { name: "app", password },
      { name: "other", password },
      { name: "full", password },
    ],
    databases: ["closed"],
  });
  await server.admin("alter database closed allow_connections false; alter role full connection limit 0");
});
afterAll(() => server?.stop());
beforeEach(() => server.change(asItWas));
afterEach(async () => {
  for (const one of toStop.splice(0)) await one.stop();
});

const onTheWay: readonly Case[] = [
  {
    what: "a server without TLS",
    code: "tls-not-offered",
    step: "tls-request",
    over: "no-tls",
    make: async () => ({ port: (await started(startPostgres())).port }),
  },
  {
    what: "a web server",
    code: "net-not-postgres",
    step: "tls-request",
    over: "no-tls",
    make: () => beforeTls((line) => line.send("HTTP/1.1 400 Bad Request\r\n\r\n")),
  },
  {
    what: "a proxy that knows no such name",
    code: "net-closed",
    step: "tls-request",
    over: "no-tls",
    make: () => beforeTls((line) => line.socket.end()),
  },
  {
    what: "a server that cannot fork",
    code: "server-full",
    step: "tls-request",
    over: "no-tls",
    make: () => beforeTls((line) => line.send("Ecould not fork new process for connection: no memory\n\0")),
  },
  {
    what: "the server begins where the client ends",
    code: "tls-version-refused",
    step: "handshake",
    over: ["TLSv1.2"],
    make: () => changed({ settings: { ssl_min_protocol_version: "TLSv1.3" } }),
  },
  {
    what: "the server ends where the client begins",
    code: "tls-version-refused",
    step: "handshake",
    over: ["TLSv1.3"],
    make: () => changed({ settings: { ssl_max_protocol_version: "TLSv1.2" } }),
  },
  {
    what: "a cipher for RSA only",
    code: "tls-cipher-refused",
    step: "handshake",
    over: ["TLSv1.2"],
    make: () => changed({ settings: { ssl_ciphers: "ECDHE-RSA-AES128-GCM-SHA256" } }),
  },
  {
    what: "a cipher for small devices",
    code: "tls-cipher-refused",
    step: "handshake",
    over: ["TLSv1.3"],
    make: () => changed({ settings: { ssl_tls13_ciphers: "TLS_AES_128_CCM_SHA256" } }),
  },
  ...["brainpoolP256r1", "brainpoolP384r1", "secp256k1", "P-224"].map(
    (curve): Case => ({
      what: `a key on ${curve}`,
      code: "tls-curve-unsupported",
      step: "handshake",
      make: async () => showing(await onCurve(curve)),
    }),
  ),
  {
    what: "direct, to a server without TLS",
    code: "tls-direct-refused",
    step: "handshake",
    over: "no-tls",
    make: async () => ({
      port: (await started(startPostgres())).port,
      tls: { negotiation: "direct" },
    }),
  },
  {
    what: "direct, to a server of another protocol",
    code: "tls-alpn-refused",
    step: "handshake",
    make: (version) => direct(version, { ALPNProtocols: ["h2"] }),
  },
  {
    what: "a server that drops the handshake",
    code: "tls-closed",
    step: "handshake",
    over: "no-tls",
    make: () =>
      beforeTls(async (line) => {
        line.send("S");
        await line.read(1);
        line.socket.end();
      }),
  },
  {
    what: "a proxy that wants mutual TLS",
    code: "client-certificate-required",
    step: "handshake",
    make: (version) => behind(version, () => undefined, { requestCert: true, rejectUnauthorized: true }),
  },
  {
    what: "a client certificate of tomorrow",
    code: "client-certificate-refused",
    step: "handshake",
    make: () => withClient(made.clients.early),
  },
  {
    what: "a client certificate of another authority",
    code: "client-certificate-unknown-ca",
    step: "handshake",
    make: () => withClient(made.clients.stranger),
  },
  {
    what: "a client certificate that was revoked",
    code: "client-certificate-revoked",
    step: "handshake",
    make: () => withClient(made.clients.revoked),
  },
  {
    what: "a client certificate for servers",
    code: "client-certificate-wrong-purpose",
    step: "handshake",
    make: () => withClient(made.clients.forServers),
  },
  {
    what: "a client certificate of yesterday",
    code: "client-certificate-expired",
    step: "handshake",
    make: () => withClient(made.clients.expired),
  },
];

/** What is wrong with a certificate, and not with what is trusted. */
const unusable = [
  ["a critical extension that nobody knows", "tls-critical-extension", "critical"],
  ["an intermediate with such an extension", "tls-critical-extension", "criticalAbove"],
  ["an intermediate that may issue for other names", "tls-name-constraint", "permitted"],
  ["an intermediate that may not issue for this one", "tls-name-constraint", "excluded"],
  ["addresses that the intermediate does not know", "tls-certificate-refused", "unnested"],
  ["too many intermediates", "tls-issuer-not-allowed", "tooDeep"],
  ["an intermediate that is no CA", "tls-issuer-not-allowed", "noCa"],
  ["an intermediate that is none by its constraints alone", "tls-issuer-not-allowed", "noCaThatSigns"],
  ["an intermediate that may not sign", "tls-issuer-not-allowed", "noSigner"],
  ["an intermediate for clients", "tls-issuer-not-allowed", "forClients"],
] as const;

const certificates: readonly Case[] = [
  {
    what: "an authority that is not trusted",
    code: "tls-unknown-ca",
    step: "chain",
    make: () => ({ tls: { ca: made.clientRoot.pem } }),
  },
  {
    what: "one that signed itself, for another name",
    code: "tls-self-signed",
    step: "chain",
    also: ["tls-hostname-mismatch"],
    make: () => showing(made.selfSignedElsewhere),
  },
  {
    what: "its intermediate was not sent",
    code: "tls-intermediate-missing",
    step: "chain",
    make: () => showing({ ...made.underIntermediate, chainPem: made.underIntermediate.pem }),
  },
  {
    what: "only the intermediate is trusted",
    code: "tls-anchor-is-intermediate",
    step: "chain",
    make: () => showing(made.underIntermediate, made.intermediate.pem),
  },
  {
    what: "of yesterday",
    code: "tls-expired",
    step: "chain",
    make: () => showing(made.expired),
  },
  {
    what: "of yesterday, by nobody, for another name and another purpose",
    code: "tls-expired",
    step: "chain",
    also: ["tls-wrong-purpose", "tls-unknown-ca", "tls-hostname-mismatch"],
    make: () => showing(made.hopeless, made.clientRoot.pem),
  },
  {
    what: "of tomorrow",
    code: "tls-not-yet-valid",
    step: "chain",
    make: () => showing(made.early),
  },
  {
    what: "revoked",
    code: "tls-revoked",
    step: "chain",
    make: () => ({ tls: { crl: made.serverCrl } }),
  },
  {
    what: "revoked, and for another name",
    code: "tls-revoked",
    step: "chain",
    also: ["tls-hostname-mismatch"],
    make: () => ({ host: "wrong.tls.test", tls: { crl: made.serverCrl } }),
  },
  {
    what: "a list of another authority",
    code: "tls-crl-missing",
    step: "chain",
    make: () => ({ tls: { crl: made.clientCrl } }),
  },
  {
    what: "for signing code",
    code: "tls-wrong-purpose",
    step: "chain",
    make: () => showing(made.forCode),
  },
  ...unusable.map(
    ([what, code, kind]): Case => ({
      what,
      code,
      step: "chain",
      make: () => showing(made.unusable[kind]),
    }),
  ),
  {
    what: "a critical extension, of yesterday",
    code: "tls-expired",
    step: "chain",
    also: ["tls-critical-extension"],
    make: () => showing(made.unusable.criticalOfYesterday),
  },
  {
    what: "a root with a key of 512 bits",
    code: "tls-weak-key",
    step: "chain",
    make: () => showing(made.underWeakKey, made.weakRoot.pem),
  },
  {
    what: "an intermediate that was signed with SHA-1",
    code: "tls-weak-signature",
    step: "chain",
    make: () =>
      showing(
        { ...made.underWeakSignature, chainPem: made.underWeakSignature.pem },
        made.weaklySigned.pem + made.root.pem,
      ),
  },
  {
    what: "another one than was pinned",
    code: "tls-pin-changed",
    step: "chain",
    make: () => showing(made.selfSigned, made.selfSignedBefore.pem),
  },
  {
    what: "for another name",
    code: "tls-hostname-mismatch",
    step: "host-name",
    make: () => ({ host: "wrong.tls.test" }),
  },
];

const signIn: readonly Case[] = [
  {
    what: "plain text where TLS is required",
    code: "auth-tls-required",
    step: "sign-in",
    also: ["auth-rule-missing"],
    over: "no-tls",
    make: () => ruled(["hostssl all all all scram-sha-256"], { tls: { mode: "disable" } }),
  },
  {
    what: "PgBouncer wants TLS",
    code: "auth-tls-required",
    step: "sign-in",
    over: "no-tls",
    make: () => plainRefusal("08P01", "SSL required"),
  },
  {
    what: "a rule for plain text only, and a wrong password",
    code: "auth-tls-not-allowed",
    step: "sign-in",
    also: ["auth-password-wrong"],
    make: () =>
      ruled(["hostnossl all all all scram-sha-256"], { password: "wrong", tls: { mode: "prefer" } }),
  },
  {
    what: "no rule",
    code: "auth-rule-missing",
    step: "sign-in",
    also: ["auth-tls-not-allowed"],
    make: () => ruled(["host all other all scram-sha-256"]),
  },
  {
    what: "a rule that rejects",
    code: "auth-rule-reject",
    step: "sign-in",
    make: () => ruled(["host all all all reject"]),
  },
  {
    what: "a certificate is wanted, none given",
    code: "auth-client-certificate-missing",
    step: "sign-in",
    make: () => ruled(["hostssl all all all cert"]),
  },
  {
    what: "a certificate of another user",
    code: "auth-client-certificate-other-user",
    step: "sign-in",
    make: () => ruled(["hostssl all all all cert"], { user: "other", ...withClient(made.clients.app) }),
  },
  {
    what: "the right password with another user's certificate",
    code: "auth-client-certificate-other-user",
    step: "sign-in",
    make: () =>
      ruled(["hostssl all all all scram-sha-256 clientcert=verify-full"], {
        user: "other",
        ...withClient(made.clients.app),
      }),
  },
  {
    what: "a wrong password",
    code: "auth-password-wrong",
    step: "sign-in",
    make: () => ({ password: "wrong" }),
  },
  {
    what: "no password",
    code: "auth-password-missing",
    step: "sign-in",
    make: () => ({ password: "" }),
  },
  {
    what: "no such role",
    code: "auth-role-unknown",
    step: "sign-in",
    make: () => ruled(["host all all all trust"], { user: "nobody" }),
  },
  {
    what: "a password in clear text for a server that is not proved",
    code: "auth-method-refused",
    step: "sign-in",
    make: () => ruled(["host all all all password"], { tls: { mode: "verify-ca" } }),
  },
  {
    what: "somebody between who encrypts anew",
    code: "auth-channel-binding-failed",
    step: "sign-in",
    make: inTheMiddle,
  },
  ...(["prefer", "require"] as const).map(
    (channelBinding): Case => ({
      what: `a certificate of an Ed25519 authority, and binding: ${channelBinding}`,
      code: "auth-channel-binding-unsupported",
      step: "sign-in",
      make: async () => {
        const { tls: shownTo } = await showing(made.ofEd25519, made.ed25519Root.pem);
        return { tls: { ...shownTo, channelBinding } };
      },
    }),
  ),
  ...(
    [
      ["28000", "Account app is locked until tomorrow"],
      ["28000", "El rol no puede conectarse desde aquí"],
      ["28000", "client address is not on the list"],
      ["28005", "something of the kind"],
    ] as const
  ).map(
    ([state, text]): Case => ({
      what: `its own words: ${text}`,
      code: "auth-refused",
      step: "sign-in",
      make: (version) => refusedBy(version, state, text),
    }),
  ),
  {
    what: "who we are, asked of a system that does not know (ident)",
    code: "auth-refused",
    step: "sign-in",
    make: () => ruled(["host all all all ident"]),
  },
  {
    what: "a certificate was asked for, and none given, in words of its own",
    code: "auth-client-certificate-missing",
    step: "sign-in",
    make: (version) =>
      behind(
        version,
        async (line) => {
          await line.message(false);
          line.send(refusal("28000", "falta el certificado"));
          line.socket.end();
        },
        { requestCert: true, rejectUnauthorized: false, ca: made.clientRoot.pem },
      ),
  },
  {
    what: "Neon, the options name another endpoint than the host",
    code: "auth-endpoint-conflict",
    step: "sign-in",
    make: (version) =>
      refusedBy(
        version,
        "08P01",
        "Inconsistent project name inferred from SNI ('ep-a-1') and project option ('ep-b-2').",
        { more: { options: "project=ep-b-2" } },
      ),
  },
  {
    what: "binding required of a server that asks for no password",
    code: "auth-channel-binding-unavailable",
    step: "sign-in",
    make: () => ruled(["host all all all trust"], { tls: { channelBinding: "require" } }),
  },
  {
    what: "RDS, a token of another user",
    code: "auth-token-refused",
    step: "sign-in",
    make: (version) =>
      refusedBy(version, "28000", 'PAM authentication failed for user "app"', {
        host: made.rdsHost,
        password: awsToken(new Date()),
      }),
  },
  {
    what: "RDS, a token of yesterday",
    code: "auth-token-expired",
    step: "sign-in",
    make: (version) =>
      refusedBy(version, "28000", 'PAM authentication failed for user "app"', {
        host: made.rdsHost,
        password: awsToken(new Date(Date.now() - day)),
      }),
  },
  {
    what: "Entra, a token of yesterday",
    code: "auth-token-expired",
    step: "sign-in",
    make: (version) =>
      refusedBy(version, "28P01", 'password authentication failed for user "app"', {
        password: webToken(Math.floor(Date.now() / 1000) - 60),
      }),
  },
  {
    what: "Neon, no host name was sent",
    code: "auth-sni-required",
    step: "sign-in",
    make: (version) =>
      refusedBy(version, "08P01", "Endpoint ID is not specified. Either please upgrade the client library", {
        tls: { sni: false },
      }),
  },
  {
    what: "H1: Azure, plain text",
    code: "auth-tls-required",
    step: "sign-in",
    over: "no-tls",
    make: async () => ({
      ...(await plainRefusal("28000", "SSL connection is required. Please specify SSL options and retry.")),
      host: "shop.postgres.database.azure.com",
    }),
  },
  {
    what: "Aurora DSQL, no host name was sent",
    code: "auth-sni-required",
    step: "sign-in",
    make: (version) =>
      refusedBy(version, "28000", "unable to accept connection, sni was not received", {
        tls: { sni: false },
      }),
  },
  {
    what: "Aurora DSQL, a token for another role",
    code: "auth-token-refused",
    step: "sign-in",
    make: (version) =>
      refusedBy(version, "28000", "unable to accept connection, access denied", {
        host: made.dsqlHost,
        password: awsToken(new Date()),
      }),
  },
  {
    what: "Neon, an endpoint that is gone",
    code: "auth-endpoint-unknown",
    step: "sign-in",
    make: (version) =>
      refusedBy(
        version,
        "XX000",
        "The requested endpoint could not be found, or you don't have access to it.",
      ),
  },
  {
    what: "PAM elsewhere checks a password",
    code: "auth-password-wrong",
    step: "sign-in",
    make: (version) => refusedBy(version, "28000", 'PAM authentication failed for user "app"'),
  },
  {
    what: "a certificate that was to be looked at, and was not",
    code: "auth-client-certificate-unused",
    step: "sign-in",
    demands: { clientCertificate: true },
    make: async () => ({
      ...withClient(made.clients.app),
      port: (await started(startPostgres({ certificate: made.leaf, users: [{ name: "app", password }] })))
        .port,
    }),
  },
  {
    what: "Supabase, a user without its project",
    code: "auth-pooler-tenant-unknown",
    step: "sign-in",
    make: (version) => refusedBy(version, "XX000", "Tenant or user not found"),
  },
];

const session: readonly Case[] = [
  {
    what: "no such database",
    code: "database-unknown",
    step: "session",
    make: () => ({ database: "nix" }),
  },
  {
    what: "a database that takes nobody",
    code: "database-not-accepting",
    step: "session",
    make: () => ({ database: "closed" }),
  },
  {
    what: "a role without a slot",
    code: "server-too-many-connections",
    step: "session",
    make: () => ({ user: "full" }),
  },
  {
    what: "a server that is not up yet",
    code: "server-starting",
    step: "session",
    make: (version) => refusedBy(version, "57P03", "the database system is starting up"),
  },
  ...[
    "Hot standby mode is disabled.",
    "Le mode Hot Standby est désactivé.",
    "Hot-Standby-Modus ist deaktiviert.",
    "Режим горячего резерва отключён.",
    "ホットスタンバイモードは無効です。",
  ].map(
    (detail): Case => ({
      what: `a standby that is closed: ${detail}`,
      code: "server-standby-closed",
      step: "session",
      make: (version) => refusedBy(version, "57P03", "not accepting connections", {}, detail),
    }),
  ),
  ...[
    "Consistent recovery state has not been yet reached.",
    "Recovery snapshot is not yet ready for hot standby.",
  ].map(
    (detail): Case => ({
      what: `a standby that opens in a moment: ${detail}`,
      code: "server-starting",
      step: "session",
      make: (version) => refusedBy(version, "57P03", "not yet accepting connections", {}, detail),
    }),
  ),
  ...(
    [
      ["53100", "could not write init file", "server-disk-full"],
      ["58030", 'could not extend file "base/5/1249": No space left on device', "server-disk-full"],
      ["XX000", "could not create relation-cache file: Disk quota exceeded", "server-disk-full"],
      ["53200", "out of memory", "server-out-of-memory"],
      ["57P05", "terminating connection due to idle-session timeout", "session-timed-out"],
      ["25P03", "terminating connection due to idle-in-transaction timeout", "session-timed-out"],
      ["08P01", "server login failed: wrong password type", "pooler-password-type"],
      [
        "08P01",
        "server login failed: FATAL the database system is shutting down",
        "pooler-server-unreachable",
      ],
      ["0A000", "Feature not supported: this kind of session", "server-feature-unsupported"],
      ["0A000", "RDS Proxy supports only IAM, MD5, or SCRAM authentication", "server-feature-unsupported"],
      ["0A000", "Feature not supported: command-line options.", "startup-parameter-refused"],
    ] as const
  ).map(
    ([state, text, code]): Case => ({
      what: `${state} ${text}`,
      code,
      step: "session",
      make: (version) => refusedBy(version, state, text),
    }),
  ),
  {
    what: "a server that waits for its last session",
    code: "server-shutting-down",
    step: "session",
    make: stopping,
  },
  {
    what: "only reading where writing was asked for",
    code: "session-read-only",
    step: "session",
    demands: { session: "read-write" },
    make: () => ({ more: { options: "-c default_transaction_read_only=on" } }),
  },
  {
    what: "writing where only reading was asked for",
    code: "session-not-read-only",
    step: "session",
    demands: { session: "read-only" },
    make: () => ({}),
  },
  {
    what: "an option that does not exist",
    code: "startup-parameter-refused",
    step: "session",
    make: () => ({ more: { options: "-c nix=1" } }),
  },
  {
    what: "Neon, the quota is used up",
    code: "server-paused",
    step: "session",
    make: (version) =>
      refusedBy(version, "XX000", "Your account or project has exceeded the compute time quota."),
  },
  {
    what: "PgBouncer, nobody behind it",
    code: "pooler-server-unreachable",
    step: "session",
    make: (version) =>
      refusedBy(version, "08P01", "server login has been failing, try again later (server_login_retry)"),
  },
  {
    what: "PgBouncer takes no options",
    code: "startup-parameter-refused",
    step: "session",
    make: (version) =>
      refusedBy(version, "08P01", "unsupported startup parameter: options", {
        more: { options: "-c geqo=off" },
      }),
  },
];

const all = [...onTheWay, ...certificates, ...signIn, ...session];

const rows = all.flatMap(({ over = ["TLSv1.2", "TLSv1.3"], ...row }) =>
  (over === "no-tls" ? [null] : over).map((version) => ({ ...row, version, name: row.code })),
);

describe("each code, on its step, with all else that is wrong", () => {
  test.each(rows)("$name over $version: $what", async ({ version, code, step, also = [], demands, make }) => {
    const settings = await make(version ?? "TLSv1.3");
    const report = await testConnection(profile(settings, version), { demands });
    expect(report.problem, JSON.stringify(report.problem)).toMatchObject({ code, step, also });
    expect(report.steps.filter((one) => one.state === "failed").map((one) => one.name)).toEqual([step]);
    const facts = [report.problem?.facts ?? {}, ...report.steps.map((one) => one.facts)];
    const unlabelled = facts.flatMap(Object.keys).filter((name) => !(name in words.facts));
    expect(unlabelled, "facts without a label in messages/en/steps.json").toEqual([]);
    if (report.tls !== null && version !== null && code !== "auth-tls-not-allowed")
      expect(report.tls.protocol).toBe(version);
  });
});

describe("what each step shows", () => {
  const facts = async (settings: Partial<WireSettings> = {}, addresses = ["127.0.0.1"]) => {
    const { networkAddress: _address, ...byName } = profile(settings, null);
    const report = await testConnection(byName, { lookup: async () => addresses });
    return Object.fromEntries(report.steps.map((one) => [one.name, one.facts]));
  };

  test("a connection", async () => {
    const seen = await facts({}, server.ipv6 ? ["::1", "127.0.0.1"] : ["127.0.0.1"]);
    const [family, address] = server.ipv6 ? ["IPv6", "::1"] : ["IPv4", "127.0.0.1"];
    expect(seen.name).toEqual({ host, addresses: server.ipv6 ? ["::1", "127.0.0.1"] : ["127.0.0.1"] });
    expect(seen.address).toEqual({ port: server.port, address, family });
    expect(seen["tls-request"]).toEqual({ answer: "S" });
    expect(seen.handshake).toMatchObject({
      protocol: "TLSv1.3",
      alpn: "postgresql",
      sni: host,
      // The server has ssl_ca_file, so it asks.
      clientCertificateAsked: true,
      sentClientCertificate: false,
    });
    expect(seen.handshake?.cipher).toMatch(/^TLS_/);
    expect(seen.chain).toMatchObject({
      checked: true,
      certificates: 1,
      trust: "own",
      anchor: "CN=Server Root",
    });
    expect(seen["host-name"]).toEqual({ checked: true, host, names: [host], matches: true });
    expect(seen["sign-in"]).toMatchObject({
      user: "app",
      method: "scram-sha-256-plus",
      channelBindingOffered: true,
      channelBinding: true,
    });
    expect(seen.session).toMatchObject({ database: "postgres", readOnly: false });
  });

  test("the addresses that did not answer, with why", async () => {
    const other = await started(startRogue((line) => line.socket.end()));
    const seen = await facts({ port: other.port }, ["127.0.0.2", "127.0.0.1"]);
    expect(seen.name?.addresses).toEqual(["127.0.0.2", "127.0.0.1"]);
    expect(seen.address).toMatchObject({ address: "127.0.0.1", errors: ["127.0.0.2 ECONNREFUSED"] });
  });

  test("the server's own words in place of the byte, and another protocol's byte", async () => {
    const full = await beforeTls((line) => line.send(refusal("53300", "sorry, too many clients already")));
    expect((await facts(full))["tls-request"]).toEqual({
      answer: "E",
      sqlstate: "53300",
      message: "sorry, too many clients already",
    });
    const web = await beforeTls((line) => line.send("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect((await facts(web))["tls-request"]).toEqual({ answer: "0x48" });
  });

  test("a server without client authorities asks for no certificate", async () => {
    const plain = await started(startPostgres({ certificate: made.leaf, hba: scram }));
    expect((await facts({ port: plain.port })).handshake).toMatchObject({ clientCertificateAsked: false });
  });

  test("the name that is nearest to the one that was asked for", async () => {
    await server.swapCertificate(made.manyNames);
    const seen = await facts({ host: "db2.tls.test" });
    expect(seen["host-name"]).toMatchObject({ matches: false, nearest: "db1.tls.test" });
  });
});

test("C11: a server that is reached by address is known by who issued its certificate", async () => {
  const issuer = await makeCertificate({ ca: true, commonNames: ["Google Cloud SQL Server CA"] });
  await server.swapCertificate(await makeCertificate({ commonNames: ["project:instance"], issuer }));
  const found = await testConnection(profile({ host: "192.0.2.7", tls: { ca: issuer.pem } }, null));
  expect(found.problem).toMatchObject({
    code: "tls-hostname-mismatch",
    facts: { provider: "Google Cloud SQL and AlloyDB" },
  });
  expect(found.problem?.fixes.map(({ id }) => id)).toContain("use-verify-ca");
});

/**
 * What the cloud has a part in, or this host alone (`tests/integration/tokens` has a cloud for them), and what psql
 * says before it has dialled anything (D9): the catalogue explains it, no server of ours ever meets it.
 */
const notOfTheServer = (code: ProblemCode) =>
  code === "psql-unregistered-scheme" ||
  (code.startsWith("auth-token-") && code !== "auth-token-expired" && code !== "auth-token-refused");
const stepsHere: readonly string[] = ["tls-request", "handshake", "chain", "host-name", "sign-in", "session"];

test("no code of these steps is left out", () => {
  const wanted = problemCodes.filter((code) => stepsHere.includes(catalogue[code].step));
  const seen = new Set<ProblemCode>(all.map(({ code }) => code));
  expect(wanted.filter((code) => !seen.has(code) && !notOfTheServer(code))).toEqual([]);
});

test("TLS 1.2 and 1.3 both, wherever the code does not speak of a version", () => {
  for (const row of all.filter(({ over }) => Array.isArray(over))) {
    const versions = all.flatMap((one) => (one.code === row.code ? (one.over ?? []) : []));
    expect(versions, row.code).toEqual(expect.arrayContaining(["TLSv1.2", "TLSv1.3"]));
  }
});

function profile({ tls: more, ...settings }: Partial<WireSettings>, version: TlsVersion | null) {
  const versions = version === null ? {} : { minVersion: version, maxVersion: version };
  return wireProfile({
    port: server.port,
    host,
    address: "127.0.0.1",
    password,
    ...settings,
    tls: { ca: made.root.pem, ...versions, ...more },
  });
}

async function changed(settings: ServerSettings): Promise<Partial<WireSettings>> {
  await server.change(settings);
  return {};
}

async function ruled(hba: readonly string[], settings: Partial<WireSettings> = {}) {
  await server.writeHba(hba);
  return settings;
}

async function showing(
  certificate: Pick<SampleCertificate, "chainPem" | "keyPem">,
  ca = made.root.pem,
): Promise<Partial<WireSettings>> {
  await server.swapCertificate(certificate);
  return { tls: { ca } };
}

function withClient(certificate: SampleCertificate): Partial<WireSettings> {
  return { clientKey: certificate.keyPem, tls: { clientCertificate: certificate.chainPem } };
}

async function started<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const one = await starting;
  toStop.push(one);
  return one;
}

/** A server that goes its own way as soon as it is asked for TLS. */
async function beforeTls(answer: (line: Line) => unknown): Promise<Partial<WireSettings>> {
  const rogue: RogueServer = await started(
    startRogue(async (line) => {
      await line.read(8);
      await answer(line);
    }),
  );
  return { port: rogue.port };
}

/** A server of a right certificate that goes its own way inside TLS. */
async function behind(
  version: TlsVersion,
  answer: (line: Line) => unknown,
  more: tls.TlsOptions = {},
): Promise<Partial<WireSettings>> {
  const rogue = await started(
    startRogue(async (line) => {
      await answer(await line.secure({ ...shown(version), ...more }));
    }),
  );
  return { port: rogue.port };
}

function shown(version: TlsVersion): tls.SecureContextOptions {
  const { chainPem, keyPem } = made.anyHost;
  return { cert: chainPem, key: keyPem, minVersion: version, maxVersion: version };
}

async function refusedBy(
  version: TlsVersion,
  state: string,
  text: string,
  settings: Partial<WireSettings> = {},
  detail = "",
): Promise<Partial<WireSettings>> {
  const refused = await behind(version, async (line) => {
    await line.message(false);
    line.send(refusal(state, text, detail));
    line.socket.end();
  });
  return { ...settings, ...refused };
}

async function plainRefusal(state: string, text: string): Promise<Partial<WireSettings>> {
  const rogue = await started(
    startRogue(async (line) => {
      await line.message(false);
      line.send(refusal(state, text));
    }),
  );
  return { port: rogue.port, tls: { mode: "disable" } };
}

function refusal(state: string, text: string, detail = ""): Buffer {
  const more = detail === "" ? "" : `D${detail}\0`;
  return serverMessage("E", `SFATAL\0VFATAL\0C${state}\0M${text}\0${more}\0`);
}

/** TLS at once, as a web server speaks it. */
async function direct(version: TlsVersion, more: tls.TlsOptions): Promise<Partial<WireSettings>> {
  const rogue = await started(
    startRogue((line) => {
      const options = { isServer: true, ...shown(version), ...more };
      new tls.TLSSocket(line.socket, options).on("error", () => undefined);
    }),
  );
  return { port: rogue.port, tls: { negotiation: "direct" } };
}

/** Decrypts, and encrypts anew on the way to the real server; its certificate is a right one, too. */
async function inTheMiddle(version: TlsVersion): Promise<Partial<WireSettings>> {
  const { port } = server;
  return behind(version, async (line) => {
    const { socket: upstream, length } = await encrypted(port, line);
    const rest = await line.read(length.readInt32BE(0) - 4);
    upstream.write(Buffer.concat([length, rest]));
    line.socket.pipe(upstream).pipe(line.socket);
  });
}

async function encrypted(port: number, line: Line) {
  const length = await line.read(4);
  const raw = net.connect(port, "127.0.0.1");
  raw.write(Buffer.from("0000000804d2162f", "hex"));
  await new Promise((resolve) => raw.once("data", resolve));
  const socket = tls.connect({ socket: raw, rejectUnauthorized: false, ALPNProtocols: ["postgresql"] });
  socket.on("error", () => line.socket.destroy());
  return { socket, length };
}

/** A smart shutdown waits for the session that is still open, and lets nobody else in. */
async function stopping(): Promise<Partial<WireSettings>> {
  const leaving = await startPostgres({ ...asItWas, users: [{ name: "app", password }] });
  const held = await connect(profile({ port: leaving.port }, null));
  toStop.push({
    stop: async () => {
      await held.connection?.close();
      await leaving.stop();
    },
  });
  process.kill(leaving.pid, "SIGTERM");
  await expect.poll(() => leaving.log()).toContain("smart shutdown");
  return { port: leaving.port };
}

function awsToken(made: Date): string {
  const stamp = made.toISOString().replace(/[-:]|\.\d+/g, "");
  return `db.example.test:5432/?Action=connect&DBUser=app&X-Amz-Date=${stamp}&X-Amz-Expires=900&X-Amz-Signature=00`;
}

function webToken(exp: number): string {
  const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part({ exp })}.c2lnbmF0dXJl`;
}

/** A key that no client of this TLS offers to take. */
function onCurve(namedCurve: string): Promise<SampleCertificate> {
  const foreignKey = generateKeyPairSync("ec", { namedCurve });
  return makeCertificate({ commonNames: [host], dns: [host], issuer: made.root, foreignKey });
}

async function makeAll() {
  const rdsHost = "shop.abcdefghijkl.eu-west-1.rds.amazonaws.com";
  const dsqlHost = "abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws";
  const past = { notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - day) };
  const future = { notBefore: new Date(Date.now() + day) };
  const root = await makeCertificate({ ca: true, commonNames: ["Server Root"] });
  const clientRoot = await makeCertificate({ ca: true, commonNames: ["Client Root"] });
  const strangeRoot = await makeCertificate({ ca: true, commonNames: ["Strange Root"] });
  const weakRoot = await makeCertificate({ ca: true, commonNames: ["Weak Root"], key: "rsa-512" });
  const intermediate = await makeCertificate({
    ca: true,
    commonNames: ["Server Intermediate CA"],
    issuer: root,
  });
  const weaklySigned = await makeCertificate({
    ca: true,
    commonNames: ["Old Intermediate CA"],
    issuer: root,
    hash: "SHA-1",
  });
  const showed = (more: Parameters<typeof makeCertificate>[0] = {}) =>
    makeCertificate({ commonNames: [host], dns: [host], issuer: root, ...more });
  const client = (more: Parameters<typeof makeCertificate>[0] = {}) =>
    makeCertificate({ commonNames: ["app"], issuer: clientRoot, ...more });
  const leaf = await showed();
  const revoked = await client();
  const middle = (more: Parameters<typeof makeCertificate>[0]) =>
    makeCertificate({ ca: true, commonNames: ["Middle"], issuer: root, ...more });
  const below = async (more: Parameters<typeof makeCertificate>[0]) => showed({ issuer: await middle(more) });
  const narrow = await middle({ commonNames: ["Narrow"], pathLength: 0 });
  const ed25519Root = await makeCertificate({ ca: true, commonNames: ["Ed25519 Root"], key: "ed25519" });
  return {
    rdsHost,
    dsqlHost,
    root,
    clientRoot,
    weakRoot,
    intermediate,
    weaklySigned,
    leaf,
    anyHost: await showed({ dns: [host, rdsHost, dsqlHost] }),
    selfSigned: await makeCertificate({ commonNames: [host], dns: [host] }),
    selfSignedBefore: await makeCertificate({ commonNames: [host], dns: [host] }),
    selfSignedElsewhere: await makeCertificate({ dns: ["elsewhere.test"], commonNames: ["elsewhere.test"] }),
    underIntermediate: await showed({ issuer: intermediate }),
    underWeakKey: await showed({ issuer: weakRoot }),
    underWeakSignature: await showed({ issuer: weaklySigned }),
    unusable: {
      critical: await showed({ extensions: [unknownExtension] }),
      criticalAbove: await below({ extensions: [unknownExtension] }),
      criticalOfYesterday: await showed({ extensions: [unknownExtension], ...past }),
      permitted: await below({ extensions: [nameConstraints("permitted", "elsewhere.test")] }),
      excluded: await below({ extensions: [nameConstraints("excluded", "tls.test")] }),
      unnested: await showed({ issuer: intermediate, extensions: [ipBlocks] }),
      tooDeep: await showed({ issuer: await middle({ issuer: narrow, commonNames: ["Too deep"] }) }),
      noCa: await below({ ca: false }),
      noCaThatSigns: await below({ ca: false, keyUsage: ["keyCertSign"] }),
      noSigner: await below({ keyUsage: ["digitalSignature"] }),
      forClients: await below({ purposes: ["clientAuth"] }),
    },
    ed25519Root,
    ofEd25519: await showed({ issuer: ed25519Root }),
    expired: await showed(past),
    manyNames: await showed({ dns: ["mail.example.test", "*.other.test", "db1.tls.test"] }),
    early: await showed(future),
    forCode: await showed({ purposes: ["codeSigning"] }),
    hopeless: await showed({ dns: ["x.test"], purposes: ["codeSigning"], ...past }),
    serverCrl: (await makeCrl({ issuer: root, revoked: [leaf] })).pem,
    clientCrl: (await makeCrl({ issuer: clientRoot, revoked: [revoked] })).pem,
    clients: {
      app: await client(),
      stranger: await client({ issuer: strangeRoot }),
      expired: await client(past),
      early: await client(future),
      forServers: await client({ purposes: ["serverAuth"] }),
      revoked,
    },
  };
}
