import "server-only";
import type { X509Certificate } from "node:crypto";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import type { Facts } from "#lib/problems/problem.ts";
import type { StepName } from "#lib/problems/step-names.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import type { TokenSignIn, TrustSource } from "#lib/settings/form-values.ts";
import type { TrustAnchors } from "#lib/trust/trust-anchors.ts";
import type { AddressKind } from "./network-policy.ts";
import type { NameCheck } from "./server-name.ts";

/** What one attempt has seen so far. `diagnose` reads nothing else, besides the error itself. */
export interface Evidence {
  readonly profile: ProfileDraft;
  readonly now: Date;
  step: StepName;
  /** How this try talks to the server; `prefer` and `allow` may make two tries. */
  transport: "plaintext" | "tls";
  /** Everything the name resolved to, in the resolver's order. */
  addresses: readonly string[];
  readonly denied: { readonly address: string; readonly kind: AddressKind }[];
  /** Why an address did not answer: `ECONNREFUSED` and the like. */
  readonly addressErrors: { readonly address: string; readonly code: string }[];
  dialled: string | null;
  anchors: TrustAnchors | null;
  /** Whether the server asked for a client certificate before the handshake ended; null while nobody can tell. */
  certificateAsked: boolean | null;
  handshake: HandshakeEvidence | null;
  /** Other stores than the chosen one that would vouch for the server's chain. */
  otherTrustStores: readonly Exclude<TrustSource, "own">[];
  /** What the server left out of its chain, as another server has shown it; empty where none has. */
  intermediates: readonly X509Certificate[];
  /** Where the certificate's nearest name leads, when it is not the host's; empty where nobody asked or knows. */
  certificateNameAddresses: readonly string[];
  /** The curve of the server's key, where a handshake failed because of it; null where it did not, or nobody knows. */
  keyCurve: string | null;
  signIn: SignInEvidence;
  /** The token that was made to sign in with; null while there is none. Never its value. */
  token: TokenEvidence | null;
}

/** What is known of a token besides its value. */
export interface TokenEvidence {
  readonly kind: TokenSignIn;
  readonly madeAt: Date;
  readonly expiresAt: Date;
  /** The AWS region it was signed for; null for Entra. */
  readonly region: string | null;
  /** When the server was found to have refused it; null while it was not. */
  refusedAt: Date | null;
  /** What time it was by the cloud's clock then; null where nobody told. */
  serviceTime: Date | null;
}

/** What the TLS handshake showed, caught before Node throws the socket away. */
export interface HandshakeEvidence {
  /** As the server sent it, leaf first. */
  readonly chain: readonly X509Certificate[];
  readonly name: NameCheck;
  readonly protocol: string;
  readonly cipher: string;
  /** The group of the key exchange; null where this Node cannot tell. */
  readonly keyExchange: string | null;
  readonly alpn: string | null;
  readonly sni: string | null;
  readonly sentClientCertificate: boolean;
  /** Every check that the mode asks for was passed. */
  accepted: boolean;
  /** The way from the server's certificate up to the anchor; null while none was verified. */
  built: readonly X509Certificate[] | null;
  /** What vouched for the chain; null while nothing did. */
  anchor: X509Certificate | null;
  /** Why the certificate is not verified: OpenSSL's name of the reason. Null when its chain is. */
  verifyError: string | null;
  /** The same in OpenSSL's words, which name what the code does not. */
  verifyText: string | null;
}

export interface SignInEvidence {
  /** What the server asked for; null until it asked. */
  method: SignInMethod | null;
  /** Whether the server offered to bind the sign-in to the TLS channel; null until it could. */
  channelBindingOffered: boolean | null;
  channelBindingUsed: boolean;
  /** SCRAM had ended well, which it does only with the right password. */
  passwordAccepted: boolean;
  /** The server let us in. */
  accepted: boolean;
}

export type SignInMethod =
  | "none"
  | "password"
  | "md5"
  | "scram-sha-256"
  | "scram-sha-256-plus"
  | "gss"
  | "sspi"
  | "oauth"
  | "other";

/** What the wire itself knows to be wrong: no guess is needed. */
export class WireProblem extends Error {
  readonly code: ProblemCode;
  readonly facts: Facts;

  constructor(code: ProblemCode, facts: Facts = {}) {
    super(code);
    this.name = "WireProblem";
    this.code = code;
    this.facts = facts;
  }
}

/** An attempt's evidence before its first step. */
export function noEvidence(profile: ProfileDraft, now: Date): Evidence {
  return {
    profile,
    now,
    step: "name",
    transport: profile.tls.mode === "disable" ? "plaintext" : "tls",
    addresses: [],
    denied: [],
    addressErrors: [],
    dialled: null,
    anchors: null,
    certificateAsked: null,
    handshake: null,
    otherTrustStores: [],
    intermediates: [],
    certificateNameAddresses: [],
    keyCurve: null,
    signIn: {
      method: null,
      channelBindingOffered: null,
      channelBindingUsed: false,
      passwordAccepted: false,
      accepted: false,
    },
    token: null,
  };
}
