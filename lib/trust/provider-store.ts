import "server-only";
import { X509Certificate } from "node:crypto";
import { ok, type Result } from "#lib/problems/result.ts";
import { factsOf } from "#lib/providers/facts-of.ts";
import { rootsIdOf } from "#lib/providers/provider.ts";
import { rdsRoots } from "#lib/providers/rds-roots.ts";
import { findProvider, recogniseProvider } from "#lib/providers/recognise-provider.ts";
import { type AnchorSet, anchorSet } from "./anchor-set.ts";
import type { StoredPack } from "./given-roots.ts";
import { mozillaStore } from "./mozilla-store.ts";
import { type StorePlaces, systemStore } from "./system-store.ts";

/** Where trust stores lie, and the roots that people gave. */
export interface TrustStores extends StorePlaces {
  /** What was given for a provider, by its roots id; left out, nobody gave any. */
  readonly given?: (rootsId: string) => Promise<Result<StoredPack | undefined>>;
}

/**
 * The roots of the provider of this host: what people gave, and what is shipped.
 * @param host the server's name as given
 * @param now  roots that have expired by then are left out
 * @returns undefined when the host is no known provider's, or none of its roots is known
 */
export async function providerStore(
  host: string,
  stores: TrustStores,
  now: Date,
): Promise<Result<AnchorSet | undefined>> {
  const provider = recogniseProvider(host);
  return provider === undefined ? ok(undefined) : rootsOfPack(rootsIdOf(provider), stores, now);
}

interface Kept {
  readonly day: string;
  readonly system: AnchorSet | undefined;
  readonly set: AnchorSet | undefined;
}

/** By place and by what was given: two consoles in one process need not trust the same. */
const kept = new Map<string, Kept>();
const keptAtMost = 64;

/**
 * One pack's roots. The set stays the same array until something of it changes: TLS contexts hang on it.
 * @param rootsId see `rootsIdOf`
 */
export async function rootsOfPack(
  rootsId: string,
  stores: TrustStores,
  now: Date,
): Promise<Result<AnchorSet | undefined>> {
  const given = await stores.given?.(rootsId);
  if (given !== undefined && !given.ok) return given;
  const pack = given?.value;
  const system = await systemIfNeeded(rootsId, stores);
  // A set changes by itself only when a root expires: looked at once a day.
  const day = now.toISOString().slice(0, 10);
  const stamp = pack?.stamp ?? "";
  const key = JSON.stringify([rootsId, stores.certFile, stores.certDir, stamp]);
  const known = kept.get(key);
  if (known !== undefined && known.day === day && known.system === system) return ok(known.set);
  const pems = unique([
    ...(pack?.way === "replace" ? [] : shippedRoots(rootsId, system, now)),
    ...(pack?.pems ?? []),
  ]);
  const current = pems.filter(({ x509 }) => Date.parse(x509.validTo) > now.getTime());
  const origin = pack?.files.join(", ") || (findProvider(rootsId)?.name ?? rootsId);
  const since = pack === undefined ? undefined : new Date(pack.since);
  const set =
    current.length === 0
      ? undefined
      : anchorSet(
          origin,
          current.map(({ pem }) => pem),
          since,
        );
  kept.delete(key);
  kept.set(key, { day, system, set });
  const oldest = kept.keys().next();
  if (kept.size > keptAtMost && !oldest.done) kept.delete(oldest.value);
  return ok(set);
}

/**
 * What is shipped of a pack. Public roots are known by fingerprint and taken from Mozilla's store, never by name: two
 * different roots may bear the same one. What Mozilla has dropped meanwhile comes from the system's store.
 * @returns PEM, one root each
 */
export function shippedRoots(rootsId: string, system: AnchorSet | undefined, now: Date): readonly string[] {
  const provider = findProvider(rootsId);
  if (provider === undefined || provider.rootsSource === "none") return [];
  if (provider.rootsSource === "rds-bundle") return rdsRoots(now);
  return factsOf(provider).roots.flatMap(({ sha256 }) => {
    const isThis = (root: X509Certificate) => root.fingerprint256 === sha256;
    const found = mozillaStore().certificates().find(isThis) ?? system?.certificates().find(isThis);
    return found === undefined ? [] : [found.toString()];
  });
}

/** The system's store is read only for what Mozilla's lacks. */
async function systemIfNeeded(rootsId: string, places: StorePlaces): Promise<AnchorSet | undefined> {
  const provider = findProvider(rootsId);
  if (provider === undefined) return undefined;
  const inMozilla = new Set(
    mozillaStore()
      .certificates()
      .map((root) => root.fingerprint256),
  );
  if (factsOf(provider).roots.every(({ sha256 }) => inMozilla.has(sha256))) return undefined;
  const system = await systemStore(places);
  return system.ok ? system.value : undefined;
}

function unique(pems: readonly string[]) {
  const byFingerprint = new Map(
    pems.map((pem) => {
      const x509 = new X509Certificate(pem);
      return [x509.fingerprint256, { pem, x509 }] as const;
    }),
  );
  return [...byFingerprint.values()];
}
