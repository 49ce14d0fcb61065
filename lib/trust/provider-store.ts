import "server-only";
import { factsOf } from "#lib/providers/facts-of.ts";
import type { Provider } from "#lib/providers/provider.ts";
import { rdsRoots } from "#lib/providers/rds-roots.ts";
import { recogniseProvider } from "#lib/providers/recognise-provider.ts";
import { type AnchorSet, anchorSet } from "./anchor-set.ts";
import { mozillaStore } from "./mozilla-store.ts";

const kept = new Map<string, AnchorSet>();

/**
 * The roots that the provider of this host publishes. Public roots are known by fingerprint and taken from
 * Mozilla's store, never by name: two different roots may bear the same one.
 * @param host the server's name as given
 * @param now  roots that have expired by then are left out
 * @returns undefined when the host is no known provider's, or none of its roots is known
 */
export function providerStore(host: string, now: Date): AnchorSet | undefined {
  const provider = recogniseProvider(host);
  if (provider === undefined || provider.rootsSource === "none") return undefined;
  // The set changes only when a root expires: looked at once a day.
  const key = `${provider.id} ${now.toISOString().slice(0, 10)}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const set = anchorSet(provider.name, [...publicRoots(provider), ...privateRoots(provider, now)]);
  if (set.pems.length === 0) return undefined;
  for (const old of kept.keys()) if (old.startsWith(`${provider.id} `)) kept.delete(old);
  kept.set(key, set);
  return set;
}

function publicRoots(provider: Provider): string[] {
  const wanted = new Set(factsOf(provider).roots.map(({ sha256 }) => sha256));
  return mozillaStore()
    .certificates()
    .filter((root) => wanted.has(root.fingerprint256))
    .map((root) => root.toString());
}

function privateRoots(provider: Provider, now: Date): readonly string[] {
  return provider.rootsSource === "rds-bundle" ? rdsRoots(now) : [];
}
