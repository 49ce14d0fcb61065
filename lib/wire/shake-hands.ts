import "server-only";
import type { X509Certificate } from "node:crypto";
import type net from "node:net";
import tls from "node:tls";
import { describeCertificate } from "#lib/certificates/describe-certificate.ts";
import { checksOfTls } from "#lib/settings/checks-of.ts";
import { certificatePath } from "#lib/trust/certificate-path.ts";
import { meetIntermediates } from "#lib/trust/met-intermediates.ts";
import { parsedCertificate } from "#lib/trust/parsed-certificate.ts";
import type { TrustAnchors } from "#lib/trust/trust-anchors.ts";
import type { AttemptSteps } from "./attempt-steps.ts";
import { type Evidence, type HandshakeEvidence, WireProblem } from "./evidence.ts";
import { namesAndNearest, shownNames } from "./nearest-name.ts";
import { beforeNodeChecks, keptPeerCertificate } from "./node-internals.ts";
import { checkServerName } from "./server-name.ts";
import { nameMismatchCode, type TlsOptions } from "./tls-options.ts";

/** The options, and the context made of them. */
export interface PreparedTls {
  readonly options: TlsOptions;
  readonly context: tls.SecureContext;
}

/** No real chain is longer; what a server sends beyond is not looked at. OpenSSL itself stops at 100 kB. */
const longestChain = 32;

/**
 * Shakes hands and takes `handshake`, `chain` and `host-name`. Node itself refuses an unverified server
 * (`rejectUnauthorized` is the lock); what it saw is caught before it throws the socket away, so that a failed
 * verification shows the whole chain without a second look.
 * @throws the handshake's error; evidence.handshake is set when it came as far as the server's certificate
 */
export async function shakeHands(
  steps: AttemptSteps,
  evidence: Evidence,
  socket: net.Socket,
  prepared: PreparedTls,
): Promise<tls.TLSSocket> {
  steps.begin("handshake");
  const { profile, anchors } = evidence;
  const { options } = prepared;
  const { server } = checksOfTls(profile.tls);
  const { rejectUnauthorized, checkServerIdentity, servername, ALPNProtocols } = options;
  const secured = tls.connect({
    socket,
    secureContext: prepared.context,
    rejectUnauthorized,
    checkServerIdentity,
    ALPNProtocols,
    ...(servername === undefined ? {} : { servername }),
  });
  // An error at a moment when nobody listens must not end the process; those who wait hear it too.
  secured.on("error", () => {
    if (evidence.handshake !== null) return;
    evidence.certificateAsked = asksForCertificate(secured);
    steps.note({ clientCertificateAsked: evidence.certificateAsked });
  });
  beforeNodeChecks(secured, () => {
    evidence.handshake = lookAt(secured, evidence, options);
    meetIntermediates(evidence.handshake.chain);
    evidence.certificateAsked = asksForCertificate(secured);
    steps.note({
      ...handshakeFacts(evidence.handshake),
      clientCertificateAsked: evidence.certificateAsked,
    });
    steps.begin("chain");
  });
  try {
    await steps.within(untilSecure(secured));
  } catch (error) {
    if (evidence.handshake !== null) noteFailedCheck(steps, profile.host, evidence.handshake, error);
    secured.destroy();
    socket.destroy();
    throw error;
  }
  const { handshake } = evidence;
  if (handshake === null) throw new Error("the handshake ended without its evidence");
  if (!secured.authorized) noteReason(handshake, secured.authorizationError);
  else if (server !== "none") {
    handshake.built = wayUp(handshake, anchors);
    handshake.anchor = handshake.built.at(-1) ?? null;
  }
  steps.note({ checked: server !== "none", ...chainFacts(evidence, handshake) });
  steps.begin("host-name");
  steps.note({ checked: server === "chain-and-name", ...nameFacts(profile.host, handshake) });
  steps.pass();
  checkNegotiation(evidence, handshake);
  handshake.accepted = true;
  return secured;
}

function untilSecure(secured: tls.TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = () => reject(new WireProblem("tls-closed"));
    secured.once("secureConnect", () => {
      secured.off("close", closed);
      resolve();
    });
    secured.once("error", reject);
    secured.once("close", closed);
  });
}

/**
 * Whether the server has sent a CertificateRequest. Only that message tells a client which signature algorithms the
 * server takes (RFC 5246 section 7.4.4, RFC 8446 section 4.3.2), so there are shared ones only after it.
 * @returns null when the connection is gone already
 */
function asksForCertificate(secured: tls.TLSSocket): boolean | null {
  const shared: readonly unknown[] | null = secured.getSharedSigalgs();
  return shared === null ? null : shared.length > 0;
}

function lookAt(secured: tls.TLSSocket, evidence: Evidence, options: TlsOptions): HandshakeEvidence {
  const peer = keptPeerCertificate(secured);
  return {
    chain: sentChain(peer, evidence.anchors),
    name: checkServerName(evidence.profile.host, peer),
    protocol: secured.getProtocol() ?? "",
    cipher: secured.getCipher().standardName ?? secured.getCipher().name,
    keyExchange: keyExchange(secured),
    alpn: secured.alpnProtocol || null,
    sni: options.servername ?? null,
    sentClientCertificate: options.cert !== undefined,
    accepted: false,
    built: null,
    anchor: null,
    verifyError: null,
    verifyText: null,
  };
}

/**
 * What the server sent, leaf first. Node puts the chain in order and goes on with issuers from the trust store, so
 * anchors at its end are left out, though a server may have sent them as well.
 * (`getPeerX509Certificate` would give exactly what was sent, but on a client it takes the chain away from the
 * connection: the driver then finds no certificate to bind SCRAM to.)
 */
function sentChain(peer: tls.DetailedPeerCertificate, anchors: TrustAnchors | null): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  let next: tls.DetailedPeerCertificate | undefined = peer;
  while (next?.raw !== undefined && !seen.has(next.fingerprint256) && chain.length < longestChain) {
    seen.add(next.fingerprint256);
    chain.push(parsedCertificate(next.raw, next.fingerprint256));
    next = next.issuerCertificate;
  }
  for (
    let last = chain.at(-1);
    last !== undefined && chain.length > 1 && anchors?.has(last);
    last = chain.at(-1)
  )
    chain.pop();
  return chain;
}

/** The way that OpenSSL verified, leaf first; the anchor stands at its end. */
function wayUp(
  { chain: [leaf, ...others] }: HandshakeEvidence,
  anchors: TrustAnchors | null,
): readonly X509Certificate[] {
  return leaf === undefined ? [] : certificatePath([leaf, ...others], anchors).certificates;
}

/** Node 20 names the curve, 24 the group (`X25519MLKEM768`), 22 nothing. */
function keyExchange(secured: tls.TLSSocket): string | null {
  const info: Readonly<Record<string, unknown>> = { ...secured.getEphemeralKeyInfo() };
  return typeof info.name === "string" ? info.name : null;
}

/** Which of the two checks refused, with the reason in OpenSSL's terms. */
function noteFailedCheck(
  steps: AttemptSteps,
  host: string,
  handshake: HandshakeEvidence,
  error: unknown,
): void {
  if (!(error instanceof Error) || steps.signal.aborted) return;
  const code = "code" in error ? String(error.code) : "";
  if (code === nameMismatchCode) {
    steps.note({ checked: true, certificates: handshake.chain.length });
    steps.begin("host-name");
    steps.note({ checked: true, ...nameFacts(host, handshake) });
    return;
  }
  handshake.verifyError = code;
  handshake.verifyText = error.message;
  steps.note({ checked: true, certificates: handshake.chain.length, reason: code });
}

/** Node puts the reason's name there, or the words where OpenSSL has no name for it. */
function noteReason(handshake: HandshakeEvidence, reason: unknown): void {
  const text = reason instanceof Error ? reason.message : String(reason);
  handshake.verifyError = text;
  handshake.verifyText = text;
}

function handshakeFacts(handshake: HandshakeEvidence) {
  const { protocol, cipher, keyExchange, alpn, sni, sentClientCertificate } = handshake;
  return { protocol, cipher, keyExchange, alpn, sni, sentClientCertificate };
}

function chainFacts({ anchors, now }: Evidence, handshake: HandshakeEvidence) {
  return {
    certificates: handshake.chain.length,
    trust: anchors?.source ?? null,
    anchor: handshake.anchor === null ? null : describeCertificate(handshake.anchor, now).subject,
    reason: handshake.verifyError,
  };
}

function nameFacts(host: string, handshake: HandshakeEvidence) {
  const { names, matches } = handshake.name;
  return { host, ...(matches ? { names: shownNames(names) } : namesAndNearest(names, host)), matches };
}

/**
 * Direct negotiation stands on ALPN: without it a server of another protocol, or a proxy that knows nothing of
 * PostgreSQL, may have answered (libpq refuses it too; RFC 7301).
 */
function checkNegotiation(evidence: Evidence, handshake: HandshakeEvidence): void {
  if (evidence.profile.tls.negotiation === "direct" && handshake.alpn !== "postgresql") {
    throw new WireProblem("tls-alpn-refused", { selected: handshake.alpn });
  }
}
