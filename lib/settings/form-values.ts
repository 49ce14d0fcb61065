/** The connection form's values, in the browser's own terms: text, choices and ticks. */

export const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
export type SslMode = (typeof sslModes)[number];

export const trustSources = ["system", "mozilla", "provider", "own"] as const;
export type TrustSource = (typeof trustSources)[number];

export const tlsVersions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;
export type TlsVersion = (typeof tlsVersions)[number];

export const negotiations = ["postgres", "direct"] as const;
export type Negotiation = (typeof negotiations)[number];

export const channelBindings = ["disable", "prefer", "require"] as const;
export type ChannelBinding = (typeof channelBindings)[number];

export const environments = ["production", "staging", "development", "none"] as const;
export type Environment = (typeof environments)[number];

/** The kinds that make a short-lived token in place of a password. */
export const tokenSignIns = ["aurora-dsql-token", "rds-token", "entra-token"] as const;
export type TokenSignIn = (typeof tokenSignIns)[number];

export const signIns = ["password", "certificate", ...tokenSignIns] as const;
export type SignIn = (typeof signIns)[number];

/** Whether this way to sign in makes a token in place of a password. */
export function isTokenSignIn(signIn: SignIn): signIn is TokenSignIn {
  return (tokenSignIns as readonly SignIn[]).includes(signIn);
}

/** Where the console takes the cloud's credentials from: the host's own chain, or what the connection names. */
export const tokenCredentials = ["default", "profile", "role", "keys"] as const;
export type TokenCredentials = (typeof tokenCredentials)[number];

/** What happens to a stored secret on save. An empty field with `keep` keeps the stored one. */
export const secretActs = ["keep", "replace", "remove"] as const;
export type SecretAct = (typeof secretActs)[number];

export const secretFields = ["password", "clientKey", "keyPassphrase", "tokenSecret"] as const;
export type SecretField = (typeof secretFields)[number];

export interface FormValues {
  name: string;
  host: string;
  networkAddress: string;
  port: string;
  database: string;
  user: string;
  password: string;
  /** The SSL switch; off is `disable`, whatever `mode` says. */
  ssl: boolean;
  /** The mode that holds while `ssl` is on; never `disable`. */
  mode: Exclude<SslMode, "disable">;
  trust: TrustSource;
  ca: string;
  clientCertificate: string;
  clientKey: string;
  keyPassphrase: string;
  crl: string;
  allowSelfSigned: boolean;
  minVersion: TlsVersion;
  maxVersion: TlsVersion;
  negotiation: Negotiation;
  channelBinding: ChannelBinding;
  sni: boolean;
  /** Seconds, as text. */
  connectTimeout: string;
  applicationName: string;
  options: string;
  environment: Environment;
  signIn: SignIn;
  /** AWS region; empty is the one that the host names. */
  tokenRegion: string;
  /** Seconds, as text. */
  tokenExpiry: string;
  tokenCredentials: TokenCredentials;
  /** A profile of the host's own AWS configuration; used with `profile`. */
  awsProfile: string;
  /** The ARN of a role to assume; used with `role`. */
  awsRole: string;
  /** Used with `keys`; its secret half is `tokenSecret`. */
  awsAccessKeyId: string;
  /** Tenant and client of an Entra application; used with `keys`, its secret is `tokenSecret`. */
  entraTenant: string;
  entraClient: string;
  /** The secret access key of AWS, or the client secret of Entra. */
  tokenSecret: string;
  allowWeakPassword: boolean;
  /** One act a secret; only meaningful while editing a saved connection. */
  secretActs: Record<SecretField, SecretAct>;
}

/** What makes of a form one that signs nobody in: nothing typed, nothing kept. Spread over its values. */
export const signedOut = {
  signIn: "password",
  password: "",
  clientCertificate: "",
  clientKey: "",
  keyPassphrase: "",
  tokenSecret: "",
  secretActs: { password: "remove", clientKey: "remove", keyPassphrase: "remove", tokenSecret: "remove" },
} as const satisfies Partial<FormValues>;

/** What one click on a fix, or one paste, changes in the form. */
export type FormChange = Partial<Omit<FormValues, "secretActs">>;
