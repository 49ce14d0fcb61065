import "server-only";
import { earlierRevisions } from "./earlier-revisions.ts";
import type { Snapshot } from "./inspect.ts";
import { rowFormat } from "./row-head.ts";
import { format } from "./seal.ts";
import { type EarlierRevision, isTextStore, type Store } from "./store.ts";
import type { KeySource } from "./vault-key.ts";

/** What may be shown of the vault. */
export interface VaultFacts {
  readonly path: string;
  readonly format: string;
  readonly version: number;
  /** The first letters of the store's id: enough to tell two vaults apart. */
  readonly storeId: string;
  readonly rev: number;
  readonly records: number;
  readonly key: {
    readonly from: KeySource["from"];
    /** The key's file, or the program that gives it; null for the variable. */
    readonly path: string | null;
    readonly kind: "raw" | "passphrase";
  };
  /** Key and data lie on one disk: who copies the disk has both. */
  readonly keyBesideData: boolean;
  /** The kind of network file system that the vault lies on, where locks and syncs may not mean much; else null. */
  readonly networkFileSystem: string | null;
  /** Newest first. */
  readonly backups: readonly EarlierRevision[];
}

/** Gathers the facts of an opened vault. */
export async function vaultFacts(snapshot: Snapshot, store: Store, source: KeySource): Promise<VaultFacts> {
  const { document, slot } = snapshot;
  return {
    path: store.place,
    format: isTextStore(store) ? format : rowFormat,
    version: document.v,
    storeId: document.storeId.slice(0, 8),
    rev: document.rev,
    records: document.records.length,
    key: {
      from: source.from,
      path: source.place,
      kind: slot.kdf.name === "hkdf" ? "raw" : "passphrase",
    },
    keyBesideData: await source.liesBeside(store.place),
    networkFileSystem: await store.networkKind(),
    backups: await earlierRevisions(store).earlier(),
  };
}
