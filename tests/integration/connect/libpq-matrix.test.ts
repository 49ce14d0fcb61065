import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testConnection } from "#lib/connect/connect.ts";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import {
  type CertificateOptions,
  makeCertificate,
  type SampleCertificate,
} from "#lib/samples/certificates.ts";
import { type SampleServer, type ServerCertificate, startPostgres } from "#lib/samples/postgres-server.ts";
import type { SslMode } from "#lib/settings/form-values.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { nameConstraints, unknownExtension } from "#tests/support/certificate-extensions.ts";
import { findPsql, type PsqlVerdict } from "#tests/support/psql.ts";
import { wireProfile } from "#tests/support/wire-profile.ts";

/**
 * What libpq does for every mode, server certificate and trusted root, put to the product's own connect path and,
 * where there is a psql, to libpq itself. A row names what comes out: an encrypted session, one in plain text, or
 * the code of the problem.
 */
type Outcome = "tls" | "plaintext" | ProblemCode;

interface Row {
  readonly what: string;
  /** Key of `serverCertificates`. */
  readonly server: string;
  /** Key of `rootTexts`. */
  readonly root: string;
  readonly mode: SslMode;
  readonly host: string;
  readonly ours: Outcome;
  /** Where we mean to differ from libpq: its outcome, and why ours is another one. */
  readonly libpq?: { readonly outcome: "tls" | "plaintext" | "refused"; readonly why: string };
}

/** OpenSSL 3.2 raised the default security level to 2: RSA keys below 2048 bits are refused. */
const strictOpenSsl = !/^3\.[01]\./.test(process.versions.openssl);

const noFallback =
  "prefer falls back to plain text after a failed certificate check, where an attacker stands";
const securityLevel = "the security level is OpenSSL's: Debian's libpq has 2, Node 20 has 1, Node 24 has 2";

/** Certificates of the rows about names; the key is what they are made from. */
const nameCertificates = new Map<string, CertificateOptions>();

const host = "db.tls.test";
const password = "right";
const rows: readonly Row[] = [
  row("no root", "good", "none", "require", "tls"),
  row("right root", "good", "root", "require", "tls"),
  row("wrong root", "good", "other", "require", "tls-unknown-ca"),
  row("wrong root", "good", "other", "prefer", "tls-unknown-ca", { outcome: "plaintext", why: noFallback }),
  row("wrong root", "good", "other", "allow", "plaintext"),
  row("no root", "good", "none", "prefer", "tls"),
  row("no root", "good", "none", "allow", "plaintext"),
  row("no root", "good", "none", "disable", "plaintext"),
  row("no root", "good", "none", "verify-ca", "trust-no-ca"),
  row("no root", "good", "none", "verify-full", "trust-no-ca"),
  row("right root", "good", "root", "verify-ca", "tls"),
  row("right root", "good", "root", "verify-full", "tls"),
  row("wrong root", "good", "other", "verify-ca", "tls-unknown-ca"),
  row("wrong root", "good", "other", "verify-full", "tls-unknown-ca"),
  row("wrong host", "good", "root", "require", "tls", undefined, "wrong.tls.test"),
  row("wrong host", "good", "root", "verify-ca", "tls", undefined, "wrong.tls.test"),
  row("wrong host", "good", "root", "verify-full", "tls-hostname-mismatch", undefined, "wrong.tls.test"),

  name("SAN IP", { ip: ["127.0.0.1"] }, "127.0.0.1", "tls"),
  name("SAN IPv6", { ip: ["::1"] }, "::1", "tls"),
  name("SAN IPv6, another spelling", { ip: ["::1"] }, "0:0:0:0:0:0:0:1", "tls"),
  name("SAN IPv6 of another", { ip: ["::2"] }, "::1", "tls-hostname-mismatch"),
  name("an address and only dNSName", { dns: ["localhost"] }, "127.0.0.1", "tls-hostname-mismatch"),
  name("CN only", { commonNames: [host] }, host, "tls"),
  name("CN of another", { commonNames: ["other.tls.test"] }, host, "tls-hostname-mismatch"),
  name(
    "CN matches, SAN dns differs",
    { commonNames: [host], dns: ["other.test"] },
    host,
    "tls-hostname-mismatch",
  ),
  name("CN matches, SAN only IP", { commonNames: [host], ip: ["192.0.2.1"] }, host, "tls"),
  name("CN matches, SAN only e-mail", { commonNames: [host], email: ["a@tls.test"] }, host, "tls"),
  name("CN = IP, no SAN", { commonNames: ["127.0.0.1"] }, "127.0.0.1", "tls"),
  name("CN = IP, SAN dns", { commonNames: ["127.0.0.1"], dns: ["x.test"] }, "127.0.0.1", "tls"),
  name(
    "CN = IP, SAN another IP",
    { commonNames: ["127.0.0.1"], ip: ["192.0.2.1"] },
    "127.0.0.1",
    "tls-hostname-mismatch",
  ),
  name("dNSName holds the IP's text", { dns: ["127.0.0.1"] }, "127.0.0.1", "tls"),
  name("second SAN matches", { dns: ["x.test", host] }, host, "tls"),
  name("wildcard SAN", { dns: ["*.tls.test"] }, host, "tls"),
  name("wildcard CN", { commonNames: ["*.tls.test"] }, host, "tls"),
  name("wildcard for two labels", { dns: ["*.tls.test"] }, "a.b.tls.test", "tls-hostname-mismatch"),
  name("wildcard for no label", { dns: ["*.tls.test"] }, "tls.test", "tls-hostname-mismatch"),
  name("wildcard in a label", { dns: ["d*.tls.test"] }, host, "tls-hostname-mismatch"),
  name("wildcard inside", { dns: ["db.*.test"] }, host, "tls-hostname-mismatch"),
  name("wildcard before a top level", { dns: ["*.test"] }, "foo.test", "tls"),
  name("wildcard alone", { dns: ["*"] }, "foo", "tls-hostname-mismatch"),
  name("wildcard over an address", { dns: ["*.0.0.1"] }, "127.0.0.1", "tls"),
  name("two CNs, first matches", { commonNames: [host, "x.test"] }, host, "tls"),
  name("two CNs, second matches", { commonNames: ["x.test", host] }, host, "tls-hostname-mismatch"),
  name("trailing dot in the host", { dns: [host] }, `${host}.`, "tls-hostname-mismatch"),
  name("trailing dot in the SAN", { dns: [`${host}.`] }, host, "tls-hostname-mismatch"),
  name("upper-case host", { dns: [host] }, "DB.TLS.TEST", "tls"),
  name("upper-case SAN", { dns: ["DB.TLS.TEST"] }, host, "tls"),
  name("Unicode host", { dns: ["xn--mnchen-3ya.test"] }, "münchen.test", "tls-hostname-mismatch"),
  name("no name at all", { organization: "Nobody" }, host, "tls-hostname-mismatch"),

  row("leaf and intermediate sent", "chain", "root", "verify-full", "tls"),
  row("leaf only sent", "chain-leaf", "root", "verify-full", "tls-intermediate-missing"),
  row("leaf only sent; root and intermediate", "chain-leaf", "root+mid", "verify-full", "tls"),
  row("intermediate as only anchor", "chain", "mid", "verify-full", "tls-anchor-is-intermediate"),
  row(
    "leaf only; intermediate as only anchor",
    "chain-leaf",
    "mid",
    "verify-full",
    "tls-anchor-is-intermediate",
  ),
  row(
    "CA-issued leaf as its own anchor",
    "chain-leaf",
    "chain-leaf",
    "verify-full",
    "tls-anchor-is-intermediate",
  ),
  row("root sent too", "chain-root", "root", "verify-full", "tls"),
  row("root sent, another trusted", "chain-root", "other", "verify-full", "tls-unknown-ca"),
  row("self-signed as its own anchor", "self", "self", "verify-full", "tls"),
  row("self-signed for signing others only", "self-ca", "self-ca", "verify-full", "tls-wrong-purpose"),
  row("self-signed; other root", "self", "other", "verify-ca", "tls-self-signed"),
  row("self-signed; another one pinned", "self", "self-ca", "verify-full", "tls-pin-changed"),
  row("self-signed; no root", "self", "none", "require", "tls"),
  row("expired; right root", "expired", "root", "verify-full", "tls-expired"),
  row("expired; no root", "expired", "none", "require", "tls"),
  row("not yet valid", "early", "root", "verify-full", "tls-not-yet-valid"),
  row("EKU clientAuth only", "client-purpose", "root", "verify-full", "tls-wrong-purpose"),
  row("RSA-1024", "rsa-1024", "root", "verify-full", strictOpenSsl ? "tls-weak-key" : "tls", {
    outcome: "refused",
    why: securityLevel,
  }),
  row("SHA-1 signed", "sha-1", "root", "verify-full", "tls-weak-signature"),
  row("RSA-2048", "rsa-2048", "root", "verify-full", "tls"),
  row("EC P-384", "p-384", "root", "verify-full", "tls"),
  row("Ed25519", "ed25519", "root", "verify-full", "tls"),
  row(
    "signed by an Ed25519 root",
    "of-ed25519",
    "ed25519-root",
    "verify-full",
    "auth-channel-binding-unsupported",
  ),
  row("signed by an Ed25519 root", "of-ed25519", "none", "require", "auth-channel-binding-unsupported"),
  // Not in plain text, either: there is no reason to think that the server would not take TLS.
  row("signed by an Ed25519 root", "of-ed25519", "none", "prefer", "auth-channel-binding-unsupported"),
  row("signed by an Ed25519 root, no TLS", "of-ed25519", "none", "disable", "plaintext"),
  row("signed with SHA-512", "sha-512", "root", "verify-full", "tls"),
  row("key on a Brainpool curve", "brainpool", "root", "verify-full", "tls-curve-unsupported"),
  row("critical extension", "critical", "root", "verify-full", "tls-critical-extension"),
  row("critical extension; no root", "critical", "none", "require", "tls"),
  row("critical extension above", "critical-above", "root", "verify-full", "tls-critical-extension"),
  row("names outside of what is permitted", "permitted", "root", "verify-full", "tls-name-constraint"),
  row("names outside, Verify CA", "permitted", "root", "verify-ca", "tls-name-constraint"),
  row("names inside of what is permitted", "permitted-here", "root", "verify-full", "tls"),
  row("an excluded name", "excluded", "root", "verify-full", "tls-name-constraint"),
  row("path too long", "too-deep", "root", "verify-full", "tls-issuer-not-allowed"),
  row("issuer that is no CA", "no-ca", "root", "verify-full", "tls-issuer-not-allowed"),
  row("issuer that may not sign", "no-signer", "root", "verify-full", "tls-issuer-not-allowed"),
  row("issuer for clients only", "for-clients", "root", "verify-full", "tls-issuer-not-allowed"),
  row("bundle of two roots", "good", "other+root", "verify-full", "tls"),
  row("everything wrong at once", "expired-other-name", "other", "verify-full", "tls-expired"),
];

function row(
  what: string,
  server: string,
  root: string,
  mode: SslMode,
  ours: Outcome,
  libpq?: Row["libpq"],
  to = host,
): Row {
  return { what, server, root, mode, ours, host: to, ...(libpq === undefined ? {} : { libpq }) };
}

/** A row about the name: one certificate of its own, Verify Full, the right root. */
function name(what: string, certificate: CertificateOptions, to: string, ours: Outcome): Row {
  const server = JSON.stringify(certificate);
  nameCertificates.set(server, certificate);
  return { what, server, root: "root", mode: "verify-full", ours, host: to };
}

let server: SampleServer;
const serverCertificates = new Map<string, ServerCertificate>();
const rootTexts = new Map<string, string | undefined>([["none", undefined]]);
const psql = findPsql();

beforeAll(async () => {
  if (psql === undefined) console.warn("There is no psql here: the rows are put to the console alone.");
  await makeCertificates();
  server = await startPostgres({
    certificate: certificate("good"),
    users: [{ name: "app", password }],
    // With SCRAM, and so with channel binding: what a certificate is signed with matters for it, too.
    hba: ["host all all all scram-sha-256"],
  });
});
afterAll(async () => {
  psql?.remove();
  await server?.stop();
});

/** One swap a certificate: the rows of one stand together. */
const byServer = grouped(rows);

describe.each([...byServer])("server certificate %s", (key, ofServer) => {
  beforeAll(() => server.swapCertificate(certificate(key)));

  test.each(ofServer)("$what, $mode to $host: $ours", async (one) => {
    const profile = profileOf(one);
    const [report, libpq] = await Promise.all([testConnection(profile), psql?.verdict(profile)]);
    expect(outcomeOf(report), JSON.stringify(report.problem)).toBe(one.ours);
    if (libpq !== undefined) expect(verdictOf(libpq), JSON.stringify(libpq)).toBe(expectedOfLibpq(one));
  });
});

test("the matrix covers every mode", () => {
  expect(new Set(rows.map((one) => one.mode)).size).toBe(6);
});

function profileOf(one: Row) {
  const ca = rootTexts.get(one.root);
  const address = /^[0-9.]+$|:/.test(one.host) ? undefined : "127.0.0.1";
  return wireProfile({
    port: server.port,
    host: one.host,
    password,
    ...(address === undefined ? {} : { address }),
    tls: { mode: one.mode, ...(ca === undefined ? {} : { ca }) },
  });
}

function outcomeOf(report: AttemptReport): Outcome {
  if (report.problem !== null) return report.problem.code;
  return report.tls === null ? "plaintext" : "tls";
}

function verdictOf(libpq: PsqlVerdict): string {
  return "session" in libpq ? libpq.session : "refused";
}

function expectedOfLibpq(one: Row): string {
  if (one.libpq !== undefined) return one.libpq.outcome;
  return one.ours === "tls" || one.ours === "plaintext" ? one.ours : "refused";
}

function certificate(key: string): ServerCertificate {
  const found = serverCertificates.get(key);
  if (found === undefined) throw new Error(`no server certificate ${key}`);
  return found;
}

async function makeCertificates(): Promise<void> {
  const root = await makeCertificate({ ca: true, commonNames: ["Sample Root"] });
  const other = await makeCertificate({ ca: true, commonNames: ["Other Root"] });
  const mid = await makeCertificate({ ca: true, commonNames: ["Sample Intermediate"], issuer: root });
  const leaf = (options: CertificateOptions) => makeCertificate({ dns: [host], issuer: root, ...options });
  const ofChain = await leaf({ issuer: mid });
  const middle = (options: CertificateOptions) =>
    makeCertificate({ ca: true, commonNames: ["Middle"], issuer: root, ...options });
  const below = async (options: CertificateOptions) => leaf({ issuer: await middle(options) });
  const narrow = await middle({ commonNames: ["Narrow"], pathLength: 0 });
  const ed25519Root = await makeCertificate({ ca: true, commonNames: ["Ed25519 Root"], key: "ed25519" });
  const self = await makeCertificate({ dns: [host], commonNames: [host] });
  const selfCa = await makeCertificate({ dns: [host], commonNames: [host], ca: true });
  const past = { notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - day) };
  const made: Record<string, SampleCertificate> = {
    good: await leaf({}),
    chain: ofChain,
    self,
    "self-ca": selfCa,
    expired: await leaf(past),
    early: await leaf({ notBefore: new Date(Date.now() + day) }),
    "client-purpose": await leaf({ purposes: ["clientAuth"] }),
    "rsa-1024": await leaf({ key: "rsa-1024" }),
    "sha-1": await leaf({ hash: "SHA-1" }),
    "rsa-2048": await leaf({ key: "rsa-2048" }),
    "p-384": await leaf({ key: "ec-p384" }),
    ed25519: await leaf({ key: "ed25519" }),
    "of-ed25519": await leaf({ issuer: ed25519Root }),
    "sha-512": await leaf({ hash: "SHA-512" }),
    brainpool: await leaf({ foreignKey: generateKeyPairSync("ec", { namedCurve: "brainpoolP256r1" }) }),
    critical: await leaf({ extensions: [unknownExtension] }),
    "critical-above": await below({ extensions: [unknownExtension] }),
    permitted: await below({ extensions: [nameConstraints("permitted", "elsewhere.test")] }),
    "permitted-here": await below({ extensions: [nameConstraints("permitted", "tls.test")] }),
    excluded: await below({ extensions: [nameConstraints("excluded", "tls.test")] }),
    "too-deep": await leaf({ issuer: await middle({ issuer: narrow, commonNames: ["Too deep"] }) }),
    "no-ca": await below({ ca: false, keyUsage: ["keyCertSign"] }),
    "no-signer": await below({ keyUsage: ["digitalSignature"] }),
    "for-clients": await below({ purposes: ["clientAuth"] }),
    "expired-other-name": await leaf({ ...past, dns: ["x.test"] }),
  };
  for (const [key, one] of Object.entries(made)) serverCertificates.set(key, one);
  serverCertificates.set("chain-leaf", { ...ofChain, chainPem: ofChain.pem });
  serverCertificates.set("chain-root", { ...ofChain, chainPem: ofChain.chainPem + root.pem });
  for (const [key, options] of nameCertificates) {
    serverCertificates.set(key, await makeCertificate({ issuer: root, ...options }));
  }
  rootTexts.set("root", root.pem).set("other", other.pem).set("mid", mid.pem);
  rootTexts.set("ed25519-root", ed25519Root.pem);
  rootTexts.set("root+mid", root.pem + mid.pem).set("other+root", other.pem + root.pem);
  rootTexts.set("self", self.pem).set("self-ca", selfCa.pem).set("chain-leaf", ofChain.pem);
}

const day = 86_400_000;

/** By server certificate (`Map.groupBy` came with Node 21). */
function grouped(all: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const one of all) found.set(one.server, [...(found.get(one.server) ?? []), one]);
  return found;
}
