import "server-only";
import type { Problem } from "#lib/problems/problem.ts";
import type { Result } from "#lib/problems/result.ts";
import type { Store } from "./store.ts";

/**
 * The same store, telling of each write how it ended: who made it tells the person who asked, but nobody else would
 * learn that the disk is full.
 * @param tell a problem of the store's own, or undefined for a write that went well
 */
export function watchedStore(store: Store, tell: (trouble: Problem | undefined) => void): Store {
  async function watched<T>(write: Promise<Result<T>>): Promise<Result<T>> {
    const outcome = await write;
    if (outcome.ok) tell(undefined);
    else if (isOfStore(outcome.problem)) tell(outcome.problem);
    return outcome;
  }

  return {
    ...store,
    records: { ...store.records, replace: (plan) => watched(store.records.replace(plan)) },
    document: (name) => {
      const document = store.document(name);
      return {
        ...document,
        write: (text) => watched(document.write(text)),
        change: (edit) => watched(document.change(edit)),
      };
    },
    log: (name, storeId) => {
      const log = store.log(name, storeId);
      return { ...log, append: (next) => watched(log.append(next)) };
    },
  };
}

/** What a plan refuses, as a revision that changed meanwhile, is no trouble of the store. */
function isOfStore({ code }: Problem): boolean {
  return ["vault-write-failed", "vault-busy", "vault-unsafe-permissions"].includes(code);
}
