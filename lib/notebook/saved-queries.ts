import "server-only";
import { z } from "zod";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { randomId } from "#lib/random-id.ts";
import type { Collection, Condition, RemovedRecord } from "#lib/vault/collection.ts";
import type { StoredRecord } from "#lib/vault/opened-records.ts";
import { maskPasswords } from "./mask-passwords.ts";

export const longestQuery = 20_000;
export const longestQueryName = 120;
export const longestQueryNote = 1_000;
/** Of one person, and in all: they lie among the vault's records. Nobody alone takes the room of all. */
const most = { each: 200, lettersEach: 1_000_000, all: 2_000, letters: 4_000_000 } as const;
/** So long a removal can be undone, ms. */
const undoneFor = 10 * 60 * 1000;

export const savedQueryMeta = z.strictObject({
  /** The user who saved it. */
  owner: z.string(),
  name: z.string(),
  sql: z.string(),
  note: z.string(),
  /** Null: of any connection. */
  connectionId: z.string().nullable(),
  /** Whoever has read access to its connection may read and copy it. */
  shared: z.boolean(),
  /** ISO 8601 UTC. */
  savedAt: z.string(),
});
export type SavedQueryMeta = z.infer<typeof savedQueryMeta>;

/** What a person says of a query; the rest is the console's to know. */
export type QueryContent = Pick<SavedQueryMeta, "name" | "sql" | "note" | "connectionId" | "shared">;

export interface SavedQuery extends SavedQueryMeta {
  readonly id: string;
  readonly rev: number;
}

/** Who asks: `mayChangeShared` of a console's owner, who changes what others share, and never sees what they do not. */
export interface QueryReader {
  readonly id: string;
  readonly mayChangeShared: boolean;
}

/**
 * Queries under a name. Whether somebody may read the connection of one is asked by whoever calls: this knows whose it is
 * and whether it is shared. What somebody may not see is not there.
 */
export interface SavedQueries {
  /** Of a connection and of any, by name: the reader's own, and those that are shared. */
  list(reader: QueryReader, connectionId: string): Promise<Result<readonly SavedQuery[]>>;
  find(reader: QueryReader, connectionId: string, id: string): Promise<Result<SavedQuery | undefined>>;
  /** @returns `setting-invalid` with `{ field: "query", reason: "too-many" }` */
  create(ownerId: string, content: QueryContent, id?: string): Promise<Result<SavedQuery>>;
  /** @returns `not-found`, `not-allowed` for who may only read it, `vault-changed-meanwhile` with `currentRev` */
  change(
    reader: QueryReader,
    connectionId: string,
    id: string,
    baseRev: number,
    content: QueryContent,
  ): Promise<Result<SavedQuery>>;
  /** It can be put back for a while. @returns `not-found`, `not-allowed` */
  remove(reader: QueryReader, connectionId: string, id: string): Promise<Result<SavedQuery>>;
  /** By who removed it. @returns `not-found` once that is too late, `setting-invalid` where there is no room any more */
  putBack(userId: string, id: string): Promise<Result<SavedQuery>>;
  /** Of connections that are gone for good: each stays its owner's alone, and of any connection. */
  forget(connectionIds: readonly string[]): Promise<Result<void>>;
}

/** @param now milliseconds since 1970 */
export function savedQueries(
  records: Collection<SavedQueryMeta>,
  now: () => number = Date.now,
): SavedQueries {
  const removed = new Map<
    string,
    {
      readonly by: string;
      readonly record: RemovedRecord;
      readonly meta: SavedQueryMeta;
      readonly until: number;
    }
  >();

  /** One that the reader may see, in the connection that they look at. */
  async function visible(
    reader: QueryReader,
    connectionId: string,
    id: string,
  ): Promise<Result<StoredRecord<SavedQueryMeta> | undefined>> {
    const found = await records.find(id);
    if (!found.ok) return found;
    return ok(found.value && isVisible(found.value.meta, reader, connectionId) ? found.value : undefined);
  }

  async function changeable(
    reader: QueryReader,
    connectionId: string,
    id: string,
  ): Promise<Result<StoredRecord<SavedQueryMeta>>> {
    const found = await visible(reader, connectionId, id);
    if (!found.ok) return found;
    if (found.value === undefined) return failed(problem("not-found"));
    return mayChange(found.value.meta, reader) ? ok(found.value) : failed(problem("not-allowed"));
  }

  function metaOf(owner: string, content: QueryContent): SavedQueryMeta {
    const { name, sql, note, connectionId, shared } = content;
    const savedAt = new Date(now()).toISOString();
    return { owner, name, sql: maskPasswords(sql), note: maskPasswords(note), connectionId, shared, savedAt };
  }

  return {
    async list(reader, connectionId) {
      const all = await records.list();
      if (!all.ok) return all;
      const seen = all.value.filter(({ meta }) => isVisible(meta, reader, connectionId)).map(queryOf);
      return ok(seen.sort((a, b) => a.name.localeCompare(b.name) || a.savedAt.localeCompare(b.savedAt)));
    },
    async find(reader, connectionId, id) {
      const found = await visible(reader, connectionId, id);
      return found.ok ? ok(found.value && queryOf(found.value)) : found;
    },
    async create(ownerId, content, id = randomId()) {
      const made = await records.create({ id, meta: metaOf(ownerId, content) }, hasRoomFor(ownerId, content));
      return made.ok ? ok(queryOf(made.value)) : made;
    },
    async change(reader, connectionId, id, baseRev, content) {
      const found = await changeable(reader, connectionId, id);
      if (!found.ok) return found;
      const { owner } = found.value.meta;
      const meta = metaOf(owner, content);
      const changed = await records.update(id, baseRev, { meta }, hasRoomFor(owner, content, id));
      return changed.ok ? ok(queryOf(changed.value)) : changed;
    },
    async remove(reader, connectionId, id) {
      const found = await changeable(reader, connectionId, id);
      if (!found.ok) return found;
      const gone = await records.remove(id);
      if (!gone.ok) return gone;
      for (const [other, { until }] of removed) if (until < now()) removed.delete(other);
      removed.set(id, {
        by: reader.id,
        record: gone.value,
        meta: found.value.meta,
        until: now() + undoneFor,
      });
      return ok(queryOf(found.value));
    },
    async putBack(userId, id) {
      const slip = removed.get(id);
      if (slip === undefined || slip.by !== userId || slip.until < now()) return failed(problem("not-found"));
      removed.delete(id);
      const back = await records.putBack(slip.record, hasRoomFor(slip.meta.owner, slip.meta));
      if (!back.ok) {
        removed.set(id, slip);
        return back;
      }
      const found = await records.find(id);
      if (!found.ok) return found;
      return found.value === undefined ? failed(problem("not-found")) : ok(queryOf(found.value));
    },
    async forget(connectionIds) {
      const all = await records.list();
      if (!all.ok) return all;
      for (const { id, rev, meta } of all.value) {
        if (meta.connectionId === null || !connectionIds.includes(meta.connectionId)) continue;
        const freed = await records.update(id, rev, { meta: { ...meta, connectionId: null, shared: false } });
        if (!freed.ok && freed.problem.code !== "vault-changed-meanwhile") return freed;
      }
      return ok(undefined);
    },
  };
}

/** Who saved it may; of what is shared, a console's owner too. */
export function mayChange(
  query: Pick<SavedQueryMeta, "owner" | "shared">,
  { id, mayChangeShared }: QueryReader,
): boolean {
  return query.owner === id || (query.shared && mayChangeShared);
}

function isVisible(meta: SavedQueryMeta, { id }: QueryReader, connectionId: string): boolean {
  const isHere = meta.connectionId === null || meta.connectionId === connectionId;
  return isHere && (meta.owner === id || meta.shared);
}

function hasRoomFor(
  owner: string,
  query: Pick<QueryContent, "sql" | "note">,
  but?: string,
): Condition<SavedQueryMeta> {
  return ({ records }): Problem | undefined => {
    const others = records.filter(({ id }) => id !== but).map(({ meta }) => meta);
    const own = others.filter((other) => other.owner === owner);
    const isFull =
      own.length >= most.each ||
      others.length >= most.all ||
      lettersOf([...own, query]) > most.lettersEach ||
      lettersOf([...others, query]) > most.letters;
    return isFull ? problem("setting-invalid", { field: "query", reason: "too-many" }) : undefined;
  };
}

function lettersOf(all: readonly Pick<QueryContent, "sql" | "note">[]): number {
  return all.reduce((sum, { sql, note }) => sum + sql.length + note.length, 0);
}

function queryOf({ id, rev, meta }: StoredRecord<SavedQueryMeta>): SavedQuery {
  const { owner, name, sql, note, connectionId, shared, savedAt } = meta;
  return { id, rev, owner, name, sql, note, connectionId, shared, savedAt };
}
