import type { CertificateFacts } from "#lib/certificates/material.ts";
import type { ChainCode } from "#lib/problems/chain-codes.ts";

/**
 * How a place or a link stands. `open` says that nobody looked; `warn` that a check would have failed where the mode
 * asks for none.
 */
export type ChainMark = "sound" | "warn" | "broken" | "open";

/** What stands at a place. `host` is the name that was asked for, `server` whoever decides about a client. */
export type ChainRole =
  | "host"
  | "leaf"
  | "intermediate"
  | "root"
  | "store"
  | "pin"
  | "key"
  | "client"
  | "issuer"
  | "server";

/** What a link says, from a place to the next; `reached` is said of what stands behind a broken one. */
export type ChainTie = "names" | "issued" | "trusted" | "reached" | "pinned" | "belongs" | "shown";

/** What is wrong with a client's own chain. */
export type ClientFault =
  | "client-certificate-required"
  | "client-certificate-refused"
  | "client-certificate-unknown-ca"
  | "client-certificate-revoked"
  | "client-certificate-wrong-purpose"
  | "client-certificate-expired"
  | "auth-client-certificate-missing"
  | "auth-client-certificate-other-user"
  | "key-not-for-certificate";

/** A permanent code of the catalogue; its words are `chain.faults.<code>`. */
export type ChainFault = ChainCode | ClientFault;

export interface ChainLink {
  readonly tie: ChainTie;
  readonly mark: ChainMark;
  readonly fault?: ChainFault;
}

export interface ChainPlace {
  readonly role: ChainRole;
  /** A host, a certificate's subject, or the id of a store; empty where there is none. Text of others. */
  readonly name: string;
  readonly mark: ChainMark;
  readonly fault?: ChainFault;
  /** Drawn as a gap: what should stand here was not seen. */
  readonly gap?: true;
  /** It has signed itself, which is well with a root and with a certificate that is pinned. */
  readonly loop?: ChainMark;
  readonly facts?: CertificateFacts;
  /** Of what is known by its fingerprint alone: upper-case hex pairs with colons. */
  readonly sha256?: string;
  /** Who gave the certificate. */
  readonly from?: "server" | "store";
  /** To the next place; left out at the last one. */
  readonly link?: ChainLink;
}

/** A chain as it is drawn, from what was asked for up to who answers for it. */
export type ChainDrawing = readonly ChainPlace[];
