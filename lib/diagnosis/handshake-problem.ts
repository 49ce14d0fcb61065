import "server-only";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import type { Facts } from "#lib/problems/problem.ts";
import type { Evidence } from "#lib/wire/evidence.ts";

/** What Node's errors carry besides their message. */
export interface NodeError extends Error {
  readonly code?: string;
}

interface Found {
  readonly code: ProblemCode;
  readonly facts: Facts;
  readonly also: readonly ProblemCode[];
}

/**
 * What a TLS error means that is not about the server's certificate: during the handshake, or after it, since in
 * TLS 1.3 a server looks at the client's certificate when the handshake is already over on our side.
 *
 * Keyed on the number of the alert (RFC 8446 section 6), which does not change; OpenSSL's names for the same did
 * between releases, and TLS 1.2 failures come as a bare EPROTO.
 * @returns undefined when it is no TLS error
 */
export function handshakeProblem(error: NodeError, evidence: Evidence): Found | undefined {
  const alert = /SSL alert number (\d+)/.exec(error.message)?.[1];
  const found = alert === undefined ? byReason(error, evidence) : byAlert(Number(alert), evidence);
  if (found === undefined) return undefined;
  if (found.code === "tls-curve-unsupported")
    return { code: found.code, facts: { alert: 40, name: evidence.keyCurve }, also: [] };
  const tooLong =
    /EXCESSIVE_MESSAGE_SIZE/.test(error.code ?? "") || /excessive message size/i.test(error.message);
  const facts: Facts = {
    ...(alert === undefined ? {} : { alert: Number(alert) }),
    ...(error.code === undefined ? {} : { reason: error.code }),
    protocol: evidence.handshake?.protocol ?? null,
    minVersion: evidence.profile.tls.minVersion,
    maxVersion: evidence.profile.tls.maxVersion,
    // OpenSSL, and so libpq, takes no chain of more than 100 kB (SSL_CTX_set_max_cert_list(3)).
    ...(tooLong ? { reason: "certificates-too-long" } : {}),
  };
  return { code: found.code, facts, also: found.also ?? [] };
}

interface Meaning {
  readonly code: ProblemCode;
  readonly also?: readonly ProblemCode[];
}

function byAlert(alert: number, evidence: Evidence): Meaning {
  const known = alerts[alert];
  if (known !== undefined) return { code: known };
  // 40: nothing in common; a TLS 1.2 server also says so to a client that was asked for a certificate and had none.
  if (alert === 40 || alert === 71) {
    if (evidence.keyCurve !== null) return { code: "tls-curve-unsupported" };
    if (hasClientCertificate(evidence) || evidence.certificateAsked === false)
      return { code: "tls-cipher-refused" };
    return evidence.certificateAsked
      ? { code: "client-certificate-required" }
      : { code: "tls-cipher-refused", also: ["client-certificate-required"] };
  }
  return { code: closedCode(evidence) };
}

const alerts: Readonly<Record<number, ProblemCode>> = {
  42: "client-certificate-refused",
  43: "client-certificate-wrong-purpose",
  44: "client-certificate-revoked",
  45: "client-certificate-expired",
  46: "client-certificate-refused",
  48: "client-certificate-unknown-ca",
  49: "client-certificate-refused",
  51: "client-certificate-refused",
  70: "tls-version-refused",
  86: "tls-version-refused",
  112: "auth-sni-required",
  116: "client-certificate-required",
  120: "tls-alpn-refused",
};

function byReason(error: NodeError, evidence: Evidence): Meaning | undefined {
  const { code = "", message } = error;
  const isDirect = evidence.profile.tls.negotiation === "direct";
  // The peer spoke something that is no TLS.
  if (
    /wrong version number|packet length too long|http request|unexpected message|record layer/i.test(message)
  )
    return { code: isDirect ? "tls-direct-refused" : "net-not-postgres" };
  if (/NO_PROTOCOLS_AVAILABLE/.test(code) || /no protocols available/i.test(message))
    return { code: "tls-range-empty" };
  if (/UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|INAPPROPRIATE_FALLBACK|TLSV1_ALERT_PROTOCOL/.test(code))
    return { code: "tls-version-refused" };
  if (/unsupported protocol|version too low/i.test(message)) return { code: "tls-version-refused" };
  if (/LEGACY_RENEGOTIATION/.test(code)) return { code: "tls-version-refused" };
  if (/key too (small|weak)/i.test(message)) return { code: "tls-weak-key" };
  if (/(md|digest) too weak|wrong signature type/i.test(message)) return { code: "tls-weak-signature" };
  if (/NO_CIPHER_MATCH|NO_SHARED_CIPHER|NO_CIPHERS_AVAILABLE|UNKNOWN_CIPHER|SIGALGS/.test(code))
    return { code: "tls-cipher-refused" };
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return { code: "tls-hostname-mismatch" };
  if (code === "ECONNRESET" || code === "EPIPE" || code === "ECONNABORTED")
    return { code: closedCode(evidence) };
  if (/^ERR_(SSL|OSSL)_/.test(code) || code === "EPROTO") return { code: closedCode(evidence) };
  return undefined;
}

/** A server before 17, or a pooler, drops a handshake that comes without PostgreSQL's request for TLS. */
function closedCode(evidence: Evidence): ProblemCode {
  return evidence.profile.tls.negotiation === "direct" ? "tls-direct-refused" : "tls-closed";
}

function hasClientCertificate({ profile }: Evidence): boolean {
  return profile.tls.clientCertificate !== undefined && profile.secrets.clientKey !== undefined;
}
