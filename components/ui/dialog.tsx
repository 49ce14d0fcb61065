"use client";

import { type ReactNode, useEffect, useId, useRef } from "react";
import { classes } from "./classes.ts";

interface Props {
  readonly open: boolean;
  readonly title: string;
  /** Called when the person leaves it: Escape, or a press outside. */
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at the foot. */
  readonly foot?: ReactNode;
  readonly wide?: boolean;
  /** Wider still, and all of a narrow screen. */
  readonly sheet?: boolean;
}

/** A modal dialog on the native element: the browser keeps focus inside; it goes back to what opened it. */
export function Dialog({ open, title, onClose, children, foot, wide = false, sheet = false }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  const opener = useRef<Element>(null);

  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null || dialog.open === open) return;
    if (open) {
      opener.current = document.activeElement;
      dialog.showModal();
    } else {
      dialog.close();
      giveBack(opener.current);
    }
  }, [open]);

  // Taken away while it is open, it gives nothing back by itself.
  useEffect(() => () => giveBack(opener.current), []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it through `onCancel`
    <dialog
      ref={ref}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // The dialog's own box is filled by its content: a press on the element itself fell on the backdrop.
        if (event.target === ref.current) onClose();
      }}
      className={classes(
        "m-auto max-h-[min(90dvh,48rem)] w-[calc(100%-1.5rem)] rounded-xl border border-line bg-raised p-0 text-ink shadow-float open:animate-appear",
        sheet
          ? "max-w-6xl max-sm:m-0 max-sm:max-w-full max-sm:w-full max-sm:max-h-dvh max-sm:rounded-none"
          : wide
            ? "max-w-4xl"
            : "max-w-lg",
      )}
    >
      {open && (
        <div
          className={classes(
            "flex max-h-[min(90dvh,48rem)] flex-col",
            sheet && "max-sm:h-dvh max-sm:max-h-dvh",
          )}
        >
          <h2 id={id} className="px-5 pt-5 pb-1 text-lg font-semibold sm:px-6">
            {title}
          </h2>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-2 pb-4 sm:px-6 -outline-offset-2">
            {children}
          </div>
          {foot !== undefined && (
            <div className="flex flex-wrap justify-end gap-2 border-t border-line bg-sunken px-5 py-3 sm:px-6">
              {foot}
            </div>
          )}
        </div>
      )}
    </dialog>
  );
}

/** Focus goes back to what had it, unless somebody has moved it on meanwhile. */
function giveBack(opener: Element | null): void {
  const focused = document.activeElement;
  if (focused !== null && focused !== document.body) return;
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
}
