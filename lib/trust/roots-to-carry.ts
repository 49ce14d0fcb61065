import "server-only";
import type { Result } from "#lib/problems/result.ts";
import { ok } from "#lib/problems/result.ts";
import type { TrustSource } from "#lib/settings/form-values.ts";
import { hasSigned, verifies } from "./anchor-set.ts";
import { ownStore } from "./own-store.ts";
import { providerStore, type TrustStores } from "./provider-store.ts";
import { trustAnchors } from "./trust-anchors.ts";

/**
 * The roots of a shared store as one file, for a program that cannot reach the store: PEM and nothing else, since
 * not every reader skips remarks. For the system's store at a provider whose public roots are known, those alone:
 * fewer that could vouch for somebody else.
 * @param host the server's name, which tells the provider
 * @returns PEM; `trust-no-ca`, `trust-system-store-missing`, or the vault's problem when given roots do not open
 */
export async function rootsToCarry(
  { trust, host }: { readonly trust: Exclude<TrustSource, "own">; readonly host: string },
  stores: TrustStores,
  now: Date = new Date(),
): Promise<Result<string>> {
  const narrower = trust === "system" ? await providerStore(host, stores, now) : ok(undefined);
  if (!narrower.ok) return narrower;
  if (narrower.value !== undefined) return ok(oneFile(narrower.value.pems));
  // Of the settings, the trust alone decides where roots come from.
  const tls = { trust } as Parameters<typeof trustAnchors>[0]["tls"];
  const found = await trustAnchors({ host, tls }, stores);
  return found.ok ? ok(oneFile(found.value.pems)) : found;
}

/** Whether a connection's own CA holds a certificate that no root in it stands behind: what OpenSSL calls a partial chain. */
export function isPinned(ca: string): boolean {
  const anchors = ownStore(ca).certificates();
  return anchors.some(
    (anchor) => !verifies(anchor, anchor) && !anchors.some((other) => hasSigned(other, anchor)),
  );
}

function oneFile(pems: readonly string[]): string {
  return pems.map((pem) => `${pem.trim()}\n`).join("");
}
