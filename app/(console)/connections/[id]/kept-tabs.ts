import { entriesPlace, isOver, withStorage } from "../form/entries-place.ts";
import { type Place, readPlace, readView, wholeTable, writePlace, writeView } from "./place.ts";

export interface OpenPlace {
  /** Where it was when it was last in sight. */
  readonly place: Place;
  readonly fragment: string;
}

/**
 * What was open at a connection in this browser tab, in its order. Kept are names and sort orders: filters and keys of rows
 * are values, which the browser's storage never gets. A saved query is left out, since it becomes a SQL tab.
 */
export function keptTabs(connectionId: string): readonly OpenPlace[] {
  try {
    const kept: unknown = JSON.parse(
      withStorage((storage) => storage.getItem(placeOf(connectionId))) ?? "[]",
    );
    return (Array.isArray(kept) ? kept : []).flatMap((address) => {
      const [path = "", sort = ""] = String(address).split("#");
      const place = readPlace(connectionId, path);
      return place === undefined ? [] : [{ place, fragment: sort && `#${sort}` }];
    });
  } catch {
    // Somebody else's text.
    return [];
  }
}

export function keepTabs(connectionId: string, list: readonly OpenPlace[]): void {
  const addresses = list.flatMap(({ place, fragment }) => {
    const sort = writeView({ ...wholeTable, sort: readView(fragment).sort });
    return place.kind === "query" ? [] : [`${writePlace(connectionId, place)}${sort}`];
  });
  if (!isOver()) withStorage((storage) => storage.setItem(placeOf(connectionId), JSON.stringify(addresses)));
}

/** Stands beside what a form keeps in this tab, and goes with it when somebody signs out: names of tables are not for whoever is next. */
function placeOf(connectionId: string) {
  return entriesPlace("tabs", connectionId);
}
