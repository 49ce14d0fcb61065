import "server-only";
import { z } from "zod";
import type { Secret } from "#lib/secret.ts";
import {
  type ChannelBinding,
  channelBindings,
  type Environment,
  environments,
  type Negotiation,
  negotiations,
  type SignIn,
  type SslMode,
  signIns,
  sslModes,
  type TlsVersion,
  type TokenCredentials,
  type TrustSource,
  tlsVersions,
  tokenCredentials,
  trustSources,
} from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import type { GivenBy } from "./may-lead.ts";

/** What is saved of one connection. Every secret is a `Secret`; everything else may be shown. */
export interface ConnectionProfile {
  readonly id: string;
  /** Grows by one with each save; a form carries the one it was loaded with. */
  readonly rev: number;
  readonly name: string;
  readonly environment: Environment;
  readonly host: string;
  /** Dialled in place of `host`, which stays the name that is verified (libpq `hostaddr`). */
  readonly networkAddress?: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly signIn: SignIn;
  /** How the token is made; present when `signIn` is one of `tokenSignIns`. */
  readonly token?: TokenSettings;
  readonly tls: TlsSettings;
  /** Deadline of the whole attempt, ms. */
  readonly connectTimeoutMs: number;
  readonly applicationName: string;
  /** libpq `options`, sent as the startup parameter of that name; empty is not sent. */
  readonly options: string;
  /** The person allowed a clear-text or MD5 password to a server that is not verified in full. */
  readonly allowWeakPassword: boolean;
  readonly secrets: ProfileSecrets;
  /** Who gave each secret: they may lead it on. Missing of what nobody is known to have given. */
  readonly givenBy?: GivenBy;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Set on a connection that was taken over from the plaintext file of version 0.3. */
  readonly imported?: ImportNote;
}

export interface TlsSettings {
  readonly mode: SslMode;
  readonly trust: TrustSource;
  /** Own CA certificates, PEM; used when `trust` is `own`. */
  readonly ca?: string;
  /** Client certificate and its intermediates, PEM, leaf first. */
  readonly clientCertificate?: string;
  /** Revocation lists, PEM. */
  readonly crl?: string;
  /** `rejectUnauthorized: false`: nothing is verified, whatever the mode says (C8). */
  readonly allowSelfSigned: boolean;
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  readonly negotiation: Negotiation;
  readonly channelBinding: ChannelBinding;
  /** Whether the host name is sent in the handshake (libpq `sslsni`); on by default. */
  readonly sni: boolean;
}

/** What a short-lived token is made of; the secret half of a key pair is `secrets.tokenSecret`. */
export interface TokenSettings {
  /** AWS region; left out, the one that the host names. */
  readonly region?: string;
  /** How long a token can be used to sign in, seconds. */
  readonly expirySeconds: number;
  readonly credentials: TokenCredentials;
  readonly awsProfile?: string;
  readonly awsRole?: string;
  readonly awsAccessKeyId?: string;
  readonly entraTenant?: string;
  readonly entraClient?: string;
}

export interface ProfileSecrets {
  readonly password?: Secret;
  /** PEM, as given: an encrypted key stays encrypted. */
  readonly clientKey?: Secret;
  readonly keyPassphrase?: Secret;
  /** The encrypted key as its passphrase opened it, PEM, so that no connect has to work for it. No field of the form. */
  readonly openedKey?: Secret;
  /** The secret access key of AWS, or the client secret of Entra. */
  readonly tokenSecret?: Secret;
}

/** How a version 0.3 entry was labelled, and where that program did something else on the wire. */
export interface ImportNote {
  readonly legacyId: string;
  /** ids of `messages/<locale>/import.json`, one a difference. */
  readonly differences: readonly string[];
  /** Present when the old connection string could not be read: its text without any password. */
  readonly unparsed?: string;
  /** Parts of the old string, as `name=value`, that have no place here; never a secret. */
  readonly leftOver?: readonly string[];
}

/** A profile as a form gives it: not saved yet, so without id, revision and dates. */
export type ProfileDraft = Omit<ConnectionProfile, "id" | "rev" | "givenBy" | "createdAt" | "updatedAt">;

/** What a connection is before anybody has said anything of it: what a new form begins with, without host and user. */
export function newDraft(): ProfileDraft {
  const form = newFormValues;
  return {
    name: form.name,
    environment: form.environment,
    host: form.host,
    port: Number(form.port),
    database: form.database,
    user: form.user,
    signIn: form.signIn,
    tls: {
      mode: form.mode,
      trust: form.trust,
      allowSelfSigned: form.allowSelfSigned,
      minVersion: form.minVersion,
      maxVersion: form.maxVersion,
      negotiation: form.negotiation,
      channelBinding: form.channelBinding,
      sni: form.sni,
    },
    connectTimeoutMs: Number(form.connectTimeout) * 1000,
    applicationName: form.applicationName,
    options: form.options,
    allowWeakPassword: form.allowWeakPassword,
    secrets: {},
  };
}

/** What is sealed of a connection besides its secrets. Certificates and revocation lists are public, and part of it. */
export type ProfileMeta = Omit<ConnectionProfile, "id" | "rev" | "secrets">;

export const profileMeta: z.ZodType<ProfileMeta> = z.strictObject({
  name: z.string(),
  environment: z.enum(environments),
  host: z.string(),
  networkAddress: z.string().exactOptional(),
  port: z.int().min(1).max(65535),
  database: z.string(),
  user: z.string(),
  signIn: z.enum(signIns),
  token: z
    .strictObject({
      region: z.string().exactOptional(),
      expirySeconds: z.int().min(1).max(604_800),
      credentials: z.enum(tokenCredentials),
      awsProfile: z.string().exactOptional(),
      awsRole: z.string().exactOptional(),
      awsAccessKeyId: z.string().exactOptional(),
      entraTenant: z.string().exactOptional(),
      entraClient: z.string().exactOptional(),
    })
    .exactOptional(),
  tls: z.strictObject({
    mode: z.enum(sslModes),
    trust: z.enum(trustSources),
    ca: z.string().exactOptional(),
    clientCertificate: z.string().exactOptional(),
    crl: z.string().exactOptional(),
    allowSelfSigned: z.boolean(),
    minVersion: z.enum(tlsVersions),
    maxVersion: z.enum(tlsVersions),
    negotiation: z.enum(negotiations),
    channelBinding: z.enum(channelBindings),
    sni: z.boolean(),
  }),
  connectTimeoutMs: z.int().min(0),
  applicationName: z.string(),
  options: z.string(),
  allowWeakPassword: z.boolean(),
  givenBy: z
    .strictObject({
      password: z.string().exactOptional(),
      clientKey: z.string().exactOptional(),
      keyPassphrase: z.string().exactOptional(),
      tokenSecret: z.string().exactOptional(),
    })
    .exactOptional(),
  createdAt: z.string(),
  updatedAt: z.string(),
  imported: z
    .strictObject({
      legacyId: z.string(),
      differences: z.array(z.string()),
      unparsed: z.string().exactOptional(),
      leftOver: z.array(z.string()).exactOptional(),
    })
    .exactOptional(),
});

/** Every field named: what a draft has beyond them is not kept. */
export function metaOf(draft: ProfileDraft): Omit<ProfileMeta, "givenBy" | "createdAt" | "updatedAt"> {
  const { tls } = draft;
  return {
    name: draft.name,
    environment: draft.environment,
    host: draft.host,
    ...(draft.networkAddress === undefined ? {} : { networkAddress: draft.networkAddress }),
    port: draft.port,
    database: draft.database,
    user: draft.user,
    signIn: draft.signIn,
    ...(draft.token === undefined ? {} : { token: tokenOf(draft.token) }),
    tls: {
      mode: tls.mode,
      trust: tls.trust,
      ...(tls.ca === undefined ? {} : { ca: tls.ca }),
      ...(tls.clientCertificate === undefined ? {} : { clientCertificate: tls.clientCertificate }),
      ...(tls.crl === undefined ? {} : { crl: tls.crl }),
      allowSelfSigned: tls.allowSelfSigned,
      minVersion: tls.minVersion,
      maxVersion: tls.maxVersion,
      negotiation: tls.negotiation,
      channelBinding: tls.channelBinding,
      sni: tls.sni,
    },
    connectTimeoutMs: draft.connectTimeoutMs,
    applicationName: draft.applicationName,
    options: draft.options,
    allowWeakPassword: draft.allowWeakPassword,
    ...(draft.imported === undefined ? {} : { imported: draft.imported }),
  };
}

function tokenOf(token: TokenSettings): TokenSettings {
  const named = (name: keyof TokenSettings) => (token[name] === undefined ? {} : { [name]: token[name] });
  return {
    expirySeconds: token.expirySeconds,
    credentials: token.credentials,
    ...named("region"),
    ...named("awsProfile"),
    ...named("awsRole"),
    ...named("awsAccessKeyId"),
    ...named("entraTenant"),
    ...named("entraClient"),
  };
}
