import "server-only";
import type { X509Certificate } from "node:crypto";
import { describeCertificate } from "#lib/certificates/describe-certificate.ts";
import { ok, type Result } from "#lib/problems/result.ts";
import { factsOf } from "#lib/providers/facts-of.ts";
import type { Provider } from "#lib/providers/list.ts";
import { rootsIdOf } from "#lib/providers/provider.ts";
import type { ProviderRoot } from "#lib/providers/provider-facts.ts";
import { rootsOfPack, type TrustStores } from "./provider-store.ts";
import { systemStore } from "./system-store.ts";

/** A provider's root, and whether this host trusts it by itself. */
export interface RootHere extends ProviderRoot {
  /** In the operating system's store at this moment; undefined where this host has no store. */
  readonly inSystem: boolean | undefined;
}

export interface RootsHere {
  /** Where the system's store was read; undefined where this host has none. */
  readonly system: string | undefined;
  readonly roots: readonly RootHere[];
  /** What the shipped roots do not cover, as regions by their ids; empty once somebody gave roots. */
  readonly lacks: readonly string[];
}

/**
 * The roots of a provider, shipped and given, each with the answer to "is it in this host's system store?" (D3).
 * Roots are compared by fingerprint; a root that merely bears the name is not found.
 * @param now roots that have expired by then are left out
 * @returns `vault-damaged` where what people gave does not open
 */
export async function rootsHere(
  provider: Provider,
  stores: TrustStores,
  now: Date = new Date(),
): Promise<Result<RootsHere>> {
  const rootsId = rootsIdOf(provider);
  const given = await stores.given?.(rootsId);
  if (given !== undefined && !given.ok) return given;
  const pack = await rootsOfPack(rootsId, stores, now);
  if (!pack.ok) return pack;
  const system = await systemStore(stores);
  const trusted = new Set(system.ok ? system.value.certificates().map((root) => root.fingerprint256) : []);

  const { roots: named, lacks = [] } = factsOf(provider);
  const known = new Set(named.map(({ sha256 }) => sha256));
  const others = (pack.value?.certificates() ?? [])
    .filter((root) => !known.has(root.fingerprint256))
    .map((root) => rootOf(root, now))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return ok({
    system: system.ok ? system.value.origin : undefined,
    roots: [...named, ...others].map((root) => ({
      ...root,
      inSystem: system.ok ? trusted.has(root.sha256) : undefined,
    })),
    lacks: given?.value === undefined ? lacks : [],
  });
}

function rootOf(root: X509Certificate, now: Date): ProviderRoot {
  const { subject, notAfter, sha256 } = describeCertificate(root, now);
  return { name: /(?:^|, ?)CN=([^,]+)/.exec(subject)?.[1] ?? subject, sha256, notAfter };
}
