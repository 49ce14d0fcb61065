import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import type { Collection } from "#lib/vault/collection.ts";
import { defaultPreferences, type Preferences } from "./preferences.ts";

/** Each user's preferences, sealed like everything else. */
export interface PreferenceStore {
  /** What the user chose, or what holds by default. */
  of(userId: string): Promise<Result<Preferences>>;
  /** Keeps the user's choice; of two at once the later one holds. */
  save(userId: string, chosen: Preferences): Promise<Result<Preferences>>;
}

/** @param records the vault's collection of preferences; a record has its user's id */
export function preferenceStore(records: Collection<Preferences>): PreferenceStore {
  return {
    async of(userId) {
      const found = await records.find(userId);
      return found.ok ? ok(found.value?.meta ?? defaultPreferences) : found;
    },

    async save(userId, chosen) {
      const found = await records.find(userId);
      if (!found.ok) return found;
      const saved =
        found.value === undefined
          ? await records.create({ id: userId, meta: chosen })
          : await records.update(userId, found.value.rev, { meta: chosen });
      return saved.ok ? ok(saved.value.meta) : saved;
    },
  };
}
