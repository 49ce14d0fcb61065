import "server-only";
import type { Problem } from "#lib/problems/problem.ts";
import type { Result } from "#lib/problems/result.ts";
import type { Store } from "./store.ts";

/**
 * The same store, telling of each write that it could not do: who asked for it is told as well, but nobody else would
 * learn that the disk is full.
 * @param tell hears the problem, where it is the store's own
 */
export function watchedStore(store: Store, tell: (trouble: Problem) => void): Store {
  async function watched<T>(write: Promise<Result<T>>): Promise<Result<T>> {
    const outcome = await write;
    if (!outcome.ok && isOfStore(outcome.problem)) tell(outcome.problem);
    return outcome;
  }

  return {
    ...store,
    records: watchedRecords(store.records, watched),
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
    notebook: (owner) => {
      const notebook = store.notebook(owner);
      return {
        ...notebook,
        append: (lines) => watched(notebook.append(lines)),
        replace: (lines) => watched(notebook.replace(lines)),
      };
    },
  };
}

type Watched = <T>(write: Promise<Result<T>>) => Promise<Result<T>>;

function watchedRecords(records: Store["records"], watched: Watched): Store["records"] {
  return records.form === "text"
    ? {
        ...records,
        replace: (plan) => watched(records.replace(plan)),
        rewriteEarlier: (revision, text) => watched(records.rewriteEarlier(revision, text)),
      }
    : {
        ...records,
        begin: (head, rows) => watched(records.begin(head, rows)),
        commit: (head, over, rows) => watched(records.commit(head, over, rows)),
      };
}

/** What a plan refuses, as a revision that changed meanwhile, is no trouble of the store. */
function isOfStore({ code }: Problem): boolean {
  return [
    "vault-write-failed",
    "vault-busy",
    "vault-unsafe-permissions",
    "store-away",
    "store-not-ready",
  ].includes(code);
}
