/**
 * Keeps focus inside of an element where the person is, when the button that had it goes by its own press.
 * @returns what ends it
 */
export function keepFocus(element: HTMLElement): () => void {
  let last: Element | null = null;
  let around: readonly Element[] = [];
  const onFocus = ({ target }: FocusEvent) => {
    last = target instanceof Element ? target : null;
    around = ancestorsOf(last, element);
  };
  const onBlur = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget !== null) last = null;
  };
  const observer = new MutationObserver(() => {
    if (last === null || !isGone(last) || !isNowhere(document.activeElement, last)) return;
    last = null;
    homeIn(around)?.focus({ preventScroll: true });
  });
  element.addEventListener("focusin", onFocus);
  element.addEventListener("focusout", onBlur);
  observer.observe(element, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  return () => {
    element.removeEventListener("focusin", onFocus);
    element.removeEventListener("focusout", onBlur);
    observer.disconnect();
  };
}

/** Remembered while they are there: afterwards nothing tells where the button stood. */
function ancestorsOf(start: Element | null, top: Element): readonly Element[] {
  const found: Element[] = [];
  for (let at = start?.parentElement ?? null; at !== null && top.contains(at); at = at.parentElement) {
    found.push(at);
  }
  return found;
}

function homeIn(around: readonly Element[]): HTMLElement | undefined {
  for (const place of around) {
    if (!place.isConnected) continue;
    const home = place.matches(marked) ? place : place.querySelector(marked);
    const target = home?.matches("[tabindex]")
      ? home
      : (home?.querySelector(boxes) ?? home?.querySelector("button"));
    if (target instanceof HTMLElement) return target;
  }
  return undefined;
}

const marked = "[data-focus-home]";
const boxes = "input:enabled, textarea:enabled, select:enabled";

function isGone(element: Element): boolean {
  return !element.isConnected || element.matches(":disabled");
}

function isNowhere(focused: Element | null, last: Element): boolean {
  return focused === null || focused === document.body || focused === last;
}
