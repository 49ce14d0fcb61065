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
    const kept: unknown = JSON.parse(sessionStorage.getItem(nameOf(connectionId)) ?? "[]");
    return (Array.isArray(kept) ? kept : []).flatMap((address) => {
      const [path = "", sort = ""] = String(address).split("#");
      const place = readPlace(connectionId, path);
      return place === undefined ? [] : [{ place, fragment: sort && `#${sort}` }];
    });
  } catch {
    // A browser that keeps nothing.
    return [];
  }
}

export function keepTabs(connectionId: string, list: readonly OpenPlace[]): void {
  const addresses = list.flatMap(({ place, fragment }) => {
    const sort = writeView({ ...wholeTable, sort: readView(fragment).sort });
    return place.kind === "query" ? [] : [`${writePlace(connectionId, place)}${sort}`];
  });
  try {
    sessionStorage.setItem(nameOf(connectionId), JSON.stringify(addresses));
  } catch {
    // As above.
  }
}

function nameOf(connectionId: string): string {
  return `cloak-db.open.${connectionId}`;
}
