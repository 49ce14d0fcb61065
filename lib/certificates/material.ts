import type { Problem } from "#lib/problems/problem.ts";

/** What was understood of pasted or chosen certificates and keys: facts to show, never key material. */
export interface MaterialFacts {
  readonly certificates: readonly CertificateFacts[];
  readonly key?: KeyFacts;
  readonly crls: readonly CrlFacts[];
  /** What is wrong with it; empty when it can be used. */
  readonly problems: readonly Problem[];
}

export interface CertificateFacts {
  /** RFC 4514-like one-line names, most specific part first: `CN=db.example.test, O=Example`. */
  readonly subject: string;
  readonly issuer: string;
  /** `DNS:name` or `IP:address`. */
  readonly sans: readonly string[];
  readonly serial: string;
  /** ISO 8601 UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Whole days until `notAfter`; negative when it has passed. */
  readonly daysLeft: number;
  /** For people: `EC P-256`, `RSA 2048`, `Ed25519`. */
  readonly key: string;
  readonly signature: string;
  /** Upper-case hex pairs with colons. */
  readonly sha256: string;
  readonly selfSigned: boolean;
  readonly ca: boolean;
  readonly keyUsage: readonly string[];
  readonly extendedKeyUsage: readonly string[];
  /** The certificate itself. Public by nature; kept so that a fix can pin it. */
  readonly pem: string;
}

export interface KeyFacts {
  readonly kind: string;
  readonly encrypted: boolean;
  /** Undefined while an encrypted key has not been opened. */
  readonly description?: string;
  /** Whether it belongs to the given client certificate; undefined when there is none or it is not open. */
  readonly belongs?: boolean;
}

export interface CrlFacts {
  readonly issuer: string;
  readonly thisUpdate: string;
  readonly nextUpdate?: string;
  readonly revoked: number;
}
