import "server-only";
import { describeCertificate } from "#lib/profiles/describe-certificate.ts";
import { factsOf } from "#lib/providers/facts-of.ts";
import type { Provider } from "#lib/providers/provider.ts";
import { rdsRoots } from "#lib/providers/rds-roots.ts";
import { anchorSet } from "./anchor-set.ts";
import { type StorePlaces, systemStore } from "./system-store.ts";

/** A provider's root, and whether this host trusts it by itself. */
export interface RootHere {
  readonly name: string;
  /** Upper-case hex pairs with colons. */
  readonly sha256: string;
  /** ISO 8601, a day or a moment in UTC. */
  readonly notAfter: string;
  /** In the operating system's store at this moment; undefined where this host has no store. */
  readonly inSystem: boolean | undefined;
}

export interface RootsHere {
  /** Where the system's store was read; undefined where this host has none. */
  readonly system: string | undefined;
  readonly roots: readonly RootHere[];
}

/**
 * The roots of a provider, each with the answer to "is it in this host's system store?" (D3). Roots are compared by
 * fingerprint; a root that merely bears the name is not found.
 * @param now roots that have expired by then are left out
 */
export async function rootsHere(
  provider: Provider,
  places: StorePlaces,
  now: Date = new Date(),
): Promise<RootsHere> {
  const system = await systemStore(places);
  const trusted = new Set(system.ok ? system.value.certificates().map((root) => root.fingerprint256) : []);
  const own = provider.rootsSource === "rds-bundle" ? anchorSet("rds", rdsRoots(now)).certificates() : [];
  const roots = [
    ...factsOf(provider).roots,
    ...own.map((root) => {
      const { subject, notAfter, sha256 } = describeCertificate(root, now);
      return { name: /(?:^|, ?)CN=([^,]+)/.exec(subject)?.[1] ?? subject, sha256, notAfter };
    }),
  ];
  return {
    system: system.ok ? system.value.origin : undefined,
    roots: roots.map((root) => ({ ...root, inSystem: system.ok ? trusted.has(root.sha256) : undefined })),
  };
}
