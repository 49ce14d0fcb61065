import "server-only";
import type { webcrypto } from "node:crypto";
import type { Vault } from "#lib/vault/vault.ts";
import { identityOf } from "./age-file.ts";

/**
 * The age identity of a vault: what another console seals to its recipient, this vault alone opens. It comes from the
 * vault's own keys, so it is there as long as the vault is, and lies nowhere besides.
 */
export function vaultIdentity(vault: Pick<Vault, "deriveKey">): Promise<webcrypto.CryptoKey> {
  return identityOf(vault.deriveKey("connections sealed for this vault"));
}
