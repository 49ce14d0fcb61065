/** Whether the grid that a place holds is in sight. */
export function isGridSeen(place: HTMLElement | null): boolean {
  const seen = place?.querySelector('[role="grid"]')?.getClientRects().length ?? 0;
  // Without a layout engine (tests) nothing has a size.
  return seen > 0 || document.documentElement.clientHeight === 0;
}
