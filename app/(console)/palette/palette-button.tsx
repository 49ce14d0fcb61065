"use client";

import { Search } from "lucide-react";
import { useState } from "react";
import { useLate } from "../use-late.ts";
import type { Opened, PaletteWords } from "./palette-door.tsx";

interface Props {
  readonly words: PaletteWords;
}

/** Opens the command palette. What stands behind it, its keys too, is loaded when the page is usable. */
export function PaletteButton({ words }: Props) {
  const [open, setOpen] = useState<Opened>();
  const Door = useLate(loadDoor);
  return (
    <>
      <button
        type="button"
        aria-label={words.label}
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => setOpen("palette")}
        className="inline-flex h-8 shrink-0 items-center gap-2 rounded-md border border-control px-2 text-muted text-sm hover:border-muted hover:bg-sunken hover:text-ink pointer-coarse:h-11 pointer-coarse:min-w-11 pointer-coarse:justify-center"
      >
        <Search aria-hidden className="size-4" />
        <span aria-hidden="true" className="hidden font-mono text-xs sm:inline pointer-coarse:hidden">
          Ctrl K
        </span>
      </button>
      {Door && <Door words={words} open={open} setOpen={setOpen} />}
    </>
  );
}

async function loadDoor() {
  return (await import("./palette-door.tsx")).PaletteDoor;
}
