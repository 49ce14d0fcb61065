"use client";

import { type ReactNode, useState } from "react";
import { classes } from "./classes.ts";

interface Props {
  readonly className?: string;
  /** Never without a file. */
  readonly onFiles: (files: readonly [File, ...File[]]) => void;
  /** What stands in it, with a button that does the same. `over` while files are held over it. */
  readonly children: (over: boolean) => ReactNode;
}

/** An area that files can be dropped on. */
export function DropArea({ className, onFiles, children }: Props) {
  const [over, setOver] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button does the same
    <div
      className={classes(
        "flex flex-wrap items-center gap-y-2 rounded-md border border-dashed px-3 py-2.5",
        over ? "border-accent bg-accent-soft" : "border-control",
        className,
      )}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [first, ...others] = event.dataTransfer.files;
        if (first !== undefined) onFiles([first, ...others]);
      }}
    >
      {children(over)}
    </div>
  );
}
