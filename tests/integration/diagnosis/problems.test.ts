import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ConnectOptions, connect, testConnection } from "#lib/connect/connect.ts";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import { type StepName, stepNames } from "#lib/problems/step-names.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { makeCertificate, makeCrl, rewriteKey, type SampleCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, type ServerSettings, startPostgres } from "#lib/samples/postgres-server.ts";
import { Secret } from "#lib/secret.ts";
import type { FormChange, TlsVersion } from "#lib/settings/form-values.ts";
import type { AttemptEvent, AttemptReport } from "#lib/wire/report.ts";
import { type WireSettings, wireProfile } from "#tests/support/wire-profile.ts";

const host = "db.tls.test";
const day = 86_400_000;
const password = "right";

let server: SampleServer;
let certificates: Awaited<ReturnType<typeof makeAll>>;
let asItWas: ServerSettings;

beforeAll(async () => {
  certificates = await makeAll();
  asItWas = {
    certificate: certificates.server,
    ca: certificates.clientRoot.pem,
    hba: everybody,
    settings: {},
  };
  server = await startPostgres({
    ...asItWas,
    users: [{ name: "app", password }, { name: "other", password }, { name: "nopassword" }],
    databases: ["closed", "locked"],
  });
  await server.admin("alter database closed allow_connections false");
  await server.admin("revoke connect on database locked from public");
});
afterAll(() => server?.stop());
beforeEach(() => server.change(asItWas));

describe.each<TlsVersion>(["TLSv1.2", "TLSv1.3"])("over %s", (version) => {
  const versions = { minVersion: version, maxVersion: version };

  test("a connection says how it is", async () => {
    const report = await attempt({ tls: versions });
    expect(report.problem).toBeNull();
    expect(report.tls).toMatchObject({
      verified: "full",
      protocol: version,
      sni: host,
      alpn: "postgresql",
      channelBinding: true,
      negotiation: "postgres",
      anchor: { source: "own", certificate: { subject: "CN=Server Root" } },
      clientCertificate: null,
      unverifiedReason: null,
    });
    expect(report.tls?.chain.map((one) => one.subject)).toEqual(["CN=db.tls.test"]);
    expect(report.server).toMatchObject({ user: "app", database: "postgres", superuser: false });
    expect(report.server?.version).toMatch(/^18/);
    expect(report.server?.sees).toMatchObject({ ssl: true, version, clientDn: null });
    expect(Date.parse(report.server?.startedAt ?? "")).toBeLessThan(Date.now() + 1000);
    expect(report.steps.map((step) => step.state)).toEqual(Array(8).fill("passed"));
  });

  test("a client certificate is sent and seen", async () => {
    await server.writeHba(["hostssl all all all cert"]);
    const report = await attempt(withClient(certificates.client, versions));
    expect(report.problem).toBeNull();
    expect(report.tls?.clientCertificate?.subject).toBe("CN=app");
    expect(report.server?.sees?.clientDn).toBe("/CN=app");
  });

  test.each<[string, keyof Awaited<ReturnType<typeof makeAll>>["clients"], ProblemCode]>([
    ["from an unknown authority", "stranger", "client-certificate-unknown-ca"],
    ["expired", "expired", "client-certificate-expired"],
    ["for servers only", "wrongPurpose", "client-certificate-wrong-purpose"],
    ["revoked", "revoked", "client-certificate-revoked"],
  ])("a client certificate %s", async (_what, key, code) => {
    await server.change({ crl: certificates.clientCrl });
    const report = await attempt(withClient(certificates.clients[key], versions));
    expectProblem(report, code, "handshake");
    expect(fixIds(report)).toContain("remove-client-certificate");
  });

  test("a client certificate of another user", async () => {
    await server.writeHba(["hostssl all all all cert"]);
    const report = await attempt({ ...withClient(certificates.client, versions), user: "other" });
    expectProblem(report, "auth-client-certificate-other-user", "sign-in");
  });

  test("a client certificate that is missing", async () => {
    await server.writeHba(["hostssl all all all cert"]);
    expectProblem(await attempt({ tls: versions }), "auth-client-certificate-missing", "sign-in");
  });

  test("the right password with another user's certificate", async () => {
    await server.writeHba(["hostssl all all all scram-sha-256 clientcert=verify-full"]);
    const report = await attempt({ ...withClient(certificates.client, versions), user: "other" });
    expectProblem(report, "auth-client-certificate-other-user", "sign-in");
  });

  test("everything wrong with one certificate", async () => {
    await server.swapCertificate(certificates.hopeless);
    const report = await attempt({ tls: { ...versions, ca: certificates.clientRoot.pem } });
    expectProblem(report, "tls-expired", "chain");
    expect(report.problem?.also).toEqual(["tls-wrong-purpose", "tls-unknown-ca", "tls-hostname-mismatch"]);
    expect(report.tls?.chain).toHaveLength(1);
    expect(report.tls?.verified).toBe("none");
  });

  test("a revoked server certificate", async () => {
    const report = await attempt({ tls: { ...versions, crl: certificates.serverCrl } });
    expectProblem(report, "tls-revoked", "chain");
    expect(fixIds(report)).toEqual(["replace-server-certificate"]);
  });

  test("a revocation list of another authority", async () => {
    const report = await attempt({ tls: { ...versions, crl: certificates.clientCrl } });
    expectProblem(report, "tls-crl-missing", "chain");
    await expectFixed(report, "drop-crls");
  });
});

describe("versions, negotiation, names", () => {
  test("no version in common", async () => {
    await server.change({ settings: { ssl_max_protocol_version: "TLSv1.2" } });
    const report = await attempt({ tls: { minVersion: "TLSv1.3" } });
    expectProblem(report, "tls-version-refused", "handshake");
    await expectFixed(report, "lower-min-tls");
  });

  test("the server wants a newer version", async () => {
    await server.change({ settings: { ssl_min_protocol_version: "TLSv1.3" } });
    const report = await attempt({ tls: { maxVersion: "TLSv1.2" } });
    expectProblem(report, "tls-version-refused", "handshake");
    await expectFixed(report, "raise-max-tls");
  });

  test("no cipher in common", async () => {
    const settings = { ssl_max_protocol_version: "TLSv1.2", ssl_ciphers: "ECDHE-RSA-AES128-GCM-SHA256" };
    await server.change({ settings });
    expectProblem(await attempt(), "tls-cipher-refused", "handshake");
  });

  test("direct negotiation", async () => {
    const report = await attempt({ tls: { negotiation: "direct" } });
    expect(report.problem).toBeNull();
    expect(report.tls?.negotiation).toBe("direct");
    expect(report.steps.find((step) => step.name === "tls-request")?.state).toBe("skipped");
  });

  test("direct negotiation with a server without TLS", async () => {
    const plain = await startPostgres();
    try {
      const report = await attempt({ port: plain.port, tls: { negotiation: "direct" } });
      expectProblem(report, "tls-direct-refused", "handshake");
      expect(fixIds(report)).toEqual(["use-postgres-negotiation"]);
      expectProblem(await attempt({ port: plain.port }), "tls-not-offered", "tls-request");
    } finally {
      await plain.stop();
    }
  });

  test("no SNI is sent when it is off, nor for an address", async () => {
    expect((await attempt({ tls: { sni: false } })).tls?.sni).toBeNull();
    await server.swapCertificate(certificates.byAddress);
    const report = await attempt({ host: "127.0.0.1" });
    expect(report.problem).toBeNull();
    expect(report.tls?.sni).toBeNull();
  });

  test("another name, fixed by one of the certificate's names at the same address", async () => {
    const report = await attempt({ host: "wrong.tls.test" });
    expectProblem(report, "tls-hostname-mismatch", "host-name");
    expect(report.problem?.facts).toMatchObject({ host: "wrong.tls.test", names: [host] });
    await expectFixed(report, "verify-name-dial-address", { host: "wrong.tls.test" });
  });

  test.each([
    ["leads to this server", ["127.0.0.1"], "use-certificate-name"],
    ["leads elsewhere", ["192.0.2.1"], "verify-name-dial-address"],
    ["does not exist here", null, "verify-name-dial-address"],
  ])("the certificate's name is put first only where it can work: it %s", async (_what, answer, first) => {
    const lookup = async () => {
      if (answer === null) throw Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
      return answer;
    };
    const report = await attempt({ host: "wrong.tls.test" }, { lookup });
    expectProblem(report, "tls-hostname-mismatch", "host-name");
    expect(fixIds(report)[0]).toBe(first);
    const change = report.problem?.fixes[0]?.change ?? {};
    const fixed = await testConnection(applied(profile({ host: "wrong.tls.test" }), change), { lookup });
    expect(fixed.problem).toBeNull();
  });

  test("a name server that says nothing does not hold the advice up", async () => {
    const report = await attempt({ host: "wrong.tls.test" }, { lookup: () => new Promise(() => {}) });
    expect(fixIds(report)[0]).toBe("verify-name-dial-address");
    expect(report.ms).toBeLessThan(3_000);
  });

  test("over IPv6", async (context) => {
    if (!server.ipv6) context.skip();
    await server.swapCertificate(certificates.byAddress);
    const report = await attempt({ host: "::1" });
    expect(report.problem).toBeNull();
    expect(report.steps[1]?.facts).toMatchObject({ address: "::1", family: "IPv6" });
  });
});

describe("trust", () => {
  test("a self-signed certificate, pinned with one click, and what a changed one says", async () => {
    await server.swapCertificate(certificates.selfSigned);
    const report = await attempt();
    expectProblem(report, "tls-self-signed", "chain");
    const pinned = await expectFixed(report, "pin-certificate");
    expect(pinned.tls?.verified).toBe("pinned");
    await server.swapCertificate(certificates.selfSignedAnew);
    const changed = await attempt({ tls: { ca: certificates.selfSigned.pem } });
    expectProblem(changed, "tls-pin-changed", "chain");
    expect(changed.problem?.facts.expected).toBe(certificates.selfSigned.x509.fingerprint256);
    await expectFixed(changed, "replace-pin");
  });

  test("an unknown authority whose root was sent", async () => {
    const { server: leaf, serverRoot } = certificates;
    await server.swapCertificate({ ...leaf, chainPem: leaf.pem + serverRoot.pem });
    const report = await attempt({ tls: { ca: certificates.clientRoot.pem } });
    expectProblem(report, "tls-unknown-ca", "chain");
    await expectFixed(report, "trust-presented-ca");
  });

  test("the system's store knows it, Mozilla's does not", async () => {
    const trustStore = { certFile: "" };
    const report = await testConnection(profile({ tls: { trust: "mozilla" } }), { trustStore });
    expectProblem(report, "tls-unknown-ca", "chain");
    expect(fixIds(report)).not.toContain("trust-system");
  });

  test("allow self-signed: nothing is verified, and the report says why it would not have been", async () => {
    await server.swapCertificate(certificates.selfSigned);
    const report = await attempt({ tls: { allowSelfSigned: true } });
    expect(report.problem).toBeNull();
    expect(report.tls).toMatchObject({ verified: "none", unverifiedReason: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  });

  test("require: the reason why it is not verified", async () => {
    const report = await attempt({ tls: { mode: "require", trust: "mozilla" } });
    expect(report.tls).toMatchObject({
      verified: "none",
      unverifiedReason: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    });
  });

  test("verify-ca leaves the name open, and says so", async () => {
    const report = await attempt({ host: "wrong.tls.test", tls: { mode: "verify-ca" } });
    expect(report.tls).toMatchObject({ verified: "ca", unverifiedReason: "ERR_TLS_CERT_ALTNAME_INVALID" });
  });
});

describe("what is told on the way", () => {
  const told = async (settings: Partial<WireSettings> = {}) => {
    const events: AttemptEvent[] = [];
    const report = await attempt(settings, { onEvent: (event) => events.push(event) });
    const words = events.map((event) => {
      if (event.type === "done") return "done";
      return event.type === "step" ? `${event.step.name} ${event.step.state}` : `${event.name}?`;
    });
    expect(events.at(-1)).toEqual({ type: "done", report });
    return words;
  };

  test("each step as it begins and ends, then the whole", async () => {
    const taken = stepNames.flatMap((name) => [`${name}?`, `${name} passed`]);
    expect(await told()).toEqual([...taken, "done"]);
  });

  test("a handshake that was refused late is told again", async () => {
    const words = await told(withClient(certificates.clients.stranger, { minVersion: "TLSv1.3" }));
    expect(words).toContain("handshake passed");
    expect(words.slice(-3)).toEqual(["sign-in skipped", "handshake failed", "done"]);
  });

  test("a listener that throws ends the attempt", async () => {
    const report = await attempt(
      {},
      {
        onEvent: () => {
          throw new Error("the browser has left");
        },
      },
    );
    expect(report.problem?.code).toBe("cancelled");
  });
});

describe("the environment of this process", () => {
  test("does not weaken verification", async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    try {
      const report = await attempt({ tls: { ca: certificates.clientRoot.pem } });
      expect(report.problem?.code).toBe("tls-unknown-ca");
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
  });
});

describe("given, and known wrong before anything is dialled", () => {
  test.each<[string, WireSettings["tls"], Partial<WireSettings>, ProblemCode]>([
    ["no CA", { ca: "" }, {}, "trust-no-ca"],
    [
      "a CA that is none",
      { ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" },
      {},
      "trust-no-ca",
    ],
    ["no provider", { trust: "provider" }, {}, "trust-no-ca"],
    ["an empty range", { minVersion: "TLSv1.3", maxVersion: "TLSv1.2" }, {}, "tls-range-empty"],
    [
      "a broken list",
      { crl: "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n" },
      {},
      "crl-unreadable",
    ],
    ["direct with prefer", { mode: "prefer", negotiation: "direct" }, {}, "trust-weak-mode"],
    ["no user", {}, { user: "" }, "setting-invalid"],
  ])("%s", async (_what, tls, more, code) => {
    const report = await attempt({ ...more, ...(tls === undefined ? {} : { tls }) });
    expect(report.problem).toMatchObject({ code, step: "input" });
    expect(report.steps.map((step) => step.state)).toEqual(Array(8).fill("skipped"));
  });

  test("a certificate without its key", async () => {
    const report = await attempt({ tls: { clientCertificate: certificates.client.pem } });
    expect(report.problem?.code).toBe("certificate-without-key");
  });

  test("a key of another certificate, an encrypted one without and with a wrong passphrase", async () => {
    const { client, clients } = certificates;
    const tls = { clientCertificate: client.pem };
    expect((await attempt({ tls, clientKey: clients.stranger.keyPem })).problem?.code).toBe(
      "key-not-for-certificate",
    );
    const locked = rewriteKey(client.keyPem, "pkcs8", "open");
    expect((await attempt({ tls, clientKey: locked })).problem?.code).toBe("key-passphrase-missing");
    const wrong = await attempt({ tls, clientKey: locked, keyPassphrase: "shut" });
    expect(wrong.problem?.code).toBe("key-passphrase-wrong");
    expect((await attempt({ tls, clientKey: locked, keyPassphrase: "open" })).problem).toBeNull();
  });
});

describe("sign-in and session", () => {
  const plain = { mode: "disable" } as const;

  test("TLS is required", async () => {
    await server.writeHba(["hostssl all all all scram-sha-256"]);
    const report = await attempt({ tls: plain });
    expectProblem(report, "auth-tls-required", "sign-in");
    await expectFixed(report, "turn-ssl-on", { tls: plain });
  });

  test.each<[string, readonly string[], WireSettings, ProblemCode, StepName]>([
    ["no rule", ["hostssl all other all trust"], at(), "auth-rule-missing", "sign-in"],
    ["a rule rejects", ["host all all all reject"], at(), "auth-rule-reject", "sign-in"],
    ["a wrong password", everybodyWithScram(), at({ password: "wrong" }), "auth-password-wrong", "sign-in"],
    [
      "no such role, hidden by SCRAM",
      everybodyWithScram(),
      at({ user: "nobody" }),
      "auth-password-wrong",
      "sign-in",
    ],
    ["no such role", ["host all all all trust"], at({ user: "nobody" }), "auth-role-unknown", "sign-in"],
    [
      "a role with no password",
      everybodyWithScram(),
      at({ user: "nopassword" }),
      "auth-password-wrong",
      "sign-in",
    ],
    ["no such database", everybodyWithScram(), at({ database: "nix" }), "database-unknown", "session"],
    [
      "a closed database",
      everybodyWithScram(),
      at({ database: "closed" }),
      "database-not-accepting",
      "session",
    ],
    [
      "a locked database",
      everybodyWithScram(),
      at({ database: "locked" }),
      "database-not-accepting",
      "session",
    ],
    [
      "an unknown option",
      everybodyWithScram(),
      at({ more: { options: "-c nix=1" } }),
      "startup-parameter-refused",
      "session",
    ],
  ])("%s", async (_what, hba, settings, code, step) => {
    await server.writeHba(hba);
    expectProblem(await attempt(settings), code, step);
  });

  test("no password is given", async () => {
    const report = await testConnection(wireProfile({ ...basics(), tls: tls() }));
    expectProblem(report, "auth-password-missing", "sign-in");
    expect(server.log()).not.toMatch(/empty password/);
  });

  test("an option that the server refuses goes with one click", async () => {
    const report = await attempt({ more: { options: "-c nix=1" } });
    await expectFixed(report, "drop-options");
  });

  test("no slot is left", async () => {
    const holders = await Promise.all(Array.from({ length: 2 }, () => connect(profile({ tls: plain }))));
    await server.admin("alter role app connection limit 2");
    try {
      expectProblem(await attempt({ tls: plain }), "server-too-many-connections", "session");
    } finally {
      await server.admin("alter role app connection limit -1");
      await Promise.all(holders.map((one) => one.connection?.close()));
    }
  });

  describe("weak passwords", () => {
    beforeEach(() => server.writeHba(["host all all all password"]));

    test("a clear-text password is not sent to a server that is not proved", async () => {
      const report = await attempt({ tls: { mode: "require", trust: "system", allowSelfSigned: true } });
      expectProblem(report, "auth-method-refused", "sign-in");
      expect(report.problem?.facts.method).toBe("password");
      await expectFixed(report, "use-verify-full", {
        tls: { mode: "require", allowSelfSigned: true },
      });
    });

    test("nor in plain text, unless the person allows it", async () => {
      const report = await attempt({ tls: plain });
      expectProblem(report, "auth-method-refused", "sign-in");
      await expectFixed(report, "allow-weak-password", { tls: plain });
    });

    test("it is sent to a proved one", async () => {
      expect((await attempt()).problem).toBeNull();
    });
  });

  describe("channel binding", () => {
    test("required, and used", async () => {
      const report = await attempt({ tls: { channelBinding: "require" } });
      expect(report.tls?.channelBinding).toBe(true);
    });

    test("disabled, and not used", async () => {
      const report = await attempt({ tls: { channelBinding: "disable" } });
      expect(report.problem).toBeNull();
      expect(report.tls?.channelBinding).toBe(false);
    });

    test.each<[string, readonly string[], WireSettings["tls"]]>([
      ["trust", ["host all all all trust"], {}],
      ["a clear-text password", ["host all all all password"], {}],
      ["plain text", everybodyWithScram(), plain],
    ])("required, and not to be had: %s", async (_what, hba, more) => {
      await server.writeHba(hba);
      const report = await attempt({ tls: { channelBinding: "require", ...more } });
      expectProblem(report, "auth-channel-binding-unavailable", "sign-in");
      if (more === plain) await expectFixed(report, "channel-binding-prefer", { tls: plain });
    });

    test.each([
      ["EC P-384", "p384"],
      ["RSA", "rsa"],
      ["Ed25519", "ed25519"],
    ] as const)("with a certificate of %s", async (_what, key) => {
      await server.swapCertificate(certificates.kinds[key]);
      const report = await attempt({ tls: { channelBinding: "require" } });
      expect(report.tls?.channelBinding).toBe(true);
    });
  });

  describe("prefer and allow", () => {
    test("prefer goes on in plain text when the server has no TLS, and says so", async () => {
      const bare = await startPostgres({ users: [{ name: "app", password }] });
      try {
        const report = await attempt({ port: bare.port, tls: { mode: "prefer" } });
        expect(report).toMatchObject({ ok: true, tls: null, fallback: "to-plaintext" });
      } finally {
        await bare.stop();
      }
    });

    test("prefer turns to plain text when TLS is refused at sign-in", async () => {
      await server.writeHba(["hostnossl all all all scram-sha-256"]);
      const report = await attempt({ tls: { mode: "prefer" } });
      expect(report).toMatchObject({ ok: true, tls: null, fallback: "to-plaintext" });
    });

    test("prefer never turns to plain text after a failed certificate check", async () => {
      await server.writeHba(["host all all all trust"]);
      const report = await attempt({ tls: { mode: "prefer", ca: certificates.clientRoot.pem } });
      expectProblem(report, "tls-unknown-ca", "chain");
    });

    test("a wrong password over prefer is told as such", async () => {
      await server.writeHba(["hostssl all all all scram-sha-256"]);
      const report = await attempt({ password: "wrong", tls: { mode: "prefer" } });
      expectProblem(report, "auth-password-wrong", "sign-in");
    });

    test("allow turns to TLS when plain text is refused", async () => {
      await server.writeHba(["hostssl all all all scram-sha-256"]);
      const report = await attempt({ tls: { mode: "allow" } });
      expect(report).toMatchObject({ ok: true, fallback: "to-tls" });
      expect(report.tls?.verified).toBe("ca");
    });
  });
});

function at(more: Partial<WireSettings> = {}): WireSettings {
  return { port: 0, ...more };
}

const everybody = everybodyWithScram();
function everybodyWithScram(): readonly string[] {
  return ["host all all all scram-sha-256"];
}

function basics() {
  return { port: server.port, host, address: "127.0.0.1" };
}

function tls(more: WireSettings["tls"] = {}) {
  return { ca: certificates.serverRoot.pem, ...more };
}

/** A right connection, but for what the test is about. */
function profile(settings: Partial<WireSettings> = {}): ProfileDraft {
  const { port, host: name, ...rest } = settings;
  const to = name === undefined ? {} : { host: name };
  const isAddress = name !== undefined && /^[0-9.]+$|:/.test(name);
  const base = { ...basics(), ...to, ...(port ? { port } : {}) };
  const { address, ...withoutAddress } = base;
  return wireProfile({
    ...withoutAddress,
    ...(isAddress ? {} : { address }),
    password,
    ...rest,
    tls: tls(settings.tls),
  });
}

function attempt(settings: Partial<WireSettings> = {}, options?: ConnectOptions): Promise<AttemptReport> {
  return testConnection(profile(settings), options);
}

function withClient(certificate: SampleCertificate, more: WireSettings["tls"] = {}) {
  return { clientKey: certificate.keyPem, tls: { clientCertificate: certificate.chainPem, ...more } };
}

function expectProblem(report: AttemptReport, code: ProblemCode, step: StepName): void {
  expect(report.problem, JSON.stringify(report.problem)).toMatchObject({ code, step });
  expect(report.steps.filter((one) => one.state === "failed").map((one) => one.name)).toEqual([step]);
}

function fixIds(report: AttemptReport): string[] {
  return report.problem?.fixes.map((fix) => fix.id) ?? [];
}

/** Does what the form does with a fix, and expects a connection. */
async function expectFixed(
  report: AttemptReport,
  id: string,
  settings: Partial<WireSettings> = {},
): Promise<AttemptReport> {
  const change = report.problem?.fixes.find((fix) => fix.id === id)?.change;
  expect(change, `${id} among ${fixIds(report)}`).toBeDefined();
  const before = profile(settings);
  const fixed = await testConnection(applied(before, change ?? {}));
  expect(fixed.problem).toBeNull();
  return fixed;
}

function applied(before: ProfileDraft, change: FormChange): ProfileDraft {
  const { host, networkAddress, options, allowWeakPassword, ssl, clientKey, ...rest } = change;
  const { secrets, ...others } = before;
  return {
    ...others,
    ...(host === undefined ? {} : { host }),
    ...(networkAddress === undefined ? {} : { networkAddress }),
    ...(options === undefined ? {} : { options }),
    ...(allowWeakPassword === undefined ? {} : { allowWeakPassword }),
    tls: {
      ...before.tls,
      ...(rest as Partial<ProfileDraft["tls"]>),
      ...(ssl === false ? { mode: "disable" } : {}),
    },
    secrets: { ...secrets, ...(clientKey ? { clientKey: new Secret(clientKey) } : {}) },
  };
}

async function makeAll() {
  const serverRoot = await makeCertificate({ ca: true, commonNames: ["Server Root"] });
  const clientRoot = await makeCertificate({ ca: true, commonNames: ["Client Root"] });
  const strange = await makeCertificate({ ca: true, commonNames: ["Strange Root"] });
  const leaf = await makeCertificate({ commonNames: [host], dns: [host], issuer: serverRoot });
  const past = { notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - day) };
  const client = (more: Parameters<typeof makeCertificate>[0] = {}) =>
    makeCertificate({ commonNames: ["app"], issuer: clientRoot, ...more });
  const revoked = await client();
  return {
    serverRoot,
    clientRoot,
    server: leaf,
    byAddress: await makeCertificate({ ip: ["127.0.0.1", "::1"], issuer: serverRoot }),
    selfSigned: await makeCertificate({ commonNames: [host], dns: [host] }),
    selfSignedAnew: await makeCertificate({ commonNames: [host], dns: [host] }),
    hopeless: await makeCertificate({
      dns: ["x.test"],
      issuer: serverRoot,
      purposes: ["codeSigning"],
      ...past,
    }),
    kinds: {
      p384: await makeCertificate({ dns: [host], issuer: serverRoot, key: "ec-p384" }),
      rsa: await makeCertificate({ dns: [host], issuer: serverRoot, key: "rsa-2048" }),
      ed25519: await makeCertificate({ dns: [host], issuer: serverRoot, key: "ed25519" }),
    },
    serverCrl: (await makeCrl({ issuer: serverRoot, revoked: [leaf] })).pem,
    clientCrl: (await makeCrl({ issuer: clientRoot, revoked: [revoked] })).pem,
    client: await client(),
    clients: {
      stranger: await client({ issuer: strange }),
      expired: await client(past),
      wrongPurpose: await client({ purposes: ["serverAuth"] }),
      revoked,
    },
  };
}
