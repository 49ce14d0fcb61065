import type { ProblemCode } from "#lib/problems/catalogue.ts";
import type { ProviderNoteId } from "./provider.ts";

/** What diagnosis, the trust stores and the help pages know of a provider, besides what the form needs. */
export interface ProviderFacts {
  /** The public roots its servers chain to. */
  readonly roots: readonly ProviderRoot[];
  /** How to recognise the subject of a certificate's issuer, for servers without names of their own. */
  readonly issuers?: RegExp;
  /** Its own words in errors. The first that fits counts. */
  readonly errors: readonly ErrorPhrase[];
  /** What drops the packets of an address that it does not know (H5); words in `problems.net-timeout`. */
  readonly firewall?: FirewallKind;
  /** Names of what the shipped roots lack, as a region; `Provider.rootsMissing` tells its hosts. */
  readonly lacks?: readonly string[];
  /** What can go stale: where it was read, and when. */
  readonly sources: readonly FactSource[];
}

export interface ProviderRoot {
  /** The common name, for people. Roots are known by fingerprint alone: two of them may share a name. */
  readonly name: string;
  /** SHA-256 of the certificate, upper-case hex pairs with colons. */
  readonly sha256: string;
  /** The day it ends, ISO 8601. */
  readonly notAfter: string;
}

export interface ErrorPhrase {
  readonly words: RegExp;
  readonly code: ProblemCode;
  /** Words that others use for other troubles: they count at this provider's own hosts only. */
  readonly ownHostsOnly?: true;
}

export type FirewallKind =
  | "azure-firewall-rules"
  | "aws-security-group"
  | "google-authorised-networks"
  | "allow-list";

export interface FactSource {
  /** What was read there. `hosts`, `settings`, `roots` and `errors` are about the data, the others about a note. */
  readonly about: "hosts" | "settings" | "roots" | "errors" | ProviderNoteId;
  /** A page of the provider's own documentation or repository, without `https://`; null for common knowledge. */
  readonly page: string | null;
  /** The month it was last looked at, `YYYY-MM`. */
  readonly asOf: string;
}
