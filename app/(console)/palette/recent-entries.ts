import { entriesPlace, withStorage } from "../connections/form/entries-place.ts";

/** Stands beside what a form keeps in this tab, and goes with it when somebody signs out. */
const place = entriesPlace("palette", "recent");
const most = 8;

/** What was chosen or opened lately in this tab, by its id, the latest first. */
export function recentIds(): readonly string[] {
  const text = withStorage((storage) => storage.getItem(place)) ?? "";
  return text.split("\n").filter((id) => id !== "");
}

export function noteRecent(id: string): void {
  const ids = [id, ...recentIds().filter((one) => one !== id)].slice(0, most);
  withStorage((storage) => storage.setItem(place, ids.join("\n")));
}
