"use client";

import { usePathname } from "next/navigation";
import { useCallback, useRef, useSyncExternalStore } from "react";
import { firstPlace, type Place, readPlace, writePlace } from "./place.ts";

export interface PlaceHandle {
  readonly place: Place;
  /** With its sign; empty where there is none. */
  readonly fragment: string;
  /** Goes there: a step that Back undoes. */
  readonly go: (place: Place, fragment?: string) => void;
  /** Says where the page is by now, as no step of its own. */
  readonly note: (place: Place, fragment: string) => void;
}

/**
 * Where the connected view is, by the browser's address, which nobody is asked for again: Back and Forward work, and no
 * request is made. A place that does not read leaves the view where it is.
 */
export function usePlace(connectionId: string): PlaceHandle {
  const path = usePathname();
  const address = useSyncExternalStore(
    subscribe,
    () => `${window.location.pathname}${window.location.hash}`,
    () => path,
  );
  const [, at = "", fragment = ""] = /^([^#]*)(.*)$/s.exec(address) ?? [];
  const last = useRef<{ readonly place: Place; readonly fragment: string }>({
    place: firstPlace,
    fragment: "",
  });
  const place = readPlace(connectionId, at);
  // Remembered, so that the place is one and the same object while it is the same.
  if (place !== undefined && !isSame({ place, fragment }, last.current)) last.current = { place, fragment };

  const go = useCallback((to: Place, view = "") => move("pushState", connectionId, to, view), [connectionId]);
  const note = useCallback(
    (to: Place, view: string) => move("replaceState", connectionId, to, view),
    [connectionId],
  );
  return { ...last.current, go, note };
}

function move(how: "pushState" | "replaceState", connectionId: string, place: Place, fragment: string): void {
  const address = `${writePlace(connectionId, place)}${fragment}`;
  if (address === `${window.location.pathname}${window.location.hash}`) return;
  // Which draft a tab goes on with is kept in the entry of the history, and goes along.
  window.history[how]({ cloakDrafts: window.history.state?.cloakDrafts }, "", address);
  window.dispatchEvent(new Event(moved));
}

const moved = "cloak-db:moved";

function subscribe(onChange: () => void): () => void {
  const events = ["popstate", "hashchange", moved];
  for (const event of events) window.addEventListener(event, onChange);
  return () => {
    for (const event of events) window.removeEventListener(event, onChange);
  };
}

function isSame(
  one: { readonly place: Place; readonly fragment: string },
  other: { readonly place: Place; readonly fragment: string },
): boolean {
  return one.fragment === other.fragment && JSON.stringify(one.place) === JSON.stringify(other.place);
}
