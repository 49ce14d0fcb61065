import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok } from "#lib/problems/result.ts";
import type { Alongside } from "#lib/vault/collection.ts";
import { openMeta, sealMeta } from "#lib/vault/records.ts";
import { type UserMeta, userMeta } from "./users.ts";

/** The kind that users have in the vault. */
export const userKind = "user";
/** What only counts in it: a user whose sessions ended has not changed. */
export const sessionsCounter = "sessionsFrom" satisfies keyof UserMeta;

/**
 * Users as they come back with an earlier revision: no session counts any more, of whoever and whenever it was begun, and
 * somebody must be there who can manage the console.
 * @returns `not-allowed` with `reason: "no-owner"`
 */
export const restoredUsers: Alongside = (now, records) => {
  const sealer = { storeId: now.document.storeId, keyring: now.keyring };
  const metaOf = (record: (typeof records)[number]) =>
    userMeta.safeParse(openMeta(record, sealer)?.json).data;
  const before = new Map(now.document.records.map((record) => [`${record.kind} ${record.id}`, record]));
  const rev = now.document.rev + 1;
  let owners = 0;
  const changed = records.map((record) => {
    const meta = record.kind === userKind ? metaOf(record) : undefined;
    if (meta === undefined) return record;
    if (meta.role === "owner" && !meta.disabled) owners += 1;
    const present = before.get(`${record.kind} ${record.id}`);
    const counted = (present && metaOf(present)?.sessionsFrom) ?? 0;
    // Above every number that it had, also one of a time at which this user was not there.
    const sessionsFrom = Math.max(meta.sessionsFrom, counted, now.document.rev) + 1;
    const head = { id: record.id, kind: record.kind, rev };
    return { ...record, ...head, meta: sealMeta({ ...meta, sessionsFrom }, head, sealer) };
  });
  return owners === 0 ? failed(problem("not-allowed", { reason: "no-owner" })) : ok(changed);
};
