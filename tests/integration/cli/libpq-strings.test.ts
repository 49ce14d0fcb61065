import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { tryTarget } from "#lib/cli/check.ts";
import { readTarget } from "#lib/cli/target.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed } from "#lib/problems/result.ts";
import { makeCertificate, makeCrl, type SampleCertificate } from "#lib/samples/certificates.ts";
import { freePort } from "#lib/samples/free-port.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { writeKeywords } from "#lib/strings/libpq/write-keywords.ts";

/** What only the command line carries out: services, several hosts, what a session must be, files. */
const home = mkdtempSync(path.join(tmpdir(), "cloak-db-strings-"));
const host = "db.tls.test";
let server: SampleServer;
let readOnly: SampleServer;
let root: SampleCertificate;
let good: SampleCertificate;
let client: SampleCertificate;
let shut: number;

beforeAll(async () => {
  vi.stubEnv("HOME", home);
  for (const name of ["PGHOST", "PGSERVICE", "PGSERVICEFILE", "PGSSLMODE"]) vi.stubEnv(name, undefined);
  root = await makeCertificate({ ca: true, commonNames: ["Sample Root"] });
  good = await makeCertificate({ dns: [host], issuer: root });
  client = await makeCertificate({ commonNames: ["app"], issuer: root });
  const settings = { certificate: good, users: [{ name: "app", password: "right" }] };
  server = await startPostgres({ ...settings, hba: ["host all all all scram-sha-256"] });
  readOnly = await startPostgres(settings);
  await readOnly.change({ settings: { default_transaction_read_only: true } });
  shut = await freePort(["127.0.0.1"]);
  file("root.crt", root.pem);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([server?.stop(), readOnly?.stop()]);
  rmSync(home, { recursive: true, force: true });
});

describe("several hosts", () => {
  test("the next one is tried where nothing answers, and each has its own port", async () => {
    const { outcome, label } = await check({ host: `${host},${host}`, port: `${shut},${server.port}` });
    expect(outcome).toBe("tls");
    expect(label).toBe(`postgres://app@${host}:${shut},${host}:${server.port}/postgres`);
  });

  test("where the certificate is wrong, no other is tried", async () => {
    const { outcome } = await check({ host: `other.test,${host}` });
    expect(outcome).toBe("tls-hostname-mismatch");
  });

  test("read-write passes over a read-only server", async () => {
    const both = { host: `${host},${host}`, port: `${readOnly.port},${server.port}` };
    const wanted = await check({ ...both, target_session_attrs: "read-write" });
    expect(wanted.report.server?.readOnly).toBe(false);
    expect((await check(both)).report.server?.readOnly).toBe(true);
  });

  test.each([
    ["read-write", "session-read-only"],
    ["read-only", "tls"],
    ["standby", "session-not-read-only"],
    ["primary", "tls"],
    ["prefer-standby", "tls"],
  ])("%s of a read-only server: %s", async (target_session_attrs, expected) => {
    const { outcome } = await check({ port: String(readOnly.port), target_session_attrs });
    expect(outcome).toBe(expected);
  });

  test("any order finds the one that answers", async () => {
    const hosts = { host: `${host},${host},${host}`, port: `${shut},${server.port},${shut}` };
    const one = await check({ ...hosts, load_balance_hosts: "random" });
    expect(one.outcome).toBe("tls");
  });
});

describe("how to sign in", () => {
  test.each([
    ["scram-sha-256", "tls"],
    ["!password,!md5", "tls"],
    ["password,md5", "auth-method-refused"],
    ["none", "auth-method-refused"],
    ["!scram-sha-256", "auth-method-refused"],
  ])("require_auth=%s where SCRAM is asked for: %s", async (require_auth, expected) => {
    expect((await check({ require_auth })).outcome).toBe(expected);
  });

  test("a server that asks for nothing does not pass as one that asked", async () => {
    await server.writeHba(["host all all all trust"]);
    const refused = await check({ require_auth: "scram-sha-256" });
    expect(refused.report.problem).toMatchObject({ code: "auth-method-refused", step: "sign-in" });
    expect((await check({ require_auth: "none" })).outcome).toBe("tls");
    await server.writeHba(["host all all all scram-sha-256"]);
  });
});

describe("client certificates", () => {
  test("sslcertmode=require is met when the server looked at one, and not otherwise", async () => {
    const own = { sslcert: file("client.crt", client.pem), sslkey: file("client.key", client.keyPem) };
    expect((await check({ ...own, sslcertmode: "require" })).outcome).toBe("auth-client-certificate-unused");
    await server.change({ ca: root.pem });
    expect((await check({ ...own, sslcertmode: "require" })).outcome).toBe("tls");
    expect((await check({ sslcertmode: "require" })).outcome).toBe("auth-client-certificate-unused");
    const kept = await check({ ...own, sslcertmode: "disable" });
    expect(kept.report.server?.sees?.clientDn).toBeNull();
  });

  test("a key in DER is a key", async () => {
    const { createPrivateKey } = await import("node:crypto");
    const der = createPrivateKey(client.keyPem).export({ type: "pkcs8", format: "der" });
    const own = { sslcert: file("client.crt", client.pem), sslkey: file("client.der", der) };
    expect((await check({ ...own, sslcertmode: "require" })).outcome).toBe("tls");
  });

  test("a key that others may read is refused, and not looked at where no certificate is sent", async () => {
    const own = { sslcert: file("client.crt", client.pem), sslkey: file("open.key", client.keyPem, 0o644) };
    const { report } = await check(own);
    expect(report.problem).toMatchObject({ code: "key-unreadable", facts: { reason: "file-permissions" } });
    expect((await check({ ...own, sslcertmode: "disable" })).outcome).toBe("tls");
  });
});

describe("revocation lists", () => {
  test("every list of a file counts, and those of a folder", async () => {
    const mid = await makeCertificate({ ca: true, issuer: root, commonNames: ["Middle"] });
    const withdrawn = await makeCertificate({ dns: [host], issuer: mid });
    await server.swapCertificate(withdrawn);
    const ofRoot = (await makeCrl({ issuer: root })).pem;
    const clean = (await makeCrl({ issuer: mid })).pem;
    const revoking = (await makeCrl({ issuer: mid, revoked: [withdrawn] })).pem;
    expect((await check({ sslcrl: file("clean.crl", ofRoot + clean) })).outcome).toBe("tls");
    expect((await check({ sslcrl: file("revoking.crl", ofRoot + revoking) })).outcome).toBe("tls-revoked");
    expect((await check({ sslcrl: file("short.crl", ofRoot) })).outcome).toBe("tls-crl-missing");
    const sslcrldir = path.join(home, "lists");
    mkdirSync(sslcrldir);
    expect((await check({ sslcrldir })).outcome).toBe("crl-unreadable");
    file("lists/0123abcd.r0", ofRoot);
    file("lists/4567cdef.r0", revoking);
    expect((await check({ sslcrldir })).outcome).toBe("tls-revoked");
    await server.swapCertificate(good);
  });
});

describe("services", () => {
  test("what the string says counts more than its service, and that more than a variable", async () => {
    const place = `host=${host}\nhostaddr=127.0.0.1\nport=${server.port}\nuser=app\npassword=right\ndbname=postgres`;
    file(
      ".pg_service.conf",
      `# ours\n[shop]\n${place}\nsslmode=require\n[broken]\nno word\n[in]\nservice=shop\n`,
    );
    vi.stubEnv("PGSSLMODE", "disable");
    expect((await plain("service=shop")).outcome).toBe("tls");
    expect((await plain("service=shop sslmode=disable")).outcome).toBe("plaintext");
    vi.stubEnv("PGSSLMODE", undefined);
    vi.stubEnv("PGSERVICE", "shop");
    expect((await plain("application_name=x")).outcome).toBe("tls");
    vi.stubEnv("PGSERVICE", undefined);
    for (const [name, reason] of [
      ["nowhere", "service-unknown"],
      ["broken", "service-syntax"],
      ["in", "service-nested"],
    ]) {
      const { report } = await plain(`service=${name}`);
      expect(report.problem).toMatchObject({ code: "setting-invalid", facts: { reason } });
    }
    vi.stubEnv("PGSERVICEFILE", path.join(home, "none.conf"));
    expect((await plain("service=shop")).report.problem).toMatchObject({ facts: { reason: "file-missing" } });
    vi.stubEnv("PGSERVICEFILE", undefined);
  });
});

describe("what this machine trusts", () => {
  test("sslrootcert=system takes the store of SSL_CERT_FILE", async () => {
    const { readEnvironment } = await import("#lib/env.ts");
    const trusting = readEnvironment({ HOME: home, SSL_CERT_FILE: path.join(home, "root.crt") } as never);
    if (!trusting.ok) throw new Error("the environment is fine");
    const target = await readTarget(`${usual({})} sslrootcert=system`, 1, nothingSaved);
    const { report } = await tryTarget(target, trusting.value.trustStore);
    expect(report.tls?.verified).toBe("full");
  });
});

describe("addresses without a name", () => {
  test("verify-full needs a name; a password file takes the address", async () => {
    const passfile = file("pass", "127.0.0.1:*:*:app:right\n");
    const address = `hostaddr=127.0.0.1 port=${server.port} user=app dbname=postgres passfile=${passfile}`;
    expect((await plain(`${address} sslmode=require`)).outcome).toBe("tls");
    const named = await plain(`${address} sslmode=verify-full sslrootcert=${path.join(home, "root.crt")}`);
    expect(named.report.problem).toMatchObject({ code: "setting-invalid", facts: { parameter: "host" } });
  });
});

const nothingSaved = { find: async (name: string) => failed(problem("not-found", { name })) };

function usual(parameters: Readonly<Record<string, string>>): string {
  const count = parameters.host?.split(",").length ?? 1;
  return writeKeywords(
    new Map(
      Object.entries({
        host,
        hostaddr: Array.from({ length: count }, () => "127.0.0.1").join(","),
        port: String(server.port),
        user: "app",
        password: "right",
        dbname: "postgres",
        ...parameters,
      }),
    ),
  );
}

function check(parameters: Readonly<Record<string, string>>) {
  const verified = { sslmode: "verify-full", sslrootcert: path.join(home, "root.crt") };
  return plain(usual({ ...verified, ...parameters }));
}

async function plain(text: string) {
  const { label, report } = await tryTarget(await readTarget(text, 1, nothingSaved));
  const outcome = report.problem?.code ?? (report.tls === null ? "plaintext" : "tls");
  return { label, report, outcome };
}

function file(name: string, text: string | Buffer, mode = 0o600): string {
  const whole = path.join(home, name);
  writeFileSync(whole, text);
  chmodSync(whole, mode);
  return whole;
}
