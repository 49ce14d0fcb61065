import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { rawKeyBytes, rawKeyPrefix } from "./raw-key.ts";

/** What opens the vault: a raw key (checked), or a passphrase. */
export interface VaultKey {
  readonly kind: "raw" | "pass";
  /** How the slot that it makes is labelled. */
  readonly src: "raw" | "pass" | "cmd";
  readonly text: Secret;
}

/** Where the key comes from. */
export interface KeySource {
  readonly from: "file" | "command" | "variable" | "generated";
  /** The key's file, or the program that gives it; null when it lies nowhere. */
  readonly place: string | null;
  /**
   * @returns the key; undefined when it is to be a generated one and there is none yet; or `vault-locked`,
   *   `vault-wrong-key` (a raw key that was cut off or mistyped), `vault-unsafe-permissions`
   */
  load(): Promise<Result<VaultKey | undefined>>;
  /** The key for a new vault: the one that there is, or a fresh one. */
  loadOrMake(): Promise<Result<VaultKey>>;
  /** Whether who copies the disk of what is kept at a place has the key as well. */
  liesBeside(place: string): Promise<boolean>;
}

/** Shorter passphrases are refused: the file can be attacked at leisure. */
export const shortestPassphrase = 16;

/**
 * Reads a key as it was given.
 * @param where the file, program or variable, for the problem
 * @returns `vault-locked` for nothing or a short passphrase, `vault-wrong-key` for a raw key with a slip in it
 */
export function readVaultKey(given: string, src: "raw" | "cmd", where: string): Result<VaultKey> {
  const text = given.replace(/^\uFEFF/, "").trim();
  if (text === "") return locked({ reason: "key-empty", path: where });
  if (!text.startsWith(rawKeyPrefix)) {
    if (text.length < shortestPassphrase) {
      return locked({ reason: "passphrase-too-short", path: where, shortest: shortestPassphrase });
    }
    return ok({ kind: "pass", src: src === "cmd" ? "cmd" : "pass", text: new Secret(text) });
  }
  if (rawKeyBytes(text) === undefined) {
    return failed(problem("vault-wrong-key", { reason: "key-mistyped", path: where }));
  }
  return ok({ kind: "raw", src, text: new Secret(text) });
}

function locked(facts: Record<string, string | number>): Result<never> {
  return failed(problem("vault-locked", facts));
}
