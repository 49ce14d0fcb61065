import "server-only";
import type { Secret } from "#lib/secret.ts";
import type {
  ChannelBinding,
  Environment,
  Negotiation,
  SignIn,
  SslMode,
  TlsVersion,
  TokenCredentials,
  TrustSource,
} from "#lib/settings/form-values.ts";

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
export type ProfileDraft = Omit<ConnectionProfile, "id" | "rev" | "createdAt" | "updatedAt">;
