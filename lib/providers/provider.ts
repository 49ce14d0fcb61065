import type { FormChange } from "#lib/settings/form-values.ts";

/**
 * What the form needs to know of a place where PostgreSQL servers run. Plain data, and light: the browser carries it
 * for every provider. What only the server and the help pages need is in `ProviderFacts` and `ProviderGuide`, beside it.
 */
export interface ProviderData {
  /** In kebab case; also the anchor on the help page. */
  readonly id: string;
  /** The product's own name: not translated. */
  readonly name: string;
  /**
   * The whole host name, in lower case and without a closing dot; null for what runs under anybody's names. A hint,
   * never a reason to trust less.
   */
  readonly hosts: RegExp | null;
  /** Ports that give it away where no host does. */
  readonly ports?: readonly string[];
  /**
   * What a connection to such a host starts from. `mode` is the recommended one: a weaker choice is raised to it
   * where its roots are at hand, a stronger one stays.
   */
  readonly defaults: FormChange;
  /** Whether a connection without TLS must not even be saved (D1). */
  readonly tlsRequired: boolean;
  /**
   * Where its roots come from, as shipped: Mozilla's store, by fingerprint; `rds-bundle`, RDS's own; `none` where we
   * carry no root of it. A person can give roots to any of them (Settings → Trust).
   */
  readonly rootsSource: "mozilla" | "rds-bundle" | "none";
  /** Hosts whose roots are younger than what we ship: somebody has to give them. */
  readonly rootsMissing?: RegExp;
  /** The provider whose roots it shares, by id, where two products have one authority. */
  readonly rootsOf?: string;
  /** Keys of `messages/<locale>/providers.json`, in reading order. */
  readonly noteIds: readonly ProviderNoteId[];
  /** What holds for some of its hosts only; said before the rest. */
  readonly hostNotes?: readonly { readonly hosts: RegExp; readonly noteId: ProviderNoteId }[];
  /** What it asks of every session; what is left out is as with PostgreSQL itself (`session-traits.ts`). */
  readonly session?: Partial<SessionTraits>;
  /** What is known of its Citus clusters before they are asked. */
  readonly citus?: CitusTraits;
}

/** What a service asks of every session, beyond what a connection to it starts from. */
export interface SessionTraits {
  /** Without the host name in the handshake it does not know which server is meant. */
  readonly needsSni: boolean;
  /** Whether it takes the startup parameter `options`. */
  readonly takesOptions: boolean;
  /** Worth choosing, but not chosen for the person. */
  readonly offers: FormChange;
  /** How long a session may be used before the service ends it, less a margin; null where it does not. */
  readonly lifeMs: number | null;
  /** The oldest psql that reaches it; null where any does. */
  readonly oldestPsql: 17 | null;
}

export interface CitusTraits {
  /** Whose ports are to be explained. */
  readonly ports: "azure";
  /** How the host of a worker begins. */
  readonly worker?: RegExp;
  /** What stands there in the coordinator's host; the rest of the name is the same. */
  readonly coordinator?: string;
}

export type ProviderNoteId = Exclude<keyof typeof import("#messages/en/providers.json"), "heading">;

/** Whose roots these are: the id under which a provider's roots are shipped, given and shown. */
export function rootsIdOf({ id, rootsOf }: Pick<ProviderData, "id" | "rootsOf">): string {
  return rootsOf ?? id;
}
