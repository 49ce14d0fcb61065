import { type RefObject, useRef } from "react";

/** A place, and what brings it into sight where its head is not in the upper half of the window already. */
export function useReveal<Place extends HTMLElement>(): readonly [RefObject<Place | null>, () => void] {
  const place = useRef<Place>(null);
  return [place, () => reveal(place.current)];
}

function reveal(place: HTMLElement | null): void {
  if (place === null || typeof window.matchMedia !== "function") return;
  const { top } = place.getBoundingClientRect();
  if (top >= 0 && top < window.innerHeight / 2) return;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  place.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}
