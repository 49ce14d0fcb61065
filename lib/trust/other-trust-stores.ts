import "server-only";
import type { X509Certificate } from "node:crypto";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import type { TrustSource } from "#lib/settings/form-values.ts";
import { certificatePath } from "./certificate-path.ts";
import type { TrustStores } from "./provider-store.ts";
import { trustAnchors } from "./trust-anchors.ts";

/**
 * Which stores, other than the chosen one, would vouch for this chain: the narrowest first. Only the path is looked
 * at; dates, purposes and names are the handshake's business.
 */
export async function otherTrustStores(
  chain: readonly [X509Certificate, ...X509Certificate[]],
  profile: Pick<ProfileDraft, "host" | "tls">,
  places?: TrustStores,
): Promise<readonly Exclude<TrustSource, "own">[]> {
  const found: Exclude<TrustSource, "own">[] = [];
  for (const trust of ["provider", "system", "mozilla"] as const) {
    if (trust === profile.tls.trust) continue;
    const anchors = await trustAnchors({ ...profile, tls: { ...profile.tls, trust } }, places);
    if (anchors.ok && certificatePath(chain, anchors.value).end === "anchor") found.push(trust);
  }
  return found;
}
