import type { FormValues } from "#lib/settings/form-values.ts";

/** Every form that a connection can be written in, in the order they are offered. */
export const copyForms = [
  "psql-sh",
  "psql-cmd",
  "psql-powershell",
  "uri",
  "keywords",
  "jdbc",
  "npgsql",
  "node-postgres",
  "psycopg",
  "pgx",
  "ruby-pg",
  "php-pgsql",
  "django",
  "service-file",
  "kubernetes-secret",
] as const;
export type CopyForm = (typeof copyForms)[number];

/** What beside the form's values decides how a connection is written. */
export interface WriteOptions {
  /** Writes the password, the passphrase and the key that stand in `values`; they are left out otherwise. */
  readonly withSecrets?: boolean;
  /** The roots that the chosen trust stands for, PEM, where they go along as a file. */
  readonly roots?: string;
  /** The connection's own CA holds what is no root: the server's certificate itself, or an intermediate. */
  readonly pinned?: boolean;
}

/** A connection as one client takes it. */
export interface CopiedText {
  /** "" while there is no host to speak of, and where the form cannot say it (a remark tells why). */
  readonly text: string;
  /** What the text names by file name, to be saved beside it. */
  readonly files: readonly WrittenFile[];
  readonly remarks: readonly Remark[];
}

export type FileName = "ca.pem" | "client.crt" | "client.key" | "revoked.crl";

export interface WrittenFile {
  readonly name: FileName;
  /** PEM; undefined where it is not at hand: roots that were not asked for yet, a key that is not given away. */
  readonly content?: string;
}

/** A connection, and what is said and saved while it is being written. */
export interface Draft {
  readonly values: FormValues;
  readonly options: WriteOptions;
  readonly files: Map<FileName, string | undefined>;
  readonly remarks: Map<RemarkId, Remark>;
}

/** Adds a remark, once. */
export function remark(draft: Draft, id: RemarkId, facts?: Readonly<Record<string, string>>): void {
  draft.remarks.set(id, facts === undefined ? { id } : { id, facts });
}

export interface Remark {
  readonly id: RemarkId;
  readonly facts?: Readonly<Record<string, string>>;
}

/** The words stand under the same id in `messages/<locale>/copy-as.json`. */
export type RemarkId = (typeof weakerRemarks)[number] | (typeof plainRemarks)[number];

/** What needs a second look: this client proves or refuses less than the console does, or nobody proves anything. */
export const weakerRemarks = [
  "not-verified",
  "root-file-required",
  "no-crl",
  "no-tls-range",
  "no-channel-binding-require",
  "jdbc-channel-binding-version",
  "weak-password-answered",
] as const;

/** What to know; the security is the same or stronger. */
export const plainRemarks = [
  // What is done in another way.
  "prefer-raised",
  "roots-as-file",
  "windows-no-system-store",
  "crl-needs-file",
  "system-store-libpq-16",
  "system-store-jvm",
  "system-store-node",
  "system-store-psycopg",
  "node-never-by-url",
  "uri-read-otherwise",
  "needs-libpq-17",
  "jdbc-direct-version",
  "pgx-version",
  "sni-always",
  "no-network-address",
  "pinned-needs-partial-chain",
  // Files.
  "key-permissions",
  "key-for-jdbc",
  "key-for-pgx",
  "key-beside",
  "secret-mounted",
  "service-file-place",
  // Secrets.
  "password-asked",
  "password-left-out",
  "password-from-environment",
  "passphrase-from-environment",
  "passphrase-left-out",
  "secrets-inside",
  "secret-not-writable",
  // Tokens.
  "token-needs-command",
  "token-short-lived",
  "token-role",
  "token-keys",
  "token-region-missing",
  "psql-17",
  // What cannot be said at all.
  "value-left-out",
  "cannot-be-written",
] as const;
