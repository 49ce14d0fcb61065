/** Moves the focus from pane to pane, to the first thing there that takes it. */
export function nextPane(frame: HTMLElement | null, back: boolean): void {
  const panes = [...(frame?.querySelectorAll<HTMLElement>("[data-pane]") ?? [])].filter(
    (pane) => pane.getClientRects().length > 0,
  );
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  homeOf(panes[(at + (back ? -1 : 1) + panes.length) % panes.length])?.focus();
}

/** What the keys of a pane are for, or the first thing there that takes the focus. */
export function homeOf(pane: Element | null | undefined): HTMLElement | undefined {
  const homes = pane?.querySelectorAll<HTMLElement>(`${bestHomes.join()}, [tabindex='0'], button`) ?? [];
  const seen = [...homes].filter((home) => home.getClientRects().length > 0);
  return bestHomes.map((what) => seen.find((home) => home.matches(what))).find(Boolean) ?? seen[0];
}

/** Where the keys of a pane are. */
const bestHomes = ["[role=textbox][aria-multiline]", "textarea", "[role=grid]", "[role=tree]"];
