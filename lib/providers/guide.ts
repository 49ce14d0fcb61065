import type { ProblemCode } from "#lib/problems/catalogue.ts";
import type { PublicRootId } from "./public-root-files.ts";
import type { SourceId } from "./sources.ts";

/** A help page's worth of one provider, as data: the words stand in `messages/<locale>/guides.json`. */
export interface ProviderGuide {
  /** What it is, in a sentence or two; also on the overview. */
  readonly lead: Statement;
  /** In the order they are done. */
  readonly start: readonly Statement[];
  readonly settings: readonly RecommendedSetting[];
  /** Where the roots come from, and what to know of them. */
  readonly roots: readonly Statement[];
  /** Which guides stand under "on your system", in this order. */
  readonly trust: readonly TrustGuide[];
  readonly psql: PsqlExample;
  readonly signIn: readonly Statement[];
  readonly ports: readonly PortNote[];
  readonly network: readonly Statement[];
  readonly errors: readonly UsualError[];
}

/** One thing that is said. What can go stale names where it was read. */
export interface Statement {
  /** A key of `guides.say`. */
  readonly id: SayId;
  /** For the words' places, as in `{place}`: product names and paths, the same in every language. */
  readonly values?: Readonly<Record<string, string>>;
  /**
   * Where it was read. `unconfirmed` says that no document of the provider's was at hand; left out where the sentence
   * speaks of this console or of PostgreSQL itself.
   */
  readonly source?: SourceId | "unconfirmed";
  /** Sources do not agree here, and the safer reading was taken. */
  readonly disputed?: true;
}

export type SayId = keyof typeof import("#messages/en/guides.json")["say"];

export interface RecommendedSetting {
  readonly field:
    | "mode"
    | "trust"
    | "port"
    | "database"
    | "user"
    | "channelBinding"
    | "negotiation"
    | "sni"
    | "signIn";
  /** As the form holds it; shown in the form's own words where it is one of its choices. A port may be `own`. */
  readonly value: string;
  readonly why: Statement;
}

export interface PortNote {
  /** `own` where each service has another one. */
  readonly port: string;
  readonly note: Statement;
}

export interface UsualError {
  /** The message as other programmes show it; never translated. */
  readonly text: string;
  /** The entry on the problems page, which has the cause and the fix. */
  readonly code: ProblemCode;
  /** What is special about it here. */
  readonly note?: Statement;
}

/** How a root or a certificate gets to where it is needed, on each operating system. */
export type TrustGuide =
  /** A public root that goes into the operating system's store (D4). */
  | { readonly kind: "system-root"; readonly roots: readonly [PublicRootId, ...PublicRootId[]] }
  /** A CA file that one client alone is given (D5). */
  | { readonly kind: "ca-file"; readonly file: CaFile }
  /** A certificate that vouches for itself: it is looked at, compared and then trusted alone. */
  | { readonly kind: "self-signed"; readonly host: string; readonly port: string };

export interface CaFile {
  /** As the provider calls the file. */
  readonly file: string;
  /** Where it can be fetched without signing in; left out where the provider's own pages give it. */
  readonly address?: string;
  /** The name it is kept under, in the folder where libpq keeps its files. */
  readonly keptAs: string;
}

/** The parts of an example command. Nothing of a real connection ever comes in. */
export interface PsqlExample {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
  readonly mode: "require" | "verify-ca" | "verify-full";
  /** `system`, or the name of a file in libpq's folder; left out where nothing is verified. */
  readonly rootCert?: string;
  /** For psql on Windows, which has no `system` (D9). */
  readonly rootCertOnWindows?: string;
  readonly channelBinding?: "require";
  /** The command that prints the short-lived password, without quotes that a shell would have to know. */
  readonly tokenCommand?: string;
}
