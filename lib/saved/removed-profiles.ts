import "server-only";
import { z } from "zod";
import { ok, type Result } from "#lib/problems/result.ts";
import type { RemovedRecord } from "#lib/vault/collection.ts";
import type { NamedDocument } from "#lib/vault/named-document.ts";

/** How long a removal can be undone, ms. */
const keptFor = 60 * 60 * 1000;

/** The most removals kept at once, over all users. */
const most = 200;
/** So many letters of them: each is a sealed record with its certificates, and a larger document could not be read again. */
const mostLetters = 8_000_000;

export interface RemovedProfiles {
  keep(userId: string, profileId: string, record: RemovedRecord): Promise<Result<void>>;
  /** Hands the record out once, to the user who removed it; undefined when it is gone. */
  take(userId: string, profileId: string): Promise<Result<RemovedRecord | undefined>>;
}

/**
 * Removed connections, so that a slip can be undone, also after a restart. What lies there is sealed twice, and no longer
 * than an earlier revision of the vault holds it anyhow: who removes a secret for good waits for the hour, or changes it
 * at the server.
 * @param document where they are kept; nobody else writes there
 * @param now      milliseconds since 1970
 */
export function removedProfiles(
  document: Pick<NamedDocument, "change">,
  now: () => number = Date.now,
): RemovedProfiles {
  /** Oldest first; without what is over, or was written by a clock that was wrong. */
  function parse(content: unknown): readonly Entry[] {
    const parsed = documentSchema.safeParse(content);
    const all = parsed.success ? parsed.data.removed : [];
    return all.filter(({ until }) => until > now() && until - now() <= keptFor);
  }

  return {
    keep: (userId, profileId, record) =>
      document.change((content) => {
        const others = parse(content).filter((entry) => !isOf(entry, userId, profileId));
        const removed = [...others, { userId, profileId, record, until: now() + keptFor }];
        return { v: 1, removed: newest(removed) };
      }),
    async take(userId, profileId) {
      let record: RemovedRecord | undefined;
      const written = await document.change((content) => {
        const kept = parse(content);
        record = kept.find((entry) => isOf(entry, userId, profileId))?.record;
        return { v: 1, removed: kept.filter((entry) => !isOf(entry, userId, profileId)) };
      });
      return written.ok ? ok(record) : written;
    },
  };
}

const entrySchema = z.strictObject({
  userId: z.string(),
  profileId: z.string(),
  record: z.strictObject({ kind: z.string(), id: z.string(), sealed: z.string(), mac: z.string() }),
  until: z.int(),
});
type Entry = z.infer<typeof entrySchema>;

const documentSchema = z.strictObject({ v: z.literal(1), removed: z.array(entrySchema) });

/** As many of the newest as may be kept. */
function newest(removed: readonly Entry[]): readonly Entry[] {
  let letters = 0;
  const first = removed.findLastIndex(({ record }) => {
    letters += record.sealed.length;
    return letters > mostLetters;
  });
  return removed.slice(first + 1).slice(-most);
}

function isOf(entry: Entry, userId: string, profileId: string): boolean {
  return entry.userId === userId && entry.profileId === profileId;
}
