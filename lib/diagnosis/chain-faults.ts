import "server-only";
import type { X509Certificate } from "node:crypto";
import { describeCertificate } from "#lib/certificates/describe-certificate.ts";
import type { CertificateFacts } from "#lib/certificates/material.ts";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import type { Facts } from "#lib/problems/problem.ts";
import { checksOfTls } from "#lib/settings/checks-of.ts";
import { type CertificatePath, certificatePath, isSelfSigned } from "#lib/trust/certificate-path.ts";
import type { Evidence, HandshakeEvidence } from "#lib/wire/evidence.ts";
import { namesAndNearest, shownNames } from "#lib/wire/nearest-name.ts";
import { certificateLimits } from "./certificate-limits.ts";
import { openSslNames } from "./openssl-names.ts";

/** One thing wrong with what a server showed. */
export interface Fault {
  readonly code: ProblemCode;
  readonly facts: Facts;
}

/**
 * Everything that is wrong with the server's certificates, in the order of what to fix first. OpenSSL keeps one
 * reason only, and dates win over the rest; a person who fixes that one would meet the next.
 *
 * First what only a new certificate fixes (revoked, expired, wrong purpose, weak: whoever reissues it can set
 * right all the rest at once), then trust, then the name. A changed pin stands before all: it may be an attack.
 */
export function chainFaults(evidence: Evidence, handshake: HandshakeEvidence): readonly Fault[] {
  const [leaf, ...others] = handshake.chain;
  if (leaf === undefined) return [];
  const found: Fault[] = [];
  if (handshake.verifyError !== null) {
    const path = certificatePath([leaf, ...others], evidence.anchors);
    const described = path.certificates.map((certificate) => describeCertificate(certificate, evidence.now));
    const ofIssuers = issuerFaults(handshake, path, described);
    found.push(
      ...revocationFaults(handshake, described),
      ...dateFaults(evidence.now, described),
      ...(ofIssuers.length > 0 ? ofIssuers : purposeFaults(handshake, described)),
      ...extensionFaults(handshake, path, described),
      ...nameConstraintFaults(handshake, path, described),
      ...strengthFaults(handshake, path, described),
      // A path that breaks off at an issuer that may not issue says nothing of what is trusted.
      ...(ofIssuers.length > 0 && path.end === "issuer-unknown"
        ? []
        : trustFaults(evidence, path, described)),
    );
    if (found.length === 0) found.push(byOpenSslName(handshake, described));
  }
  if (checksOfTls(evidence.profile.tls).server === "chain-and-name" && !handshake.name.matches) {
    found.push({ code: "tls-hostname-mismatch", facts: nameFacts(evidence, handshake) });
  }
  return found.toSorted((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
}

const order: readonly ProblemCode[] = [
  "tls-pin-changed",
  "tls-revoked",
  "tls-expired",
  "tls-not-yet-valid",
  "tls-wrong-purpose",
  "tls-issuer-not-allowed",
  "tls-critical-extension",
  "tls-name-constraint",
  "tls-certificate-refused",
  "tls-weak-key",
  "tls-weak-signature",
  "tls-self-signed",
  "tls-intermediate-missing",
  "tls-unknown-ca",
  "tls-anchor-is-intermediate",
  "tls-crl-missing",
  "tls-hostname-mismatch",
];

function revocationFaults(handshake: HandshakeEvidence, path: readonly CertificateFacts[]): Fault[] {
  const reason = handshake.verifyError ?? "";
  if (reason === "CERT_REVOKED") return [{ code: "tls-revoked", facts: certificateFacts(path[0]) }];
  const isAboutLists = /CRL/.test(reason) || /\bCRL\b/.test(handshake.verifyText ?? "");
  if (!isAboutLists) return [];
  return [{ code: "tls-crl-missing", facts: { reason, ...certificateFacts(path[0]) } }];
}

function dateFaults(now: Date, path: readonly CertificateFacts[]): Fault[] {
  const expired = path.find((one) => Date.parse(one.notAfter) < now.getTime());
  const early = path.find((one) => Date.parse(one.notBefore) > now.getTime());
  const place = (one: CertificateFacts) => (path.indexOf(one) === 0 ? "leaf" : "issuer");
  return [
    ...(expired
      ? [{ code: "tls-expired" as const, facts: { ...certificateFacts(expired), which: place(expired) } }]
      : []),
    ...(early
      ? [{ code: "tls-not-yet-valid" as const, facts: { ...certificateFacts(early), which: place(early) } }]
      : []),
  ];
}

/** RFC 5280 section 4.2.1.12: when purposes are named, being a TLS server must be among them. */
function purposeFaults(handshake: HandshakeEvidence, path: readonly CertificateFacts[]): Fault[] {
  const [leaf] = path;
  const purposes = leaf?.extendedKeyUsage ?? [];
  if (!mayServe(purposes))
    return [{ code: "tls-wrong-purpose", facts: { ...certificateFacts(leaf), purposes: [...purposes] } }];
  const reason = handshake.verifyError ?? "";
  if (!/^INVALID_(PURPOSE|CA)$|KEYUSAGE/.test(reason)) return [];
  return [{ code: "tls-wrong-purpose", facts: { ...certificateFacts(leaf), reason } }];
}

/**
 * An issuer that may not issue this: the server's own certificate may be in order. OpenSSL says that something of the
 * kind is wrong, and not with which certificate.
 */
function issuerFaults(
  { verifyError, verifyText, chain }: HandshakeEvidence,
  path: CertificatePath,
  [leaf, ...issuers]: readonly CertificateFacts[],
): Fault[] {
  const blame = (issuer: CertificateFacts | undefined, reason: string): Fault[] =>
    issuer === undefined
      ? []
      : [
          {
            code: "tls-issuer-not-allowed",
            facts: { ...certificateFacts(issuer), name: issuer.subject, reason },
          },
        ];
  if (verifyError === "PATH_LENGTH_EXCEEDED")
    return blame(tooNarrow(path, issuers) ?? issuers[0], "path-length");
  if (/key usage does not include certificate signing/.test(verifyText ?? "")) {
    const signer = issuers.find((one) => one.keyUsage.length > 0 && !one.keyUsage.includes("keyCertSign"));
    if (signer !== undefined) return blame(signer, "key-usage");
    // Nobody links such an issuer to what it signed: its name is what the last certificate says.
    const name = (issuers.at(-1) ?? leaf)?.issuer ?? "";
    const sent = chain.find((one) => one.issuer === name);
    return [
      { code: "tls-issuer-not-allowed", facts: { name, issuer: sent?.issuer ?? name, reason: "key-usage" } },
    ];
  }
  if (verifyError !== "INVALID_PURPOSE" && verifyError !== "INVALID_CA") return [];
  const otherwise = issuers.find((one) => !mayServe(one.extendedKeyUsage));
  if (mayServe(leaf?.extendedKeyUsage ?? []) && otherwise !== undefined) return blame(otherwise, "purpose");
  const none = issuers.find((one) => !one.ca);
  return mayServe(leaf?.extendedKeyUsage ?? []) ? blame(none, "no-ca") : [];
}

/** RFC 5280 section 4.2.1.9: authorities below it, those that renew themselves not counted. */
function tooNarrow(
  path: CertificatePath,
  issuers: readonly CertificateFacts[],
): CertificateFacts | undefined {
  let below = 0;
  for (const [index, issuer] of issuers.entries()) {
    const certificate = path.certificates[index + 1];
    const allowed = certificate === undefined ? null : certificateLimits(certificate).pathLength;
    if (allowed !== null && below > allowed) return issuer;
    if (issuer.subject !== issuer.issuer) below += 1;
  }
  return undefined;
}

/** RFC 5280 section 4.2: who does not know a critical extension must refuse the certificate. */
function extensionFaults(
  { verifyText }: HandshakeEvidence,
  path: CertificatePath,
  described: readonly CertificateFacts[],
): Fault[] {
  const index = path.certificates.findIndex((one) => certificateLimits(one).unknownCritical.length > 0);
  const certificate = path.certificates[index];
  const facts = described[index];
  if (certificate !== undefined && facts !== undefined) {
    const [reason = ""] = certificateLimits(certificate).unknownCritical;
    return [
      { code: "tls-critical-extension", facts: { ...certificateFacts(facts), name: facts.subject, reason } },
    ];
  }
  return /unhandled critical extension/.test(verifyText ?? "")
    ? [{ code: "tls-critical-extension", facts: certificateFacts(described[0]) }]
    : [];
}

/** RFC 5280 section 4.2.1.10. OpenSSL tells that a name is out of bounds, the path whose bounds they are. */
function nameConstraintFaults(
  { verifyText, name }: HandshakeEvidence,
  path: CertificatePath,
  described: readonly CertificateFacts[],
): Fault[] {
  const text = verifyText ?? "";
  if (!/(permitted|excluded) subtree|name constraint|name syntax/.test(text)) return [];
  const issuer = described[path.certificates.findIndex((one) => certificateLimits(one).limitsNames)];
  const facts = { ...certificateFacts(issuer), names: shownNames(name.names), openssl: text };
  return [
    { code: "tls-name-constraint", facts: issuer === undefined ? facts : { ...facts, name: issuer.subject } },
  ];
}

function mayServe(purposes: readonly string[]): boolean {
  return purposes.length === 0 || purposes.includes("serverAuth") || purposes.includes("anyExtendedKeyUsage");
}

/**
 * What this OpenSSL's default security level refuses (SSL_CTX_set_security_level(3)): level 1 until OpenSSL 3.1,
 * 2 from 3.2 on. A self-signed anchor's own signature is never looked at.
 */
function strengthFaults(
  handshake: HandshakeEvidence,
  path: CertificatePath,
  described: readonly CertificateFacts[],
): Fault[] {
  const text = handshake.verifyText ?? "";
  const isStrict = /^(3\.([2-9]|\d\d)|[4-9])/.test(process.versions.openssl);
  const least = isStrict ? 2048 : 1024;
  const weakKey = described.find((one) => {
    const bits = /^(?:RSA|RSA-PSS|DSA) (\d+)$/.exec(one.key)?.[1];
    return bits !== undefined && Number(bits) < least;
  });
  const signed = described.filter((_one, index) => {
    const certificate = path.certificates[index];
    return certificate !== undefined && !isSelfSigned(certificate);
  });
  const weakSignature = signed.find((one) => /^(MD|SHA-1 )/.test(one.signature));
  const faults: Fault[] = [];
  if (weakKey !== undefined || /key too weak/.test(text))
    faults.push({ code: "tls-weak-key", facts: certificateFacts(weakKey ?? described[0]) });
  if (weakSignature !== undefined || /digest algorithm too weak/.test(text))
    faults.push({ code: "tls-weak-signature", facts: certificateFacts(weakSignature ?? described[0]) });
  return faults;
}

function trustFaults(
  evidence: Evidence,
  path: CertificatePath,
  described: readonly CertificateFacts[],
): Fault[] {
  const leaf = described[0];
  const top = described.at(-1);
  const facts: Facts = { ...certificateFacts(top), trust: evidence.profile.tls.trust };
  if (path.end === "anchor") return [];
  const pinned = pinnedCertificate(evidence);
  if (pinned !== undefined) {
    return [
      {
        code: "tls-pin-changed",
        facts: { ...certificateFacts(leaf), ...expectedFacts(describeCertificate(pinned, evidence.now)) },
      },
    ];
  }
  if (path.end === "partial-anchor") return [{ code: "tls-anchor-is-intermediate", facts }];
  if (path.end === "self-signed") {
    return [{ code: path.certificates.length === 1 ? "tls-self-signed" : "tls-unknown-ca", facts }];
  }
  const isMissing =
    evidence.intermediates.length > 0 ||
    (path.certificates.length === 1 && looksIssuedByIntermediate(evidence, path, described));
  return [{ code: isMissing ? "tls-intermediate-missing" : "tls-unknown-ca", facts }];
}

/** The certificate that was trusted, to be shown beside the one that came. */
function expectedFacts({ subject, notBefore, notAfter, sha256 }: CertificateFacts): Facts {
  return {
    expected: sha256,
    expectedSubject: subject,
    expectedNotBefore: notBefore,
    expectedNotAfter: notAfter,
  };
}

/**
 * A connection whose one anchor is a server's own certificate, not an authority, expects exactly that one. A root
 * has no host names; a self-signed server certificate does, or is marked as no authority.
 */
function pinnedCertificate({ anchors }: Evidence): X509Certificate | undefined {
  if (anchors?.source !== "own") return undefined;
  const [only, ...more] = anchors.certificates();
  if (only === undefined || more.length > 0 || !isSelfSigned(only)) return undefined;
  return !only.ca || only.subjectAltName !== undefined ? only : undefined;
}

/**
 * A server that sends only its own certificate leaves open whether its issuer is an intermediate, which it should
 * have sent, or a root that is not trusted here. What speaks for an intermediate: the issuer calls itself one; it
 * shares its organisation with an anchor; the certificate says where its issuer's certificate can be fetched,
 * which authorities with intermediates do (RFC 5280 section 4.2.2.1).
 */
function looksIssuedByIntermediate(
  evidence: Evidence,
  path: CertificatePath,
  described: readonly CertificateFacts[],
): boolean {
  const leaf = path.certificates[0];
  const issuer = described[0]?.issuer ?? "";
  if (leaf === undefined) return false;
  // An anchor of the issuer's very name that did not sign it: another root of the same name, as Supabase has two.
  const anchors = evidence.anchors?.certificates() ?? [];
  if (anchors.some((anchor) => anchor.subject === leaf.issuer)) return false;
  if (/\b(intermediate|intermédiaire|issuing|sub[- ]?ca|subordinate)\b/i.test(issuer)) return true;
  if (/CA Issuers - URI:/.test(leaf.infoAccess ?? "")) return true;
  const organisation = organisationOf(leaf.issuer);
  if (organisation === undefined) return false;
  return anchors.some((anchor) => organisationOf(anchor.subject) === organisation);
}

/** Node gives no text at all for an empty name. */
function organisationOf(name: string | undefined): string | undefined {
  return /^O=(.+)$/m.exec(name ?? "")?.[1];
}

/** Where nothing of our own explains the refusal, OpenSSL's reason does. */
function byOpenSslName(handshake: HandshakeEvidence, path: readonly CertificateFacts[]): Fault {
  const reason = handshake.verifyError ?? "";
  const known = openSslNames[reason];
  if (known !== undefined) return { code: known, facts: { ...certificateFacts(path[0]), reason } };
  const openssl = handshake.verifyText ?? reason;
  return { code: "tls-certificate-refused", facts: { ...certificateFacts(path[0]), reason, openssl } };
}

function certificateFacts(certificate: CertificateFacts | undefined): Facts {
  if (certificate === undefined) return {};
  const { subject, issuer, notBefore, notAfter, daysLeft, key, signature, sha256 } = certificate;
  return { subject, issuer, notBefore, notAfter, daysLeft, key, signature, sha256 };
}

function nameFacts(evidence: Evidence, handshake: HandshakeEvidence): Facts {
  const { host } = evidence.profile;
  return { host, ...namesAndNearest(handshake.name.names, host) };
}
