import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import { type CopyState, copyText, type OpenedCopy, openCopy } from "./backup-copy.ts";
import { differences, type KindDifference } from "./backup-differences.ts";
import { type PurgeChoice, type Purged, purge } from "./backup-purge.ts";
import { restoreCopy } from "./backup-restore.ts";
import type { Alongside } from "./collection.ts";
import { earlierRevisions } from "./earlier-revisions.ts";
import type { Snapshot } from "./inspect.ts";
import type { EarlierRevision, Store } from "./store.ts";
import type { Vault } from "./vault.ts";
import type { KeySource, VaultKey } from "./vault-key.ts";

/** What a copy is, looked at from now. */
export type Judged = Exclude<CopyState, { readonly state: "whole" }> | WholeCopy;

export interface WholeCopy {
  readonly state: "whole";
  readonly copy: OpenedCopy;
  readonly rev: number;
  /** What became of it since: names only. */
  readonly differs: readonly KindDifference[];
}

/**
 * Copies of a vault: earlier revisions that its store keeps, and texts that lie elsewhere. Each also gives any problem of
 * `Vault.read`, and those that write any of `Vault.commit`.
 */
export interface Backups {
  /** The vault as it is, as one sealed text with the present keys, of one moment. */
  create(): Promise<Result<{ readonly text: string; readonly rev: number }>>;
  /** Earlier revisions that the store keeps, the newest first; nothing is opened for it. */
  kept(): Promise<Result<{ readonly rev: number; readonly revisions: readonly EarlierRevision[] }>>;
  /** @returns undefined where it is gone or cannot be read */
  read(revision: EarlierRevision): Promise<string | undefined>;
  /** Reads and judges one that the store keeps; another revision than it is kept as is damage. Undefined as in `read`. */
  look(revision: EarlierRevision, everyBox?: boolean): Promise<Result<Judged | undefined>>;
  /** @param everyBox opens each box, too */
  judge(text: string, everyBox?: boolean): Promise<Result<Judged>>;
  /**
   * Puts a copy in the place of what is there; see `restoreCopy`.
   * @param base the present revision that its differences were told for
   */
  restore(copy: OpenedCopy, base: number, also: Alongside): Promise<Result<number>>;
  /** Takes earlier revisions away, or secrets out of them; see `purge`. */
  purge(choice: PurgeChoice, dryRun?: boolean): Promise<Result<Purged>>;
}

/**
 * @param vault an open vault
 * @param store what keeps it
 * @param counters see `differences`
 */
export function backups(
  vault: Vault,
  store: Store,
  source: KeySource,
  counters: Readonly<Record<string, string>> = {},
): Backups {
  /** Earlier revisions may need it after the keys were exchanged; where it cannot be had they stay closed. */
  const key = async (): Promise<VaultKey | undefined> => {
    const loaded = await source.load();
    return loaded.ok ? loaded.value : undefined;
  };
  const open = (text: string, now: Snapshot, everyBox = false) => openCopy(text, { now, key, everyBox });

  const read = (revision: EarlierRevision) => earlierRevisions(store).readEarlier(revision);

  async function judge(text: string, everyBox?: boolean): Promise<Result<Judged>> {
    const now = await vault.read();
    if (!now.ok) return now;
    const found = await open(text, now.value, everyBox);
    if (found.state !== "whole") return ok(found);
    const { copy } = found;
    return ok({ ...found, rev: copy.document.rev, differs: await differences(copy, now.value, counters) });
  }

  return {
    create: async () => {
      const now = await vault.read();
      return now.ok ? ok({ text: await copyText(now.value), rev: now.value.document.rev }) : now;
    },
    kept: async () => {
      const now = await vault.read();
      if (!now.ok) return now;
      return ok({ rev: now.value.document.rev, revisions: await earlierRevisions(store).earlier() });
    },
    read,
    look: async (revision, everyBox) => {
      const text = await read(revision);
      if (text === undefined) return ok(undefined);
      const judged = await judge(text, everyBox);
      const isOther = judged.ok && judged.value.state === "whole" && judged.value.rev !== revision.rev;
      return isOther ? ok({ state: "damaged", part: "rev" }) : judged;
    },
    judge,
    restore: (copy, base, also) => restoreCopy(vault, copy, base, also),
    purge: async (choice, dryRun = false) => {
      const now = await vault.read();
      return now.ok ? purge(store, now.value, { choice, dryRun, open, now: Date.now() }) : now;
    },
  };
}
