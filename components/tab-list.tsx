"use client";

import { X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { classes } from "./ui/classes.ts";

export interface TabOfList {
  readonly id: string;
  readonly label: string;
  /** Shown instead of the label, which is its name all the same. */
  readonly face?: ReactNode;
}

interface Props {
  readonly label: string;
  readonly tabs: readonly TabOfList[];
  readonly current: string;
  readonly onSelect: (id: string) => void;
  /** Delete on a tab, or a press on its cross. */
  readonly onClose?: (id: string) => void;
  readonly className?: string;
}

/** Tabs in a line: arrows move among them and show them (WAI-ARIA tabs pattern), Delete closes one where it can be. */
export function TabList({ label, tabs, current, onSelect, onClose, className }: Props) {
  const list = useRef<HTMLDivElement>(null);

  function onKeyDown(event: KeyboardEvent): void {
    const at = tabs.findIndex(({ id }) => id === current);
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (next !== undefined) {
      event.preventDefault();
      onSelect(next.id);
      list.current?.querySelectorAll<HTMLElement>("[role=tab]")[tabs.indexOf(next)]?.focus();
    } else if (event.key === "Delete" && onClose !== undefined) {
      event.preventDefault();
      onClose(current);
    }
  }

  return (
    <div
      ref={list}
      role="tablist"
      aria-label={label}
      onKeyDown={onKeyDown}
      className={classes("flex min-w-0 overflow-x-auto", className)}
    >
      {tabs.map(({ id, label: name, face }) => (
        <div
          key={id}
          role="presentation"
          className={classes(
            "flex shrink-0 items-center border-b-2",
            id === current ? "border-accent text-ink" : "border-transparent text-muted hover:text-ink",
          )}
        >
          <button
            type="button"
            role="tab"
            aria-selected={id === current}
            tabIndex={id === current ? 0 : -1}
            {...(onClose !== undefined && { "aria-keyshortcuts": "Delete" })}
            title={name}
            onClick={() => onSelect(id)}
            onAuxClick={(event) => {
              if (event.button === 1) onClose?.(id);
            }}
            className={classes(
              "flex min-h-8 max-w-56 items-center gap-1.5 truncate px-2.5 text-[0.8125rem] outline-offset-[-2px]",
              onClose !== undefined && "pr-1",
            )}
          >
            {face ?? name}
          </button>
          {onClose !== undefined && (
            // For the mouse: by keyboard, Delete closes the tab that has the focus.
            <button
              type="button"
              aria-hidden
              tabIndex={-1}
              onClick={() => onClose(id)}
              className="mr-1 grid size-6 place-items-center rounded-sm text-muted hover:bg-sunken hover:text-ink"
            >
              <X aria-hidden className="size-3.5" />
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
