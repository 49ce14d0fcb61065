const key = "cloak-db.single-keys";

/** Whether a single letter is a shortcut in this browser: speech input, or a hand that trembles, may press it unmeant. */
export function areSingleKeysOn(): boolean {
  try {
    return window.localStorage.getItem(key) !== "off";
  } catch {
    return true;
  }
}

export function setSingleKeys(on: boolean): void {
  try {
    if (on) window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, "off");
  } catch {
    // A browser that keeps nothing: they stay on.
  }
}
