import { type RefObject, useRef } from "react";

/** A place, and what brings it into sight where the screen is too narrow for it to stand beside the form. */
export function useReveal<Place extends HTMLElement>(): readonly [RefObject<Place | null>, () => void] {
  const place = useRef<Place>(null);
  return [place, () => reveal(place.current)];
}

function reveal(place: HTMLElement | null): void {
  if (place === null || typeof window.matchMedia !== "function") return;
  if (window.matchMedia("(min-width: 64rem)").matches) return;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  place.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}
