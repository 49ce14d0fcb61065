import "server-only";
import { X509Certificate } from "node:crypto";
import { describeCertificate } from "#lib/certificates/describe-certificate.ts";
import type { CertificateFacts } from "#lib/certificates/material.ts";
import { pemBlocks } from "#lib/certificates/pem-kind.ts";
import { type Checks, checksOfTls } from "#lib/settings/checks-of.ts";
import { type CertificatePath, certificatePath } from "#lib/trust/certificate-path.ts";
import type { Evidence, HandshakeEvidence } from "#lib/wire/evidence.ts";
import type { TlsReport } from "#lib/wire/report.ts";
import { nameMismatchCode } from "#lib/wire/tls-options.ts";
import { verifiedBy } from "#lib/wire/verified.ts";

/**
 * What the live socket showed of itself; never what the settings say.
 * @returns null when no TLS handshake came as far as the server's certificate
 */
export function tlsReport(evidence: Evidence): TlsReport | null {
  const { handshake, now, profile } = evidence;
  if (handshake === null || evidence.transport === "plaintext") return null;
  const verified = verifiedBy(evidence);
  const checks = checksOfTls(profile.tls);
  const way = builtWay(evidence, handshake, checks);
  // One description for each, though it may stand in both chains: described once, sent once.
  const told = new Map<X509Certificate, CertificateFacts>();
  const factsOf = (certificate: X509Certificate) => {
    const facts = told.get(certificate) ?? describeCertificate(certificate, now);
    told.set(certificate, facts);
    return facts;
  };
  return {
    encrypted: true,
    verified,
    protocol: handshake.protocol,
    cipher: handshake.cipher,
    keyExchange: handshake.keyExchange,
    sni: handshake.sni,
    alpn: handshake.alpn,
    channelBinding: evidence.signIn.channelBindingUsed && evidence.signIn.accepted,
    channelBindingOffered: evidence.signIn.channelBindingOffered,
    clientCertificateAsked: evidence.certificateAsked,
    negotiation: profile.tls.negotiation,
    name: {
      host: profile.host,
      matches: handshake.name.matches,
      checked: checks.server === "chain-and-name",
    },
    store: checks.server === "none" ? null : (evidence.anchors?.source ?? null),
    end: way.end,
    anchor: verified === "none" ? null : anchorOf(evidence, handshake, factsOf),
    chain: handshake.chain.map(factsOf),
    built: way.certificates.map(factsOf),
    clientCertificate: handshake.sentClientCertificate ? clientCertificate(evidence) : null,
    unverifiedReason: verified === "none" || verified === "ca" ? unverifiedReason(handshake) : null,
  };
}

function anchorOf(
  { anchors }: Evidence,
  handshake: HandshakeEvidence,
  factsOf: (certificate: X509Certificate) => CertificateFacts,
): TlsReport["anchor"] {
  if (handshake.anchor === null || anchors === null) return null;
  return { source: anchors.source, certificate: factsOf(handshake.anchor) };
}

/** A way that was not accepted is walked as far as it goes: where it ends is what has to be fixed. */
function builtWay(
  { anchors }: Evidence,
  { built, chain: [leaf, ...others] }: HandshakeEvidence,
  { server }: Checks,
): Pick<CertificatePath, "certificates"> & Pick<TlsReport, "end"> {
  if (built !== null) return { certificates: built, end: "anchor" };
  if (leaf === undefined || server === "none") return { certificates: [], end: null };
  return certificatePath([leaf, ...others], anchors);
}

function unverifiedReason(handshake: HandshakeEvidence): string | null {
  return handshake.verifyError ?? (handshake.name.matches ? null : nameMismatchCode);
}

/** The first of them is the client's own; the rest are its issuers. */
function clientCertificate({ profile, now }: Evidence): CertificateFacts | null {
  const [leaf] = pemBlocks(profile.tls.clientCertificate ?? "").filter(
    (block) => block.kind === "certificate",
  );
  return leaf === undefined ? null : describeCertificate(new X509Certificate(leaf.pem), now);
}
