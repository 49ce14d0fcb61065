import "server-only";
import net from "node:net";
import { describeCertificate } from "#lib/certificates/describe-certificate.ts";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import type { Fix } from "#lib/problems/problem.ts";
import { factsOf } from "#lib/providers/facts-of.ts";
import { rootsIdOf } from "#lib/providers/provider.ts";
import { recogniseProvider } from "#lib/providers/recognise-provider.ts";
import { noGivenRoots, rootsKind } from "#lib/providers/roots-kind.ts";
import type { FormChange } from "#lib/settings/form-values.ts";
import { certificatePath } from "#lib/trust/certificate-path.ts";
import { holdsPublicRoots } from "#lib/trust/mozilla-store.ts";
import type { Evidence } from "#lib/wire/evidence.ts";
import { nearestName } from "#lib/wire/nearest-name.ts";

/**
 * What can be done about a problem, the least weakening first. A fix that one click can make carries the change
 * of the form; it is offered only where what was seen says that it leads on. The rest is advice.
 */
export function fixesFor(code: ProblemCode, evidence: Evidence): readonly Fix[] {
  return fixesByCode[code]?.(evidence) ?? [];
}

type Fixes = (evidence: Evidence) => readonly Fix[];

const advice =
  (...ids: readonly string[]): Fixes =>
  () =>
    ids.map((id) => ({ id }));

const clientCertificateFixes: Fixes = (evidence) => [
  { id: "give-client-certificate" },
  ...withoutClientCertificate(evidence),
];

const reissueFixes: Fixes = (evidence) => [
  { id: "replace-server-certificate" },
  ...unverifiedFixes(evidence),
];

const fixesByCode: Partial<Record<ProblemCode, Fixes>> = {
  "trust-no-ca": (evidence) => [
    { id: "give-ca" },
    ...otherStores(evidence, ["provider", "system", "mozilla"]),
  ],
  "trust-system-store-missing": (evidence) => [...otherStores(evidence, ["mozilla"]), { id: "give-ca" }],
  "tls-range-empty": () => [{ id: "raise-max-tls", change: { maxVersion: "TLSv1.3" } }],
  "certificate-without-key": (evidence) => [{ id: "give-client-key" }, ...withoutClientCertificate(evidence)],
  "key-passphrase-missing": advice("give-passphrase"),
  "key-passphrase-wrong": advice("give-passphrase"),

  "net-name-unknown": advice("check-host"),
  "net-name-temporary": advice("retry-later", "check-host"),
  "net-refused": advice("check-port", "check-host", "check-firewall"),
  "net-timeout": timeoutFixes,
  "net-unreachable": (evidence) => [{ id: "check-host" }, firewall(evidence)],
  "net-reset": (evidence) => [{ id: "check-port" }, firewall(evidence), { id: "retry-later" }],
  "net-closed": advice("check-port", "retry-later"),
  "net-address-denied": advice("check-host"),
  "net-not-postgres": advice("check-port", "check-host"),
  "server-full": advice("retry-later"),

  "tls-not-offered": (evidence) => [{ id: "check-port" }, ...plaintextFixes(evidence)],
  "tls-version-refused": versionFixes,
  "tls-cipher-refused": (evidence) => [
    ...versionFixes(evidence),
    ...(hasClientCertificate(evidence) || evidence.certificateAsked === false
      ? []
      : [{ id: "give-client-certificate" }]),
  ],
  "tls-direct-refused": () => [{ id: "use-postgres-negotiation", change: { negotiation: "postgres" } }],
  "tls-alpn-refused": () => [{ id: "use-postgres-negotiation", change: { negotiation: "postgres" } }],
  "tls-closed": advice("check-port", "retry-later"),
  "client-certificate-required": advice("give-client-certificate"),
  "client-certificate-refused": clientCertificateFixes,
  "client-certificate-unknown-ca": clientCertificateFixes,
  "client-certificate-revoked": clientCertificateFixes,
  "client-certificate-wrong-purpose": clientCertificateFixes,
  "client-certificate-expired": (evidence) => [
    { id: "renew-certificate" },
    ...clientCertificateFixes(evidence),
  ],

  "tls-unknown-ca": (evidence) => [
    ...otherStores(evidence, evidence.otherTrustStores),
    ...presentedCa(evidence),
    { id: "give-ca" },
    ...unverifiedFixes(evidence),
  ],
  "tls-self-signed": (evidence) => [...pin(evidence), { id: "give-ca" }, ...unverifiedFixes(evidence)],
  "tls-intermediate-missing": (evidence) => [
    ...otherStores(evidence, evidence.otherTrustStores),
    ...intermediate(evidence),
    ...unverifiedFixes(evidence),
  ],
  "tls-anchor-is-intermediate": (evidence) => [
    ...otherStores(evidence, evidence.otherTrustStores),
    ...presentedCa(evidence),
    { id: "give-root" },
    ...unverifiedFixes(evidence),
  ],
  "tls-expired": (evidence) => [{ id: "check-clock" }, ...reissueFixes(evidence)],
  "tls-not-yet-valid": (evidence) => [{ id: "check-clock" }, ...reissueFixes(evidence)],
  "tls-revoked": advice("replace-server-certificate"),
  "tls-crl-missing": () => [{ id: "add-crls" }, { id: "drop-crls", change: { crl: "" } }],
  "tls-wrong-purpose": reissueFixes,
  "tls-weak-key": reissueFixes,
  "tls-weak-signature": reissueFixes,
  "tls-pin-changed": (evidence) => pin(evidence).map((fix) => replacingPin(fix, evidence)),
  "tls-hostname-mismatch": (evidence) => [
    ...certificateNameFixes(evidence),
    { id: "check-host" },
    ...nameUncheckedFixes(evidence),
  ],

  "auth-tls-required": (evidence) => [
    turnSslOn(evidence),
    { id: "use-require", change: { ssl: true, mode: "require" } },
  ],
  "auth-tls-not-allowed": plaintextFixes,
  "auth-rule-missing": advice("check-user", "check-database"),
  "auth-rule-reject": advice("check-user", "check-database"),
  "auth-client-certificate-missing": advice("give-client-certificate"),
  "auth-client-certificate-other-user": (evidence) => [
    { id: "check-user" },
    ...clientCertificateFixes(evidence),
  ],
  "auth-password-wrong": advice("give-password", "check-user"),
  "auth-password-missing": advice("give-password"),
  "auth-role-unknown": advice("check-user"),
  "auth-method-refused": weakPasswordFixes,
  "auth-channel-binding-unavailable": () => [
    { id: "channel-binding-prefer", change: { channelBinding: "prefer" } },
  ],
  "auth-token-expired": longerToken,
  "auth-token-refused": refusedTokenFixes,
  "auth-token-credentials-missing": advice("give-token-credentials"),
  "auth-token-credentials-expired": advice("renew-token-credentials"),
  "auth-token-credentials-refused": advice("check-token-permissions", "give-token-credentials"),
  "auth-token-service-unreachable": advice("retry-later", "check-outgoing-network"),
  "auth-token-region-unknown": advice("give-token-region"),
  "auth-token-region-wrong": () => [{ id: "use-host-region", change: { tokenRegion: "" } }],
  "auth-token-clock-off": advice("check-clock"),
  "auth-token-needs-verification": (evidence) => {
    const { change } = turnSslOn(evidence);
    return [{ id: "use-verify-full", change: { ...change, allowSelfSigned: false } }];
  },
  "auth-sni-required": (evidence) => [
    ...(evidence.profile.tls.sni ? [] : [{ id: "send-sni", change: { sni: true } }]),
    { id: "check-host" },
  ],
  "auth-endpoint-unknown": advice("check-host"),
  "auth-pooler-tenant-unknown": advice("check-user", "check-host"),

  "database-unknown": advice("check-database"),
  "database-not-accepting": advice("check-database"),
  "server-too-many-connections": advice("retry-later"),
  "server-starting": advice("retry-later"),
  "server-paused": advice("resume-server"),
  "pooler-server-unreachable": advice("retry-later", "check-database"),
  "server-shutting-down": advice("retry-later"),
  "startup-parameter-refused": (evidence) =>
    evidence.profile.options === "" ? [] : [{ id: "drop-options", change: { options: "" } }],
};

/** A token of our own that was over too soon is made anew with the usual lifetime; a pasted one is pasted again. */
function longerToken({ token }: Evidence): Fix[] {
  if (token?.kind !== "aurora-dsql-token") return [{ id: "make-new-token" }];
  return [{ id: "lengthen-token", change: { tokenExpiry: "900" } }];
}

function refusedTokenFixes({ token }: Evidence): Fix[] {
  if (token === null) return [{ id: "make-new-token" }, { id: "check-user" }];
  return [{ id: "check-token-permissions" }, { id: "check-user" }];
}

/** Whoever signs in by certificate has nothing left to sign in with, so it is no fix there. */
function withoutClientCertificate({ profile }: Evidence): Fix[] {
  if (profile.tls.clientCertificate === undefined || profile.signIn === "certificate") return [];
  const change: FormChange = { clientCertificate: "", clientKey: "", keyPassphrase: "" };
  return [{ id: "remove-client-certificate", change }];
}

/** Azure drops what its firewall rules do not name (H5), and so do most clouds. */
/** Where the address took the connection no firewall drops it: what stands behind did not go on. */
function timeoutFixes(evidence: Evidence): readonly Fix[] {
  const { dialled, profile, step } = evidence;
  if (dialled === null) return [firewall(evidence), { id: "check-host" }, { id: "retry-later" }];
  const negotiation: Fix = { id: "use-postgres-negotiation", change: { negotiation: "postgres" } };
  const isDirect = step === "handshake" && profile.tls.negotiation === "direct";
  return [...(isDirect ? [negotiation] : []), { id: "check-port" }, { id: "retry-later" }];
}

function firewall(evidence: Evidence): Fix {
  const provider = recogniseProvider(evidence.profile.host);
  if (provider === undefined) return { id: "check-firewall" };
  const kind = factsOf(provider).firewall;
  const id = kind === undefined || kind === "allow-list" ? "check-firewall" : firewallFixes[kind];
  return { id, facts: { provider: provider.name } };
}

const firewallFixes = {
  "azure-firewall-rules": "check-azure-firewall",
  "aws-security-group": "check-security-group",
  "google-authorised-networks": "check-authorised-networks",
} as const;

/**
 * Where the provider insists on TLS, or the sign-in is a certificate, plain text is no way out. What only makes
 * sense with TLS is set back with it, as the form takes one without the other for a mistake.
 */
function plaintextFixes({ profile }: Evidence): Fix[] {
  if (recogniseProvider(profile.host)?.tlsRequired || profile.signIn === "certificate") return [];
  const { allowSelfSigned, channelBinding } = profile.tls;
  const change: FormChange = {
    ssl: false,
    ...(allowSelfSigned ? { allowSelfSigned: false } : {}),
    ...(channelBinding === "require" ? { channelBinding: "prefer" } : {}),
  };
  return [{ id: "turn-ssl-off", change }];
}

/** With everything checked; against the system's roots where the chosen trust holds none. */
function turnSslOn({ profile: { host, tls } }: Evidence): Fix {
  const hasNoRoots =
    (tls.trust === "own" && tls.ca === undefined) ||
    (tls.trust === "provider" && rootsKind(recogniseProvider(host), host, noGivenRoots) === "none");
  const change: FormChange = {
    ssl: true,
    mode: "verify-full",
    ...(hasNoRoots ? { trust: "system" } : {}),
  };
  return { id: "turn-ssl-on", change };
}

/** Below TLS 1.2 nothing would come of it: OpenSSL's security level leaves no signature that is allowed there. */
function versionFixes({ profile: { tls } }: Evidence): Fix[] {
  const fixes: Fix[] = [];
  if (tls.maxVersion !== "TLSv1.3") fixes.push({ id: "raise-max-tls", change: { maxVersion: "TLSv1.3" } });
  if (tls.minVersion === "TLSv1.3") fixes.push({ id: "lower-min-tls", change: { minVersion: "TLSv1.2" } });
  return fixes;
}

const storeFixes = { provider: "trust-provider", system: "trust-system", mozilla: "trust-mozilla" } as const;

function otherStores(evidence: Evidence, stores: readonly (keyof typeof storeFixes)[]): Fix[] {
  const { profile } = evidence;
  return stores
    .filter((store) => store !== profile.tls.trust)
    .filter((store) => store !== "provider" || hasProviderRoots(evidence))
    .map((store) => ({ id: storeFixes[store], change: { trust: store, ...fullChecks(profile) } }));
}

/** Shipped ones, or given ones that vouch for what the server showed. */
function hasProviderRoots({ profile: { host }, otherTrustStores }: Evidence): boolean {
  const provider = recogniseProvider(host);
  if (provider === undefined) return false;
  return otherTrustStores.includes("provider") || rootsKind(provider, host, noGivenRoots) !== "none";
}

/**
 * Stores of public authorities go with Verify Full alone: anybody gets some certificate from one (libpq refuses
 * the rest), and Require, which checks against a CA of one's own, would check nothing any more.
 */
function fullChecks({ tls: { mode } }: Evidence["profile"]): FormChange {
  return mode === "verify-full" ? {} : { mode: "verify-full" };
}

/** Only a root can vouch by itself; where the server sent none, somebody has to give it. */
function presentedCa({ handshake, now }: Evidence): Fix[] {
  const [leaf, ...others] = handshake?.chain ?? [];
  if (leaf === undefined) return [];
  const path = certificatePath([leaf, ...others], null);
  const root = path.certificates.at(-1);
  if (root === undefined || path.end !== "self-signed" || path.certificates.length < 2) return [];
  const { pem, sha256, subject } = describeCertificate(root, now);
  return [{ id: "trust-presented-ca", change: { trust: "own", ca: pem }, facts: { sha256, subject } }];
}

function pin({ handshake, now }: Evidence): Fix[] {
  const [leaf, ...others] = handshake?.chain ?? [];
  if (leaf === undefined) return [];
  // A certificate that another one signed is no anchor for OpenSSL.
  if (certificatePath([leaf, ...others], null).certificates.length > 1 || leaf.subject !== leaf.issuer)
    return [];
  const { pem, sha256, subject } = describeCertificate(leaf, now);
  return [{ id: "pin-certificate", change: { trust: "own", ca: pem }, facts: { sha256, subject } }];
}

/** The same change, with what it replaces: both fingerprints are shown before anybody agrees. */
function replacingPin(fix: Fix, { anchors, now }: Evidence): Fix {
  const [old] = anchors?.certificates() ?? [];
  if (old === undefined) return fix;
  return {
    ...fix,
    id: "replace-pin",
    facts: { ...fix.facts, replaces: describeCertificate(old, now).sha256 },
  };
}

/**
 * The authority that the server should have sent, where this console has met it: added to the anchors that vouch
 * for it, it completes the chain as the server's own would. OpenSSL takes from the store what the peer left out.
 */
function intermediate(evidence: Evidence): Fix[] {
  const facts = { issuer: issuerOfLeaf(evidence) };
  const [first] = evidence.intermediates;
  if (first === undefined) return [{ id: "add-intermediate", facts }];
  const { tls } = evidence.profile;
  const described = evidence.intermediates.map((one) => describeCertificate(one, evidence.now));
  const [leaf = first, ...others] = evidence.handshake?.chain ?? [];
  const path = certificatePath([leaf, ...others, ...evidence.intermediates], evidence.anchors);
  const kept = tls.trust === "own" ? (tls.ca ?? "") : (path.certificates.at(-1)?.toString() ?? "");
  const ca = [kept, ...described.map((one) => one.pem)].map((pem) => pem.trimEnd()).join("\n");
  const { sha256 = "" } = described[0] ?? {};
  const change: FormChange = { trust: "own", ca: `${ca}\n` };
  return [{ id: "add-intermediate", change, facts: { ...facts, sha256 } }];
}

/** Encryption without a check of the server. `require` with a CA of one's own would check it still. */
function unverifiedFixes({ profile: { tls } }: Evidence): Fix[] {
  const change: FormChange = tls.trust === "own" ? { mode: "require", trust: "system" } : { mode: "require" };
  return [
    { id: "use-require", change },
    { id: "allow-self-signed", change: { allowSelfSigned: true } },
  ];
}

/**
 * The certificate's own names, the nearest first: as the host, or as the name that is verified while the same
 * address is dialled. A pattern is no name.
 */
function certificateNameFixes({ handshake, profile, dialled }: Evidence): Fix[] {
  // RFC 1035 section 2.3.4: no host's name is longer than 255 octets.
  const names = (handshake?.name.names ?? []).filter(
    (name) => name.length <= 255 && /^[a-z0-9]([a-z0-9.:-]*[a-z0-9])?$/i.test(name),
  );
  const nearest = nearestName(names, profile.host);
  if (nearest === undefined) return [];
  const facts = { name: nearest };
  const host = { host: nearest, ...trustUnderName(nearest, profile) };
  const fixes: Fix[] = [{ id: "use-certificate-name", facts, change: { ...host, networkAddress: "" } }];
  if (dialled !== null && net.isIP(nearest) === 0) {
    const change = { ...host, networkAddress: dialled };
    fixes.push({ id: "verify-name-dial-address", facts: { ...facts, address: dialled }, change });
  }
  return fixes;
}

/** The provider's roots hang on the host's name: under one that is none of its own there are none. */
function trustUnderName(name: string, profile: Evidence["profile"]): FormChange {
  if (profile.tls.trust !== "provider") return {};
  const [there, here] = [recogniseProvider(name), recogniseProvider(profile.host)];
  if (there !== undefined && here !== undefined && rootsIdOf(there) === rootsIdOf(here)) return {};
  return { trust: "system", ...fullChecks(profile) };
}

/** Verify CA is of use only for a CA that is one's own: any customer of a public one has a certificate of it. */
function nameUncheckedFixes({ profile: { tls }, anchors }: Evidence): Fix[] {
  const ofProvider = tls.trust === "provider" && anchors !== null && !holdsPublicRoots(anchors);
  if (tls.trust === "own" || ofProvider) return [{ id: "use-verify-ca", change: { mode: "verify-ca" } }];
  return [{ id: "use-require", change: { mode: "require" } }];
}

function weakPasswordFixes(evidence: Evidence): Fix[] {
  const { method } = evidence.signIn;
  if (method !== "password" && method !== "md5") return [];
  const { mode, allowSelfSigned } = evidence.profile.tls;
  const fixes: Fix[] = [];
  if (mode === "disable") fixes.push(turnSslOn(evidence));
  else if (mode !== "verify-full" || allowSelfSigned)
    fixes.push({ id: "use-verify-full", change: { mode: "verify-full", allowSelfSigned: false } });
  return [...fixes, { id: "allow-weak-password", change: { allowWeakPassword: true } }];
}

function issuerOfLeaf({ handshake, now }: Evidence): string {
  const leaf = handshake?.chain[0];
  return leaf === undefined ? "" : describeCertificate(leaf, now).issuer;
}

function hasClientCertificate({ profile }: Evidence): boolean {
  return profile.tls.clientCertificate !== undefined && profile.secrets.clientKey !== undefined;
}
