/** What a bundle holds that somebody wants to give, before it is kept. */
export interface ReadPack {
  readonly roots: readonly {
    readonly subject: string;
    readonly sha256: string;
    /** ISO 8601 UTC. */
    readonly notAfter: string;
    /** Whether the pack holds it already. */
    readonly known: boolean;
  }[];
  readonly leftOut: { readonly notRoots: number; readonly expired: number };
}
