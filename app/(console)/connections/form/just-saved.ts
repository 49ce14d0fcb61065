/** The page after says what was saved on the one before: by its name, until it has been said. */
const key = "cloak-db.saved";

export function noteSaved(name: string): void {
  try {
    window.sessionStorage.setItem(key, name);
  } catch {
    // A browser that keeps nothing: the list shows the connection all the same.
  }
}

/** @returns the name of the connection that was just saved, once */
export function takeSaved(): string | undefined {
  try {
    const name = window.sessionStorage.getItem(key);
    window.sessionStorage.removeItem(key);
    return name ?? undefined;
  } catch {
    return undefined;
  }
}
