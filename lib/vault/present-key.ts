import "server-only";
import type { Result } from "#lib/problems/result.ts";
import { isSameKey } from "./slots.ts";
import type { KeySource, VaultKey } from "./vault-key.ts";

/** The key of an open vault. Somebody may exchange it while the console runs. */
export interface PresentKey {
  /** The one that opened the vault last. */
  now(): VaultKey;
  /** Opens something; once more with the key as it is kept now, where the one that is known opens nothing any more. */
  opening<T>(open: (key: VaultKey) => Promise<Result<T>>): Promise<Result<T>>;
}

export function presentKey(given: VaultKey, source: Pick<KeySource, "load">): PresentKey {
  let key = given;
  return {
    now: () => key,
    opening: async (open) => {
      const found = await open(key);
      if (found.ok || found.problem.code !== "vault-wrong-key") return found;
      const present = await source.load();
      if (!present.ok || present.value === undefined || isSameKey(present.value, key)) return found;
      key = present.value;
      return open(key);
    },
  };
}
