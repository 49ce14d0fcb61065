import type { CertificateFacts } from "#lib/certificates/material.ts";
import type { ChainDrawing } from "#lib/connect/chain/chain-drawing.ts";
import { clientChain, isClientFault } from "#lib/connect/chain/client-chain.ts";
import { serverChain } from "#lib/connect/chain/server-chain.ts";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import { type ChainCode, isChainCode } from "#lib/problems/chain-codes.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { TlsReport } from "#lib/wire/report.ts";

/**
 * A problem with a certificate as its page draws it, on a chain of examples.
 * @returns nothing to draw for every other problem
 */
export function exampleChain(code: ProblemCode): ChainDrawing {
  if (isClientFault(code)) {
    const isMissing = code === "client-certificate-required" || code === "auth-client-certificate-missing";
    const tls = report({ clientCertificate: isMissing ? null : client });
    return withoutFacts(clientChain({ tls, server: null }, { code }));
  }
  if (!isChainCode(code)) return [];
  const { tls = {}, facts = {} } = examples[code] ?? {};
  return withoutFacts(serverChain(report(tls), { code, facts, also: [] }));
}

/** Its dates and fingerprints would be nobody's. */
function withoutFacts(drawing: ChainDrawing): ChainDrawing {
  return drawing.map(({ facts: _facts, from: _from, ...place }) => place);
}

const certificate = (name: string, issuer: string): CertificateFacts => ({
  subject: `CN=${name}`,
  issuer: `CN=${issuer}`,
  sans: [],
  serial: "",
  notBefore: "",
  notAfter: "",
  daysLeft: 0,
  key: "",
  signature: "",
  sha256: name,
  selfSigned: name === issuer,
  ca: false,
  keyUsage: [],
  extendedKeyUsage: [],
  pem: "",
});
const host = "db.example.com";
const leaf = certificate(host, "Example Root CA");
const below = certificate(host, "Example Intermediate CA");
const middle = certificate("Example Intermediate CA", "Example Root CA");
const root = certificate("Example Root CA", "Example Root CA");
const alone = certificate(host, host);
const client = certificate("app", "Example Client CA");

function report(more: Partial<TlsReport>): TlsReport {
  return {
    encrypted: true,
    verified: "none",
    protocol: "TLSv1.3",
    cipher: "",
    keyExchange: null,
    sni: host,
    alpn: null,
    channelBinding: false,
    channelBindingOffered: null,
    clientCertificateAsked: null,
    negotiation: "postgres",
    name: { host, matches: true, checked: true },
    store: "system",
    end: "anchor",
    anchor: null,
    chain: [leaf],
    built: [leaf, root],
    clientCertificate: null,
    unverifiedReason: null,
    ...more,
  };
}

interface Example {
  readonly tls?: Partial<TlsReport>;
  readonly facts?: Problem["facts"];
}

/** What is not named here is wrong with a server's certificate that its root has signed. */
const examples: Readonly<Partial<Record<ChainCode, Example>>> = {
  "tls-self-signed": { tls: { end: "self-signed", chain: [alone], built: [alone] } },
  "tls-unknown-ca": { tls: { end: "self-signed" } },
  "tls-intermediate-missing": { tls: { end: "issuer-unknown", chain: [below], built: [below] } },
  "tls-anchor-is-intermediate": { tls: { end: "partial-anchor", built: [below, middle] } },
  "tls-pin-changed": {
    tls: { end: "self-signed", chain: [alone], built: [alone] },
    facts: { expectedSubject: `CN=${host}` },
  },
  "tls-issuer-not-allowed": { tls: { built: [below, middle, root] }, facts: { name: middle.subject } },
  "tls-name-constraint": { tls: { built: [below, middle, root] }, facts: { name: middle.subject } },
  "tls-hostname-mismatch": { tls: { name: { host: "10.0.0.5", matches: false, checked: true } } },
};
