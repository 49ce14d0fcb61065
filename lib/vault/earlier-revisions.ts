import "server-only";
import { ok } from "#lib/problems/result.ts";
import { isTextStore, type Store, type StoredRecords } from "./store.ts";

/** Revisions of the records that a store keeps besides the present one. A store that keeps them in rows has none. */
export function earlierRevisions(store: Store): EarlierRevisions {
  return isTextStore(store) ? store.records : noneOfThem;
}

export type EarlierRevisions = Pick<StoredRecords, "earlier" | "readEarlier" | "rewriteEarlier">;

const noneOfThem: EarlierRevisions = {
  earlier: async () => [],
  readEarlier: async () => undefined,
  rewriteEarlier: async () => ok(undefined),
};
