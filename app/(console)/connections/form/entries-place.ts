/**
 * Where entries are kept, and how they are let go of. It knows nothing of what a form holds: every page has it, for
 * the sign-out.
 */
const prefix = "cloak-db.entries:";

/** Where the entries of one form are kept: by who types them, and by what is edited. */
export type EntriesPlace = `${typeof prefix}${string}`;

export function entriesPlace(userId: string, connectionId: string | undefined): EntriesPlace {
  return `${prefix}${userId}:${connectionId ?? "new"}`;
}

export function forgetEntries(place: EntriesPlace): void {
  withStorage((storage) => storage.removeItem(place));
}

/** Whoever signs in next in this tab is somebody else: nothing stays, and nothing is kept until the next full load. */
export function forgetAllEntries(): void {
  ended = true;
  withStorage((storage) => {
    for (const key of Object.keys(storage)) if (key.startsWith(prefix)) storage.removeItem(key);
  });
}

/** Whether somebody signed out here. */
export function isOver(): boolean {
  return ended;
}

let ended = false;

/** A browser may refuse its storage, or have no room left: the form works without. */
export function withStorage<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(window.sessionStorage);
  } catch {
    return undefined;
  }
}
