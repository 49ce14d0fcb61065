import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import type { TrustSource } from "#lib/settings/form-values.ts";
import type { AnchorSet } from "./anchor-set.ts";
import { mozillaStore } from "./mozilla-store.ts";
import { ownStore } from "./own-store.ts";
import { providerStore, type TrustStores } from "./provider-store.ts";
import { systemStore } from "./system-store.ts";

export interface TrustAnchors extends AnchorSet {
  readonly source: TrustSource;
}

/**
 * What this connection trusts.
 * @returns `trust-no-ca` when its own CA is empty or unreadable, or no provider's roots are known for its host;
 *          `trust-system-store-missing` when this machine has no store; the vault's problem when given roots do not open
 */
export async function trustAnchors(
  profile: Pick<ProfileDraft, "host" | "tls">,
  stores: TrustStores = {},
): Promise<Result<TrustAnchors>> {
  const { trust } = profile.tls;
  switch (trust) {
    case "own":
      return notEmpty(trust, ownStore(profile.tls.ca ?? ""));
    case "mozilla":
      return ok({ source: trust, ...mozillaStore() });
    case "provider": {
      const store = await providerStore(profile.host, stores, new Date());
      if (!store.ok) return store;
      return store.value === undefined
        ? failed(problem("trust-no-ca", { trust }))
        : ok({ source: trust, ...store.value });
    }
    case "system": {
      const store = await systemStore(stores);
      return store.ok ? ok({ source: trust, ...store.value }) : store;
    }
  }
}

function notEmpty(source: TrustSource, set: AnchorSet): Result<TrustAnchors> {
  if (set.pems.length === 0) return failed(problem("trust-no-ca", { trust: source }));
  return ok({ source, ...set });
}
