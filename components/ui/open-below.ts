const gap = 4;
const edge = 8;

/**
 * Shows a box in the browser's top layer, below what opened it or above where there is more room, and tells when it
 * should go: a press elsewhere, focus elsewhere, or when the page moves under it.
 *
 * @param box a `popover="manual"` with a fixed place
 * @param onLeave called at most once
 * @returns what stops watching
 */
export function openBelow(
  box: HTMLElement,
  opener: HTMLElement,
  align: "start" | "end",
  onLeave: () => void,
): () => void {
  box.showPopover();
  const place = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const { clientWidth: pageWidth, clientHeight: pageHeight } = document.documentElement;
  const wanted = align === "start" ? place.left : place.right - width;
  const left = Math.max(edge, Math.min(wanted, pageWidth - width - edge));
  const below = place.bottom + gap;
  const fits = below + height <= pageHeight - edge || place.top < pageHeight - place.bottom;
  const top = fits ? below : place.top - gap - height;
  box.style.left = `${left}px`;
  box.style.top = `${Math.max(edge, Math.min(top, pageHeight - height - edge))}px`;

  const watch = new AbortController();
  const options = { capture: true, signal: watch.signal };
  const isOwn = (target: EventTarget | null) =>
    target instanceof Node && (box.contains(target) || opener.contains(target));
  const leaveFor = ({ target }: Event) => {
    if (!isOwn(target)) onLeave();
  };
  document.addEventListener("pointerdown", leaveFor, options);
  document.addEventListener("focusin", leaveFor, options);
  document.addEventListener("scroll", leaveFor, { ...options, passive: true });
  window.addEventListener("resize", onLeave, options);
  return () => watch.abort();
}
