import "server-only";
import net from "node:net";
import { describeCertificate } from "#lib/certificates/describe-certificate.ts";
import { catalogue, type FixId, type ProblemCode } from "#lib/problems/catalogue.ts";
import type { Fix } from "#lib/problems/problem.ts";
import { factsOf } from "#lib/providers/facts-of.ts";
import { rootsIdOf } from "#lib/providers/provider.ts";
import { recogniseProvider } from "#lib/providers/recognise-provider.ts";
import { noGivenRoots, rootsKind } from "#lib/providers/roots-kind.ts";
import type { FormChange } from "#lib/settings/form-values.ts";
import { certificatePath } from "#lib/trust/certificate-path.ts";
import { holdsPublicRoots } from "#lib/trust/mozilla-store.ts";
import type { Evidence } from "#lib/wire/evidence.ts";
import { usableName } from "#lib/wire/nearest-name.ts";

/**
 * What can be done about a problem here: of the catalogue's list for its code, in the catalogue's order, what fits
 * what was seen. One that a click can make carries the change of the form; the rest is advice.
 */
export function fixesFor(code: ProblemCode, evidence: Evidence): readonly Fix[] {
  return catalogue[code].fixes.flatMap((id) => {
    const offer = offers[id](evidence, code);
    return offer === null ? [] : [{ id, ...offer }];
  });
}

/** What an entry of the catalogue's lists comes to in this case; null where it would not lead on. */
type Offered = Omit<Fix, "id"> | null;
type Offer = (evidence: Evidence, code: ProblemCode) => Offered;

const always: Offer = () => ({});

const changing =
  (change: FormChange): Offer =>
  () => ({ change });

const offers: Readonly<Record<FixId, Offer>> = {
  "add-crls": always,
  "add-intermediate": addIntermediate,
  "allow-self-signed": changing({ allowSelfSigned: true }),
  "allow-weak-password": (evidence) =>
    hasWeakMethod(evidence) ? { change: { allowWeakPassword: true } } : null,
  "channel-binding-off": changing({ channelBinding: "disable" }),
  "channel-binding-prefer": changing({ channelBinding: "prefer" }),
  "check-authorised-networks": firewallOf("check-authorised-networks"),
  "check-azure-firewall": firewallOf("check-azure-firewall"),
  "check-ca": ({ profile }) => (profile.tls.trust === "own" ? {} : null),
  "check-clock": always,
  "check-database": always,
  "check-firewall": firewallOf("check-firewall"),
  "check-host": checkHost,
  "check-outgoing-network": always,
  "check-port": checkPort,
  "check-security-group": firewallOf("check-security-group"),
  "check-token-permissions": ({ token }, code) =>
    code === "auth-token-refused" && token === null ? null : {},
  "check-user": always,
  "drop-crls": changing({ crl: "" }),
  "drop-options": ({ profile }) => (profile.options === "" ? null : { change: { options: "" } }),
  "give-ca": always,
  "give-client-certificate": giveClientCertificate,
  "give-client-key": always,
  "give-passphrase": always,
  "give-password": always,
  "give-root": always,
  "give-token-credentials": always,
  "give-token-region": always,
  "install-token-library": always,
  "lengthen-token": (evidence) => (isTooShort(evidence) ? { change: { tokenExpiry: "900" } } : null),
  "lower-min-tls": lowerMinimum,
  "make-new-token": makeNewToken,
  "pin-certificate": pin,
  "raise-max-tls": ({ profile }) =>
    profile.tls.maxVersion === "TLSv1.3" ? null : { change: { maxVersion: "TLSv1.3" } },
  "remove-client-certificate": removeClientCertificate,
  "renew-certificate": always,
  "renew-token-credentials": always,
  "replace-pin": replacePin,
  "replace-server-certificate": always,
  "resume-server": always,
  "retry-later": always,
  "send-sni": ({ profile }) => (profile.tls.sni ? null : { change: { sni: true } }),
  "sign-in-again": always,
  "trust-mozilla": storeOf("mozilla"),
  "trust-presented-ca": presentedCa,
  "trust-provider": storeOf("provider"),
  "trust-system": storeOf("system"),
  "turn-ssl-off": turnSslOff,
  "turn-ssl-on": turnSslOn,
  "use-certificate-name": certificateName,
  "use-host-region": changing({ tokenRegion: "" }),
  "use-postgres-negotiation": usePostgresNegotiation,
  "use-require": useRequire,
  "use-verify-ca": (evidence) => (hasOwnAuthority(evidence) ? { change: { mode: "verify-ca" } } : null),
  "use-verify-full": useVerifyFull,
  "verify-name-dial-address": verifyNameDialAddress,
};

/** Where the address took the connection, its name led to something. */
function checkHost({ dialled, token }: Evidence, code: ProblemCode): Offered {
  if (code === "net-timeout") return dialled === null ? {} : null;
  // A token that is made here is made for the host that is dialled.
  if (code === "auth-token-refused") return token === null ? {} : null;
  return {};
}

function checkPort({ dialled, handshake, signIn }: Evidence, code: ProblemCode): Offered {
  if (code === "net-timeout") return dialled === null ? null : {};
  // Whoever has shown a certificate on request, or asked for a sign-in, speaks PostgreSQL's protocol.
  const spokePostgres = handshake !== null || signIn.method !== null;
  return (code === "net-closed" || code === "net-reset") && spokePostgres ? null : {};
}

/** Where the address took the connection no firewall drops it: what stands behind did not go on. */
function firewallOf(
  id: "check-firewall" | "check-azure-firewall" | "check-security-group" | "check-authorised-networks",
): Offer {
  return ({ dialled, profile }, code) => {
    if (code === "net-timeout" && dialled !== null) return null;
    const provider = recogniseProvider(profile.host);
    const kind = provider === undefined ? undefined : factsOf(provider).firewall;
    const known = kind === undefined || kind === "allow-list" ? "check-firewall" : firewallFixes[kind];
    const ids: readonly FixId[] = catalogue[code].fixes;
    if (id !== (ids.includes(known) ? known : "check-firewall")) return null;
    return provider === undefined ? {} : { facts: { provider: provider.name } };
  };
}

/** Azure drops what its firewall rules do not name, and so do most clouds. */
const firewallFixes = {
  "azure-firewall-rules": "check-azure-firewall",
  "aws-security-group": "check-security-group",
  "google-authorised-networks": "check-authorised-networks",
} as const;

/** A handshake that fails for want of common ciphers may want a certificate, unless none was asked for. */
function giveClientCertificate(evidence: Evidence, code: ProblemCode): Offered {
  const isOther = hasClientCertificate(evidence) || evidence.certificateAsked === false;
  return code === "tls-cipher-refused" && isOther ? null : {};
}

/** Whoever signs in by certificate has nothing left to sign in with, so it is no fix there. */
function removeClientCertificate({ profile }: Evidence): Offered {
  const isThere = profile.tls.clientCertificate !== undefined || profile.secrets.clientKey !== undefined;
  if (!isThere || profile.signIn === "certificate") return null;
  return { change: { clientCertificate: "", clientKey: "", keyPassphrase: "" } };
}

/** A token of our own that was over too soon is made anew with the usual lifetime; a pasted one is pasted again. */
function isTooShort({ token }: Evidence): boolean {
  return token?.kind === "aurora-dsql-token";
}

function makeNewToken(evidence: Evidence, code: ProblemCode): Offered {
  if (code === "auth-token-expired") return isTooShort(evidence) ? null : {};
  return evidence.token === null ? {} : null;
}

/** Below TLS 1.2 nothing would come of it: OpenSSL's security level leaves no signature that is allowed there. */
function lowerMinimum({ profile: { tls } }: Evidence): Offered {
  const leavesRoom = tls.maxVersion === "TLSv1.2" || tls.maxVersion === "TLSv1.3";
  return tls.minVersion === "TLSv1.3" && leavesRoom ? { change: { minVersion: "TLSv1.2" } } : null;
}

/** A server that was slow before its handshake was begun is slow over PostgreSQL's negotiation, too. */
function usePostgresNegotiation({ profile, step }: Evidence, code: ProblemCode): Offered {
  const isDirect = profile.tls.negotiation === "direct";
  const isCertain = code === "tls-direct-refused" || code === "tls-alpn-refused";
  const isLikely = isDirect && (code === "tls-closed" || step === "handshake");
  return isCertain || isLikely ? { change: { negotiation: "postgres" } } : null;
}

/**
 * Where the provider insists on TLS, or the sign-in is a certificate, plain text is no way out. What only makes
 * sense with TLS is set back with it, as the form takes one without the other for a mistake.
 */
function turnSslOff({ profile }: Evidence): Offered {
  if (recogniseProvider(profile.host)?.tlsRequired || profile.signIn === "certificate") return null;
  const { allowSelfSigned, channelBinding } = profile.tls;
  const change: FormChange = {
    ssl: false,
    ...(allowSelfSigned ? { allowSelfSigned: false } : {}),
    ...(channelBinding === "require" ? { channelBinding: "prefer" } : {}),
  };
  return { change };
}

/** `prefer` and `allow` had it on: what they lack is that it must be. */
function turnSslOn(evidence: Evidence, code: ProblemCode): Offered {
  const { mode } = evidence.profile.tls;
  const wasTried = code === "auth-tls-required" ? mode === "prefer" || mode === "allow" : mode !== "disable";
  return wasTried ? null : { change: fullyVerified(evidence) };
}

function useVerifyFull(evidence: Evidence, code: ProblemCode): Offered {
  const { mode, allowSelfSigned } = evidence.profile.tls;
  const change: FormChange = { ...fullyVerified(evidence), allowSelfSigned: false };
  // Nothing weaker will do for a token, wherever the form stands.
  if (code === "auth-token-needs-verification") return { change };
  if (mode === "disable" || (mode === "verify-full" && !allowSelfSigned)) return null;
  if (code === "auth-tls-required" && mode !== "prefer" && mode !== "allow") return null;
  return code === "auth-method-refused" && !hasWeakMethod(evidence) ? null : { change };
}

/** With everything checked; against the system's roots where the chosen trust holds none. */
function fullyVerified({ profile: { host, tls } }: Evidence): FormChange {
  const hasNoRoots =
    (tls.trust === "own" && tls.ca === undefined) ||
    (tls.trust === "provider" && rootsKind(recogniseProvider(host), host, noGivenRoots) === "none");
  return { ssl: true, mode: "verify-full", ...(hasNoRoots ? { trust: "system" } : {}) };
}

/** Encryption without a check of the server. `require` with a CA of one's own would check it still. */
function useRequire(evidence: Evidence, code: ProblemCode): Offered {
  const { tls } = evidence.profile;
  if (code === "auth-tls-required") return { change: { ssl: true, mode: "require" } };
  if (code === "tls-hostname-mismatch")
    return hasOwnAuthority(evidence) ? null : { change: { mode: "require" } };
  return { change: tls.trust === "own" ? { mode: "require", trust: "system" } : { mode: "require" } };
}

/** A password that is asked for in clear text or as MD5, where what was asked for is known. */
function hasWeakMethod({ signIn: { method } }: Evidence): boolean {
  return method === "password" || method === "md5";
}

/** Verify CA is of use only for a CA that is one's own: any customer of a public one has a certificate of it. */
function hasOwnAuthority({ profile: { tls }, anchors }: Evidence): boolean {
  const ofProvider = tls.trust === "provider" && anchors !== null && !holdsPublicRoots(anchors);
  return tls.trust === "own" || ofProvider;
}

/** Another store than the chosen one: one that vouches, or, where the chosen one is empty, one that may. */
function storeOf(store: "provider" | "system" | "mozilla"): Offer {
  return (evidence, code) => {
    const { profile, otherTrustStores } = evidence;
    const isEmpty = code === "trust-no-ca" || code === "trust-system-store-missing";
    if (store === profile.tls.trust || !(isEmpty || otherTrustStores.includes(store))) return null;
    if (store === "provider" && !hasProviderRoots(evidence)) return null;
    return { change: { trust: store, ...fullChecks(profile) } };
  };
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
function presentedCa({ handshake, now }: Evidence): Offered {
  const [leaf, ...others] = handshake?.chain ?? [];
  if (leaf === undefined) return null;
  const path = certificatePath([leaf, ...others], null);
  const root = path.certificates.at(-1);
  if (root === undefined || path.end !== "self-signed" || path.certificates.length < 2) return null;
  const { pem, sha256, subject } = describeCertificate(root, now);
  return { change: { trust: "own", ca: pem }, facts: { sha256, subject } };
}

function pin({ handshake, now }: Evidence): Offered {
  const [leaf, ...others] = handshake?.chain ?? [];
  if (leaf === undefined) return null;
  // A certificate that another one signed is no anchor for OpenSSL.
  if (certificatePath([leaf, ...others], null).certificates.length > 1 || leaf.subject !== leaf.issuer)
    return null;
  const { pem, sha256, subject } = describeCertificate(leaf, now);
  return { change: { trust: "own", ca: pem }, facts: { sha256, subject } };
}

/** The same change, with what it replaces: both fingerprints are shown before anybody agrees. */
function replacePin(evidence: Evidence): Offered {
  const pinned = pin(evidence);
  const [old] = evidence.anchors?.certificates() ?? [];
  if (pinned === null || old === undefined) return pinned;
  return { ...pinned, facts: { ...pinned.facts, replaces: describeCertificate(old, evidence.now).sha256 } };
}

/**
 * The authority that the server should have sent, where this console has met it: added to the anchors that vouch
 * for it, it completes the chain as the server's own would. OpenSSL takes from the store what the peer left out.
 */
function addIntermediate(evidence: Evidence): Omit<Fix, "id"> {
  const facts = { issuer: issuerOfLeaf(evidence) };
  const [first] = evidence.intermediates;
  if (first === undefined) return { facts };
  const { tls } = evidence.profile;
  const described = evidence.intermediates.map((one) => describeCertificate(one, evidence.now));
  const [leaf = first, ...others] = evidence.handshake?.chain ?? [];
  const path = certificatePath([leaf, ...others, ...evidence.intermediates], evidence.anchors);
  const kept = tls.trust === "own" ? (tls.ca ?? "") : (path.certificates.at(-1)?.toString() ?? "");
  const ca = [kept, ...described.map((one) => one.pem)].map((pem) => pem.trimEnd()).join("\n");
  const { sha256 = "" } = described[0] ?? {};
  return { change: { trust: "own", ca: `${ca}\n` }, facts: { ...facts, sha256 } };
}

function issuerOfLeaf({ handshake, now }: Evidence): string {
  const leaf = handshake?.chain[0];
  return leaf === undefined ? "" : describeCertificate(leaf, now).issuer;
}

/** As the host, where that name leads to what was dialled: anywhere else stands another server, or none. */
function certificateName({
  handshake,
  profile,
  certificateNameAddresses,
  addresses,
  dialled,
}: Evidence): Offered {
  const name = usableName(handshake?.name.names ?? [], profile.host);
  if (name === undefined) return null;
  const here = certificateNameAddresses.some((one) => one === dialled || addresses.includes(one));
  if (!here) return null;
  const change = { host: name, ...trustUnderName(name, profile), networkAddress: "" };
  return { change, facts: { name } };
}

/** As the name that is verified while the same address is dialled. */
function verifyNameDialAddress({ handshake, profile, dialled }: Evidence): Offered {
  const name = usableName(handshake?.name.names ?? [], profile.host);
  if (name === undefined || dialled === null || net.isIP(name) !== 0) return null;
  const change = { host: name, ...trustUnderName(name, profile), networkAddress: dialled };
  return { change, facts: { name, address: dialled } };
}

/** The provider's roots hang on the host's name: under one that is none of its own there are none. */
function trustUnderName(name: string, profile: Evidence["profile"]): FormChange {
  if (profile.tls.trust !== "provider") return {};
  const [there, here] = [recogniseProvider(name), recogniseProvider(profile.host)];
  if (there !== undefined && here !== undefined && rootsIdOf(there) === rootsIdOf(here)) return {};
  return { trust: "system", ...fullChecks(profile) };
}

function hasClientCertificate({ profile }: Evidence): boolean {
  return profile.tls.clientCertificate !== undefined && profile.secrets.clientKey !== undefined;
}
