import type { FormChange } from "#lib/profiles/form-values.ts";

/** What is known of a place where PostgreSQL servers run. Plain data. */
export interface Provider {
  /** In kebab case; also the anchor on the help page. */
  readonly id: string;
  /** The product's own name: not translated. */
  readonly name: string;
  /** The whole host name, in lower case and without a closing dot. A hint, never a reason to trust less. */
  readonly hosts: RegExp;
  /** What a connection to such a host starts from. `mode` is the least one; a stronger choice stays. */
  readonly defaults: FormChange;
  /** Whether a connection without TLS must not even be saved (D1). */
  readonly tlsRequired: boolean;
  /** SHA-256 fingerprints, upper-case hex pairs with colons, of its roots in Mozilla's store. */
  readonly roots: readonly string[];
  /** Where all its roots come from: `rds-bundle` is RDS's own roots besides `roots`; `none` publishes no root we carry. */
  readonly rootsSource: "mozilla" | "rds-bundle" | "none";
  /** Keys of `messages/<locale>/providers.json`, in reading order. */
  readonly noteIds: readonly ProviderNoteId[];
}

export type ProviderNoteId = Exclude<keyof typeof import("#messages/en/providers.json"), "heading">;
