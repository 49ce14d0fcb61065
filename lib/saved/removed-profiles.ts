import "server-only";
import type { RemovedRecord } from "#lib/vault/collection.ts";

/** How long a removal can be undone, ms. */
const keptFor = 60 * 60 * 1000;

/** The most removals kept at once, over all users: each is one sealed record. */
const most = 200;

export interface RemovedProfiles {
  keep(userId: string, profileId: string, record: RemovedRecord): void;
  /** Hands the record out once, to the user who removed it; undefined when it is gone. */
  take(userId: string, profileId: string): RemovedRecord | undefined;
}

/**
 * Removed connections, still sealed, so that a slip can be undone. They live in memory alone: what was deleted is
 * not kept on disk for a convenience.
 * @param now clock in ms
 */
export function removedProfiles(now: () => number = () => performance.now()): RemovedProfiles {
  const kept = new Map<string, { readonly record: RemovedRecord; readonly until: number }>();
  const keyOf = (userId: string, profileId: string) => `${userId}\n${profileId}`;

  function dropStale(): void {
    for (const [key, entry] of kept) if (entry.until <= now() || kept.size > most) kept.delete(key);
  }

  return {
    keep(userId, profileId, record) {
      kept.set(keyOf(userId, profileId), { record, until: now() + keptFor });
      dropStale();
    },
    take(userId, profileId) {
      dropStale();
      const key = keyOf(userId, profileId);
      const record = kept.get(key)?.record;
      kept.delete(key);
      return record;
    },
  };
}
