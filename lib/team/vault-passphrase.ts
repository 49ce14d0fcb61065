import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { Secret } from "#lib/secret.ts";
import { readVaultKey, shortestPassphrase, type VaultKey } from "#lib/vault/vault-key.ts";
import { passwordFlaw } from "./password-rules.ts";

/**
 * A passphrase that is to open the vault. The file can be attacked at leisure: what is easily guessed is none.
 * @returns `setting-invalid` with the field `key` and the reason `short`, `not-a-passphrase` (a raw key), or the field
 *   `password` and the reason as `passwordFlaw` has it
 */
export function newPassphrase(typed: Secret): Result<VaultKey> {
  const text = typed.reveal();
  const key = readVaultKey(text, "raw", "passphrase");
  if (!key.ok || [...text.trim()].length < shortestPassphrase) return refused("key", "short");
  if (key.value.kind === "raw") return refused("key", "not-a-passphrase");
  const flaw = passwordFlaw(text, "");
  return flaw === undefined ? ok(key.value) : refused("password", flaw);
}

function refused(field: string, reason: string): Result<never> {
  return failed(problem("setting-invalid", { field, reason }));
}
