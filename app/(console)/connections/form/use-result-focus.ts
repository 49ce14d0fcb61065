import { type RefObject, useEffect, useRef } from "react";
import type { AttemptState } from "../attempt/attempt-state.ts";

/**
 * Takes focus to a failure that a button asked for, so that its fixes come next; not from somebody who types meanwhile,
 * or has gone elsewhere, and not to a success: there Save and Connect come next to the button.
 */
export function useResultFocus({ running, end }: AttemptState): RefObject<HTMLDivElement | null> {
  const region = useRef<HTMLDivElement>(null);
  const pressed = useRef<Element | null>(null);
  useEffect(() => {
    if (running) pressed.current = document.activeElement;
  }, [running]);
  useEffect(() => {
    const failed = end?.type === "problem" || (end?.type === "done" && end.explained !== null);
    const isStill = document.activeElement === pressed.current && pressed.current?.matches("button");
    if (failed && isStill) region.current?.focus({ preventScroll: true });
  }, [end]);
  return region;
}
