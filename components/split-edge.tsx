"use client";

import { type KeyboardEvent, useEffect, useRef, useState } from "react";

interface Props {
  readonly label: string;
  /** Under which name this browser keeps the width. */
  readonly keptAs: string;
  /** The side of its pane that it is. */
  readonly side: "left" | "right";
  readonly first: number;
  readonly least: number;
  readonly most: number;
}

/** The edge of a pane: dragged, or moved by arrows, it makes the pane wider or narrower. */
export function SplitEdge({ label, keptAs, side, first, least, most }: Props) {
  const edge = useRef<HTMLDivElement>(null);
  const begun = useRef<{ readonly at: number; readonly width: number }>(undefined);
  const [width, setWidth] = useState(first);
  const place = `cloak-db:width:${keptAs}`;

  useEffect(() => {
    const kept = Number(localStorage.getItem(place));
    if (kept >= least && kept <= most) setWidth(kept);
  }, [place, least, most]);

  // Not as an attribute: the page's policy takes none in what the server sends.
  useEffect(() => {
    const pane = edge.current?.parentElement;
    pane?.style.setProperty("--pane-width", `${width}px`);
  }, [width]);

  function moveTo(next: number): void {
    const within = Math.round(Math.min(most, Math.max(least, next)));
    setWidth(within);
    localStorage.setItem(place, String(within));
  }

  const outwards = side === "right" ? 1 : -1;
  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowRight: 16, ArrowLeft: -16 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    moveTo(width + step * outwards);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule has no keys
    <div
      ref={edge}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        begun.current = { at: event.clientX, width };
      }}
      onPointerMove={(event) => {
        if (begun.current !== undefined)
          moveTo(begun.current.width + (event.clientX - begun.current.at) * outwards);
      }}
      onPointerUp={() => {
        begun.current = undefined;
      }}
      className={`absolute inset-y-0 z-20 w-1.5 cursor-col-resize touch-none hover:bg-accent/40 focus-visible:bg-accent max-desk:hidden ${side === "right" ? "-right-1" : "-left-1"}`}
    />
  );
}
