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

/** A removal that can still be undone. */
export interface Removal {
  readonly profileId: string;
  /** Who removed it. */
  readonly userId: string;
  readonly record: RemovedRecord;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Who may undo which is asked by whoever calls. */
export interface RemovedProfiles {
  /** @returns the connections that can no longer be put back, since room was made or their hour is over */
  keep(userId: string, profileId: string, record: RemovedRecord): Promise<Result<readonly string[]>>;
  /** The newest first. */
  list(): Promise<Result<readonly Removal[]>>;
  /** Hands the record out once; undefined when it is gone. */
  take(profileId: string): Promise<Result<RemovedRecord | undefined>>;
  /** Forgets what can no longer be put back, which is otherwise done with the next removal. */
  forgetLapsed(): Promise<Result<void>>;
}

/**
 * Removed connections, so that a slip can be undone, also after a restart. What lies there is sealed twice, and no longer
 * than an earlier revision of the vault holds it anyhow: who removes a secret for good waits for the hour, or changes it
 * at the server.
 * @param document where they are kept, guarded: one that was put back would undo what was undone or over; it holds nothing
 * @param now      milliseconds since 1970
 */
export function removedProfiles(
  document: Pick<NamedDocument, "change" | "read">,
  now: () => number = Date.now,
): RemovedProfiles {
  /** Oldest first; without what is over, or was written by a clock that was wrong. */
  function parse(content: unknown): readonly Removal[] {
    return written(content).filter(({ until }) => until > now() && until - now() <= keptFor);
  }

  return {
    async keep(userId, profileId, record) {
      let lapsed: readonly string[] = [];
      const kept = await document.change((content) => {
        const others = parse(content).filter((entry) => entry.profileId !== profileId);
        const removed = newest([...others, { userId, profileId, record, until: now() + keptFor }]);
        const left = new Set(removed.map((entry) => entry.profileId));
        lapsed = written(content).flatMap((entry) => (left.has(entry.profileId) ? [] : [entry.profileId]));
        return { v: 1, removed };
      });
      return kept.ok ? ok(lapsed) : kept;
    },
    async list() {
      const content = await document.read();
      if (content.ok) return ok([...parse(content.value)].reverse());
      return content.problem.code === "vault-rolled-back" ? ok([]) : content;
    },
    async take(profileId) {
      let record: RemovedRecord | undefined;
      const changed = await document.change((content) => {
        const kept = parse(content);
        record = kept.findLast((entry) => entry.profileId === profileId)?.record;
        return { v: 1, removed: kept.filter((entry) => entry.profileId !== profileId) };
      });
      return changed.ok ? ok(record) : changed;
    },
    async forgetLapsed() {
      const content = await document.read();
      if (!content.ok) return content;
      if (written(content.value).length === parse(content.value).length) return ok(undefined);
      return document.change((now) => ({ v: 1, removed: parse(now) }));
    },
  };
}

const entrySchema = z.strictObject({
  userId: z.string(),
  profileId: z.string(),
  record: z.strictObject({ kind: z.string(), id: z.string(), sealed: z.string(), mac: z.string() }),
  until: z.int(),
});

const documentSchema = z.strictObject({ v: z.literal(1), removed: z.array(entrySchema) });

function written(content: unknown): readonly Removal[] {
  const parsed = documentSchema.safeParse(content);
  return parsed.success ? parsed.data.removed : [];
}

/** As many of the newest as may be kept. */
function newest(removed: readonly Removal[]): readonly Removal[] {
  let letters = 0;
  const first = removed.findLastIndex(({ record }) => {
    letters += record.sealed.length;
    return letters > mostLetters;
  });
  return removed.slice(first + 1).slice(-most);
}
