/**
 * A press on "Fix in settings" begins the test in the form that it leads to. The press leaves a note in this tab's
 * own storage, which no other page can write: an address alone, in a link from elsewhere, starts nothing.
 */
export function askForTest(connectionId: string): void {
  try {
    sessionStorage.setItem(key, JSON.stringify([connectionId, Date.now()]));
  } catch {
    // Storage is switched off: the form opens, and its button is there.
  }
}

/** Whether the test of this connection was asked for in this tab, a moment ago. */
export function isTestAskedFor(connectionId: string): boolean {
  try {
    const [id, at] = JSON.parse(sessionStorage.getItem(key) ?? "[]") as [unknown, unknown];
    const age = Date.now() - Number(at);
    return id === connectionId && age >= 0 && age < longestMs;
  } catch {
    // On the server there is no such storage.
    return false;
  }
}

/** A note is good for one test: reloading the form, or coming back to it, begins none. */
export function forgetAskedTest(): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // There was none.
  }
}

const key = "cloak-db.test-at-once";
/** As long as a page may take to come. */
const longestMs = 30_000;
