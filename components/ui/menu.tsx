"use client";

import { useId, useRef, useState } from "react";
import type { MenuProps } from "./menu-item.ts";
import type { MenuPanel } from "./menu-panel.tsx";

export type { MenuItem } from "./menu-item.ts";

/**
 * A button with a menu (WAI-ARIA "menu button"): arrows, Home, End and first letters walk it, Escape and Tab leave it,
 * and focus goes back to the button before an entry acts, so that a dialog gives it back there too. It lies in the
 * browser's top layer: no table or card cuts it. Nothing of it is in the page until it is opened.
 */
export function Menu({ label, children, className, items, head, align = "end" }: MenuProps) {
  const [open, setOpen] = useState<"first" | "last">();
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const [Panel, setPanel] = useState<typeof MenuPanel | undefined>(() => loaded);

  /** On the way to the button already, so that it is there when it is pressed. */
  function load() {
    if (Panel !== undefined) return;
    // What did not come is asked for again by the next press.
    loadMenu().then(
      (panel) => setPanel(() => panel),
      () => setOpen(undefined),
    );
  }

  function toggle(from: "first" | "last" | undefined) {
    load();
    setOpen(from);
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        id={id}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open !== undefined}
        aria-controls={open && Panel && `${id}-menu`}
        className={className}
        onPointerEnter={load}
        onFocus={load}
        onClick={() => toggle(open === undefined ? "first" : undefined)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          toggle(event.key === "ArrowDown" ? "first" : "last");
        }}
      >
        {children}
      </button>
      {open !== undefined && Panel !== undefined && (
        <Panel
          id={`${id}-menu`}
          labelledBy={id}
          button={button}
          from={open}
          onClose={() => setOpen(undefined)}
          {...{ items, head, align }}
        />
      )}
    </>
  );
}

let loaded: typeof MenuPanel | undefined;

/** Brings what an open menu is made of. */
export async function loadMenu(): Promise<typeof MenuPanel> {
  loaded ??= (await import("./menu-panel.tsx")).MenuPanel;
  return loaded;
}
