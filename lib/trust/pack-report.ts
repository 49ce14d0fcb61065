import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import { factsOf } from "#lib/providers/facts-of.ts";
import type { Provider } from "#lib/providers/list.ts";
import { providers } from "#lib/providers/list.ts";
import { rootsIdOf } from "#lib/providers/provider.ts";
import type { ProviderRoot } from "#lib/providers/provider-facts.ts";
import { packIds } from "#lib/providers/recognise-provider.ts";
import type { AnchorSet } from "./anchor-set.ts";
import type { StoredPack } from "./given-roots.ts";
import { mozillaStore } from "./mozilla-store.ts";
import { rootsOfPack, type TrustStores } from "./provider-store.ts";
import { systemStore } from "./system-store.ts";

/** Where a root is found on this host. */
export interface FoundRoot extends ProviderRoot {
  readonly inSystem: boolean;
  readonly inMozilla: boolean;
}

/** One pack of provider roots, as it counts now. */
export interface PackReport {
  readonly rootsId: string;
  /** The products that share it. */
  readonly names: readonly string[];
  /** How many roots it holds. */
  readonly count: number;
  readonly source: Provider["rootsSource"];
  /** The public roots it is made of, as shipped, with where this host has them (D3). */
  readonly roots: readonly FoundRoot[];
  /** What the shipped roots lack; empty once roots were given. */
  readonly lacks: readonly string[];
  /** What people gave, without the certificates themselves. */
  readonly given?: Omit<StoredPack, "pems" | "stamp"> & { readonly fingerprints: readonly string[] };
}

/**
 * Every pack of provider roots, or one.
 * @param only a roots id, see `rootsIdOf`
 */
export async function packReports(
  stores: TrustStores,
  now: Date = new Date(),
  only?: string,
): Promise<Result<readonly PackReport[]>> {
  const system = await systemStore(stores);
  const inSystem = fingerprintsOf(system.ok ? system.value : undefined);
  const inMozilla = fingerprintsOf(mozillaStore());
  const reports: PackReport[] = [];
  for (const rootsId of packIds) {
    if (only !== undefined && rootsId !== only) continue;
    const given = await stores.given?.(rootsId);
    if (given !== undefined && !given.ok) return given;
    const set = await rootsOfPack(rootsId, stores, now);
    if (!set.ok) return set;
    reports.push({
      rootsId,
      ...productsOf(rootsId),
      count: set.value?.pems.length ?? 0,
      roots: rootsOf(rootsId).map((root) => ({
        ...root,
        inSystem: inSystem.has(root.sha256),
        inMozilla: inMozilla.has(root.sha256),
      })),
      lacks: given?.value === undefined ? lacksOf(rootsId) : [],
      ...(given?.value === undefined ? {} : { given: withoutPems(given.value, set.value) }),
    });
  }
  return ok(reports);
}

function withoutPems({ pems, stamp: _stamp, ...pack }: StoredPack, set: AnchorSet | undefined) {
  const given = new Set(pems.map((pem) => pem.trim()));
  const fingerprints = (set?.certificates() ?? [])
    .filter((_root, index) => given.has((set?.pems[index] ?? "").trim()))
    .map((root) => root.fingerprint256);
  return { ...pack, fingerprints };
}

function fingerprintsOf(set: AnchorSet | undefined): ReadonlySet<string> {
  return new Set(set?.certificates().map((root) => root.fingerprint256));
}

function productsOf(rootsId: string): Pick<PackReport, "names" | "source"> {
  const sharing = providers.filter((provider) => rootsIdOf(provider) === rootsId);
  const source = sharing.find(({ id }) => id === rootsId)?.rootsSource ?? "none";
  return { names: sharing.map(({ name }) => name), source };
}

function rootsOf(rootsId: string): readonly ProviderRoot[] {
  const provider = providers.find(({ id }) => id === rootsId);
  return provider === undefined ? [] : factsOf(provider).roots;
}

function lacksOf(rootsId: string): readonly string[] {
  const provider = providers.find(({ id }) => id === rootsId);
  return provider === undefined ? [] : (factsOf(provider).lacks ?? []);
}
