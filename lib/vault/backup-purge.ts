import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import { type CopyState, type OpenedCopy, resealed } from "./backup-copy.ts";
import { holdsTheSame } from "./backup-differences.ts";
import { type SealedRecord, sealedText } from "./document.ts";
import { earlierRevisions } from "./earlier-revisions.ts";
import type { Snapshot } from "./inspect.ts";
import { format } from "./seal.ts";
import type { EarlierRevision, Store } from "./store.ts";

/** What is to go from the earlier revisions. */
export type PurgeChoice =
  | { readonly what: "all" }
  /** Revisions that were saved more than so many days ago. */
  | { readonly what: "older"; readonly days: number }
  /** Secrets of a record, or of all of a kind (null), that are not its present ones. The revisions stay, without them. */
  | { readonly what: "secrets"; readonly kind: string; readonly id: string | null };

/** What went, or would go. */
export interface Purged {
  readonly dropped: readonly EarlierRevision[];
  readonly rewritten: readonly { readonly of: EarlierRevision; readonly secrets: readonly OldSecret[] }[];
  /** Could not be opened, so that nobody knows whether they hold such a secret; they stay. */
  readonly unopened: readonly EarlierRevision[];
}

/** A secret that a record had: its name, never its value. */
export interface OldSecret {
  readonly id: string;
  readonly name: string;
}

interface PurgeWork {
  readonly choice: PurgeChoice;
  readonly dryRun: boolean;
  readonly open: (text: string, now: Snapshot) => Promise<CopyState>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Takes earlier revisions away, or old secrets out of them: such a revision is sealed anew with the present keys, keeps
 * its number and time, and opens as before. One after the other; where one cannot be written the ones before it are done,
 * and the same again goes on.
 */
export async function purge(store: Store, now: Snapshot, work: PurgeWork): Promise<Result<Purged>> {
  const dropped: EarlierRevision[] = [];
  const rewritten: { of: EarlierRevision; secrets: readonly OldSecret[] }[] = [];
  const unopened: EarlierRevision[] = [];
  const { choice, dryRun } = work;
  for (const of of await earlierRevisions(store).earlier()) {
    if (choice.what !== "secrets") {
      if (choice.what === "older" && work.now - Date.parse(of.savedAt) <= choice.days * dayMs) continue;
      const gone = dryRun ? ok(undefined) : await earlierRevisions(store).rewriteEarlier(of, undefined);
      if (!gone.ok) return gone;
      dropped.push(of);
      continue;
    }
    const text = await earlierRevisions(store).readEarlier(of);
    // Thinned meanwhile.
    if (text === undefined) continue;
    const found = await work.open(text, now);
    if (found.state !== "whole") {
      unopened.push(of);
      continue;
    }
    const secrets = oldSecrets(found.copy, now, choice);
    if (secrets.length === 0) continue;
    if (!dryRun) {
      const next = await textWithout(found.copy, secrets, now, choice.kind);
      if (next === undefined) {
        unopened.push(of);
        continue;
      }
      const written = await earlierRevisions(store).rewriteEarlier(of, next);
      if (!written.ok) return written;
    }
    rewritten.push({ of, secrets });
  }
  return ok({ dropped, rewritten, unopened });
}

const dayMs = 24 * 60 * 60 * 1000;

interface Which {
  readonly kind: string;
  readonly id: string | null;
}

/** The secrets that a copy has, and that are not what is there now. */
function oldSecrets(copy: OpenedCopy, now: Snapshot, { kind, id }: Which): readonly OldSecret[] {
  const present = new Map(
    now.document.records.flatMap((record) => (record.kind === kind ? [[record.id, record] as const] : [])),
  );
  return copy.document.records
    .filter((record) => record.kind === kind && (id === null || record.id === id))
    .flatMap((old) =>
      Object.keys(old.secrets)
        .filter((secret) => {
          const record = present.get(old.id);
          return record === undefined || !holdsTheSame(old, copy, record, now, { secret });
        })
        .map((name) => ({ id: old.id, name })),
    );
}

/** A copy without some secrets of its records of a kind; undefined where a box of it does not open. */
async function textWithout(
  copy: OpenedCopy,
  secrets: readonly OldSecret[],
  now: Snapshot,
  kind: string,
): Promise<string | undefined> {
  const old = new Set(secrets.map(({ id, name }) => `${id} ${name}`));
  const records: SealedRecord[] = [];
  for (const record of copy.document.records) {
    const kept = copy.keyring === now.keyring ? record : resealed(record, record.rev, copy, now.keyring);
    if (kept === undefined) return undefined;
    const without = Object.entries(kept.secrets).filter(([name]) => !old.has(`${record.id} ${name}`));
    records.push(record.kind === kind ? { ...kept, secrets: Object.fromEntries(without) } : kept);
  }
  const { storeId, rev } = copy.document;
  return (await sealedText({ format, storeId, rev, slots: now.document.slots, records }, now.keyring)).text;
}
