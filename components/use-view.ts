import { type RefObject, useCallback, useEffect, useState } from "react";

export interface View {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/**
 * What part of a scrolled box is in sight, in steps, so that not every pixel of a scroll renders anew.
 * @returns it, and a way to look at once: whoever scrolls by program need not wait for a frame
 */
export function useView(box: RefObject<HTMLElement | null>, rowHeight: number): readonly [View, () => void] {
  const [view, setView] = useState<View>({ top: 0, left: 0, width: 1200, height: 600 });
  const look = useCallback(() => {
    const element = box.current;
    // Hidden with its tab, it has no size: what was in sight stays made. Without a layout engine (tests) nothing has.
    const isHidden = element?.clientHeight === 0 && document.documentElement.clientHeight > 0;
    if (element === null || isHidden) return;
    setView((old) => {
      const next = {
        top: Math.floor(element.scrollTop / rowHeight) * rowHeight,
        left: Math.floor(element.scrollLeft / 32) * 32,
        width: (element.clientWidth || 1200) + 32,
        height: (element.clientHeight || 600) + rowHeight,
      };
      const same =
        next.top === old.top &&
        next.left === old.left &&
        next.width === old.width &&
        next.height === old.height;
      return same ? old : next;
    });
  }, [box, rowHeight]);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let frame = 0;
    const soon = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        look();
      });
    };
    look();
    element.addEventListener("scroll", soon, { passive: true });
    const sizes = typeof ResizeObserver === "undefined" ? undefined : new ResizeObserver(soon);
    sizes?.observe(element);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener("scroll", soon);
      sizes?.disconnect();
    };
  }, [box, look]);
  return [view, look];
}
