"use client";

import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { CellEditorProps } from "./cell-editing.ts";
import { CellEditor } from "./cell-editor.tsx";

interface Props extends CellEditorProps {
  /** Holds the grid. */
  readonly place: RefObject<HTMLElement | null>;
  /** The grid's own number of the row, which lasts, and the column's. */
  readonly row: number;
  readonly column: number;
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

/** The editor over its cell: it goes with it, and may be larger than it is. */
export function CellOverlay({ place, row, column, ...editor }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<Place>();
  useLayoutEffect(() => {
    let frame = 0;
    const look = () => {
      const cell = place.current?.querySelector(`[role="gridcell"][id$="-${row}-${column}"]`);
      if (!cell) return;
      const found = cell.getBoundingClientRect();
      const height = box.current?.offsetHeight ?? 0;
      const width = Math.min(Math.max(found.width, 260), window.innerWidth - 16);
      const next = {
        left: Math.max(8, Math.min(found.left, window.innerWidth - width - 8)),
        // Where there is no room below, it ends with the window.
        top: Math.max(8, Math.min(found.top - 1, window.innerHeight - height - 8)),
        width,
      };
      setAt((before) =>
        before?.left === next.left && before.top === next.top && before.width === next.width ? before : next,
      );
    };
    const soon = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        look();
      });
    };
    look();
    // The grid may be on its way to that cell.
    soon();
    window.addEventListener("scroll", soon, { capture: true, passive: true });
    window.addEventListener("resize", soon);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener("scroll", soon, { capture: true });
      window.removeEventListener("resize", soon);
    };
  }, [column, place, row]);
  // Grown by a line or by a list, it may have to move.
  useEffect(() => {
    const sizes = typeof ResizeObserver === "undefined" ? undefined : new ResizeObserver(onResize);
    function onResize() {
      window.dispatchEvent(new Event("resize"));
    }
    if (box.current !== null) sizes?.observe(box.current);
    return () => sizes?.disconnect();
  }, []);
  return createPortal(
    <div
      ref={box}
      className="fixed z-40 rounded-md border-2 border-accent bg-raised shadow-float"
      style={at ?? { left: 8, top: 8, width: 260 }}
    >
      <CellEditor {...editor} />
    </div>,
    document.body,
  );
}
