import "server-only";
import { samePem } from "#lib/certificates/pem-kind.ts";
import { checksOfTls } from "#lib/settings/checks-of.ts";
import { channelBindings, type SecretField, sslModes, tlsVersions } from "#lib/settings/form-values.ts";
import type { ConnectionProfile, ProfileDraft, TlsSettings } from "./profile.ts";

/**
 * The stored secrets that a save would keep although they would then go to another server, as another user, or
 * over a connection that is weaker than the one they were given for. Whoever edits a connection must not be able
 * to have its password sent to a server of their own. A passphrase never leaves the host and goes with its key.
 */
export function secretsAtRisk(draft: ProfileDraft, previous: ConnectionProfile): readonly SecretField[] {
  const kept = (["password", "clientKey"] as const).filter(
    (field) => draft.secrets[field] !== undefined && draft.secrets[field] === previous.secrets[field],
  );
  const changed = goesElsewhere(draft, previous) || isWeaker(draft, previous);
  return [
    ...(changed ? kept : []),
    ...(changed || signsOtherwise(draft, previous) ? tokenSecret(draft, previous) : []),
  ];
}

/**
 * Whether a save or a test would have the host's own cloud credentials sign in anywhere but where a saved connection has
 * them do so already. What they make lets its bearer in, and they are given to the host, not to whoever edits.
 */
export function hostCredentialsAtRisk(draft: ProfileDraft, previous: ConnectionProfile | undefined): boolean {
  if (!usesHost(draft)) return false;
  if (previous === undefined || !usesHost(previous)) return true;
  return goesElsewhere(draft, previous) || isWeaker(draft, previous) || signsOtherwise(draft, previous);
}

function usesHost({ token }: ProfileDraft): boolean {
  return token !== undefined && token.credentials !== "keys";
}

/** It stays on the host; but what it signs goes out, and lets its bearer in. */
function tokenSecret(draft: ProfileDraft, previous: ConnectionProfile): readonly SecretField[] {
  const kept =
    draft.secrets.tokenSecret !== undefined && draft.secrets.tokenSecret === previous.secrets.tokenSecret;
  return kept ? ["tokenSecret"] : [];
}

/** What was given for one kind of token, region or identity is not to be used for another without being known. */
function signsOtherwise(draft: ProfileDraft, previous: ConnectionProfile): boolean {
  const of = ({ signIn, token }: ProfileDraft) =>
    [
      signIn,
      token?.credentials,
      token?.region,
      token?.awsProfile,
      token?.awsRole,
      token?.awsAccessKeyId,
      token?.entraTenant,
      token?.entraClient,
    ].join("\n");
  return of(draft) !== of(previous);
}

function goesElsewhere(draft: ProfileDraft, previous: ConnectionProfile): boolean {
  return (
    draft.host.toLowerCase() !== previous.host.toLowerCase() ||
    draft.networkAddress !== previous.networkAddress ||
    draft.port !== previous.port ||
    draft.user !== previous.user
  );
}

function isWeaker(draft: ProfileDraft, previous: ConnectionProfile): boolean {
  return (draft.allowWeakPassword && !previous.allowWeakPassword) || isWeakerTls(draft.tls, previous.tls);
}

/** Where nothing was verified before, another trust cannot verify less. */
function isWeakerTls(next: TlsSettings, before: TlsSettings): boolean {
  return (
    rank(sslModes, next.mode) < rank(sslModes, before.mode) ||
    (next.allowSelfSigned && !before.allowSelfSigned) ||
    (checksOfTls(before).server !== "none" && trustsOthers(next, before)) ||
    rank(tlsVersions, next.minVersion) < rank(tlsVersions, before.minVersion) ||
    rank(tlsVersions, next.maxVersion) < rank(tlsVersions, before.maxVersion) ||
    rank(channelBindings, next.channelBinding) < rank(channelBindings, before.channelBinding) ||
    next.sni !== before.sni
  );
}

function trustsOthers(next: TlsSettings, before: TlsSettings): boolean {
  return next.trust !== before.trust || !samePem(next.ca, before.ca) || !samePem(next.crl, before.crl);
}

/** The lists of choices stand in order of strength. */
function rank<T>(order: readonly T[], choice: T): number {
  return order.indexOf(choice);
}
