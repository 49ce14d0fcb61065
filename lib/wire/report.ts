import type { CertificateFacts } from "#lib/certificates/material.ts";
import type { Facts, Problem, StepName } from "#lib/problems/problem.ts";
import type { Proof } from "#lib/settings/checks-of.ts";
import type { TokenSignIn } from "#lib/settings/form-values.ts";
import type { CertificatePath } from "#lib/trust/certificate-path.ts";

/** One step of the connection, as it went. */
export interface StepReport {
  readonly name: StepName;
  readonly state: "passed" | "failed" | "skipped";
  /** Time spent on this step, ms; 0 when skipped. */
  readonly ms: number;
  readonly facts: Facts;
}

/** How far the server's identity was proved. */
export type Verified = Proof;

/** What the live socket says of itself. */
export interface TlsReport {
  readonly encrypted: true;
  readonly verified: Verified;
  readonly protocol: string;
  readonly cipher: string;
  /** Key exchange group; null where this Node cannot tell. */
  readonly keyExchange: string | null;
  readonly sni: string | null;
  readonly alpn: string | null;
  /** Whether SCRAM was bound to this TLS channel. */
  readonly channelBinding: boolean;
  /** Whether the server offered to; null when the sign-in did not come so far, or by another way than SCRAM. */
  readonly channelBindingOffered: boolean | null;
  /** Whether the server asked for a client certificate; null where nobody can tell. */
  readonly clientCertificateAsked: boolean | null;
  readonly negotiation: "postgres" | "direct";
  /** The host that was asked for, whether the certificate is for it, and whether the mode wants to know. */
  readonly name: { readonly host: string; readonly matches: boolean; readonly checked: boolean };
  /** The trust store that was looked in; null where the mode asks none. */
  readonly store: string | null;
  /** Where the way of `built` ends; null where nothing was verified. */
  readonly end: CertificatePath["end"] | null;
  /** The certificate that vouched, and the store it came from; null when nothing was verified. */
  readonly anchor: { readonly source: string; readonly certificate: CertificateFacts } | null;
  /** As the server sent it, leaf first. */
  readonly chain: readonly CertificateFacts[];
  /** From the server's certificate up to where the way ends, as it was built; empty when nothing was verified. */
  readonly built: readonly CertificateFacts[];
  readonly clientCertificate: CertificateFacts | null;
  /** Why the certificate was not verified, where the mode did not ask for it: an OpenSSL or console reason. */
  readonly unverifiedReason: string | null;
}

/** What the server says of the session. */
export interface ServerReport {
  readonly version: string;
  readonly user: string;
  readonly database: string;
  /** ISO 8601 UTC; null where the server does not tell. */
  readonly startedAt: string | null;
  readonly superuser: boolean | null;
  readonly readOnly: boolean | null;
  readonly backendPid: number | null;
  /** `pg_stat_ssl` of this backend; null where it cannot be read. Behind a pooler it is the pooler's leg. */
  readonly sees: {
    readonly ssl: boolean;
    readonly version: string | null;
    readonly cipher: string | null;
    readonly clientDn: string | null;
  } | null;
}

/** What may be told of a sign-in token. */
export interface TokenReport {
  readonly kind: TokenSignIn;
  /** ISO 8601 UTC. */
  readonly madeAt: string;
  readonly expiresAt: string;
  /** AWS region; null for Entra. */
  readonly region: string | null;
}

/** One attempt to connect, whole. Safe to send: it holds no secret. */
export interface AttemptReport {
  readonly ok: boolean;
  readonly problem: Problem | null;
  readonly steps: readonly StepReport[];
  /** Null when the session is (or would have been) in plain text. */
  readonly tls: TlsReport | null;
  readonly server: ServerReport | null;
  /** Set when `prefer` or `allow` ended in another transport than it tried first. */
  readonly fallback: "to-plaintext" | "to-tls" | null;
  /** The token that was made to sign in with; absent for other ways to sign in. */
  readonly token?: TokenReport;
  /** Whole attempt, ms. */
  readonly ms: number;
}

/** What a running test sends as it happens. */
export type AttemptEvent =
  | { readonly type: "step-started"; readonly name: StepName }
  | { readonly type: "step"; readonly step: StepReport }
  | { readonly type: "done"; readonly report: AttemptReport };
