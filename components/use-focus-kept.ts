import { type RefObject, useEffect } from "react";

/**
 * Keeps focus where the person is, when the button that had it goes by its own press: it moves to the nearest place
 * that is marked with `data-focus-home`, never to the page's beginning. A place that cannot take focus gives it to its
 * first control.
 */
export function useFocusKept(place: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let end: (() => void) | undefined;
    let over = false;
    // Nothing of it is needed before something was pressed.
    void import("./keep-focus.ts").then(({ keepFocus }) => {
      if (!over && place.current !== null) end = keepFocus(place.current);
    });
    return () => {
      over = true;
      end?.();
    };
  }, [place]);
}
