import "server-only";
import { readMaterial } from "#lib/certificates/read-material.ts";
import { eachSecret } from "#lib/settings/fields.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import type { ConnectionProfile, ProfileDraft } from "./profile.ts";
import { storedSecrets } from "./stored-secrets.ts";
import type { ProfileView } from "./view.ts";

/**
 * A saved connection as the browser may see it. Every field is named by hand, so that a field that is added to
 * the profile stays on the server until someone decides otherwise.
 * @param viewer the id of the user who looks
 * @param now    the moment that the certificates' days are counted from
 */
export function profileView(profile: ConnectionProfile, viewer: string, now: Date = new Date()): ProfileView {
  const { tls, secrets } = profile;
  // An encrypted key is not opened for a view: its text may ask for a second of work.
  const key = secrets.clientKey
    ? readMaterial("clientKey", secrets.clientKey, { certificate: tls.clientCertificate, now }).key
    : undefined;
  return {
    id: profile.id,
    rev: profile.rev,
    values: formValues(profile),
    stored: storedSecrets(profile),
    yours: eachSecret((field) => profile.givenBy?.[field] === viewer),
    caCertificates: readMaterial("ca", tls.ca ?? "", { now }).certificates,
    clientCertificates: readMaterial("clientCertificate", tls.clientCertificate ?? "", { now }).certificates,
    ...(key ? { clientKey: key } : {}),
    createdAt: profile.createdAt,
    updatedAt: profile.updatedAt,
    ...(profile.imported ? { imported: importNote(profile.imported) } : {}),
  };
}

/** What the form starts with when a saved connection is edited. Its secret fields are empty and say "keep". */
export function formValues(profile: ProfileDraft): FormValues {
  const { tls } = profile;
  return {
    name: profile.name,
    host: profile.host,
    networkAddress: profile.networkAddress ?? "",
    port: String(profile.port),
    database: profile.database,
    user: profile.user,
    password: "",
    ssl: tls.mode !== "disable",
    mode: tls.mode === "disable" ? newFormValues.mode : tls.mode,
    trust: tls.trust,
    ca: tls.ca ?? "",
    clientCertificate: tls.clientCertificate ?? "",
    clientKey: "",
    keyPassphrase: "",
    crl: tls.crl ?? "",
    allowSelfSigned: tls.allowSelfSigned,
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    negotiation: tls.negotiation,
    channelBinding: tls.channelBinding,
    sni: tls.sni,
    connectTimeout: String(Math.round(profile.connectTimeoutMs / 1000)),
    applicationName: profile.applicationName,
    options: profile.options,
    environment: profile.environment,
    signIn: profile.signIn,
    tokenRegion: profile.token?.region ?? "",
    tokenExpiry: String(profile.token?.expirySeconds ?? newFormValues.tokenExpiry),
    tokenCredentials: profile.token?.credentials ?? newFormValues.tokenCredentials,
    awsProfile: profile.token?.awsProfile ?? "",
    awsRole: profile.token?.awsRole ?? "",
    awsAccessKeyId: profile.token?.awsAccessKeyId ?? "",
    entraTenant: profile.token?.entraTenant ?? "",
    entraClient: profile.token?.entraClient ?? "",
    tokenSecret: "",
    allowWeakPassword: profile.allowWeakPassword,
    secretActs: newFormValues.secretActs,
  };
}

function importNote(note: NonNullable<ConnectionProfile["imported"]>): NonNullable<ProfileView["imported"]> {
  const kept = { legacyId: note.legacyId, differences: note.differences };
  return note.unparsed === undefined ? kept : { ...kept, unparsed: note.unparsed };
}
