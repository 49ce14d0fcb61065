"use client";

import { Check } from "lucide-react";
import { type ComponentType, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { classes } from "./classes.ts";
import { nextInMenu } from "./next-in-menu.ts";
import { openBelow } from "./open-below.ts";

/** One entry of a menu: an act, or a link when it has `href`. */
export interface MenuItem {
  readonly label: string;
  readonly icon?: ComponentType<{ readonly className?: string; readonly "aria-hidden"?: boolean }>;
  /** A path of this console. It is a real link: it opens in another tab like any other. */
  readonly href?: string;
  /** What it does; with `href`, what goes there without a full load. */
  readonly onSelect?: () => void;
  /** Removes or ends something. */
  readonly danger?: boolean;
  /** It stays in reach of the keyboard, and says so. Put the reason into `hint`. */
  readonly disabled?: boolean;
  /** Stands at its end: a key, a count, a reason. */
  readonly hint?: ReactNode;
  /** One of a choice, taken or not. */
  readonly checked?: boolean;
}

interface Props {
  /** The button's name, where its content is only a picture. */
  readonly label?: string;
  /** What the button shows. */
  readonly children: ReactNode;
  readonly className?: string;
  /** Entries; `"divider"` between groups. */
  readonly items: readonly (MenuItem | "divider")[];
  /** Stands above the entries and is no entry: whose menu it is. */
  readonly head?: ReactNode;
  /** The edge of the button that the menu keeps to; it turns round by itself where there is no room. */
  readonly align?: "start" | "end";
}

/**
 * A button with a menu (WAI-ARIA "menu button"): arrows, Home, End and first letters walk it, Escape and Tab leave it,
 * and focus goes back to the button before an entry acts, so that a dialog gives it back there too. It lies in the
 * browser's top layer: no table or card cuts it. Nothing of it is in the page until it is opened.
 */
export function Menu({ label, children, className, items, head, align = "end" }: Props) {
  const [open, setOpen] = useState<"first" | "last">();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: "", at: 0 });
  const id = useId();

  useEffect(() => {
    if (open === undefined || panel.current === null || button.current === null) return;
    const away = openBelow(panel.current, button.current, align, () => setOpen(undefined));
    const entries = entriesOf(panel.current);
    entries.at(open === "first" ? 0 : -1)?.focus();
    return away;
  }, [open, align]);

  function leave() {
    setOpen(undefined);
    button.current?.focus();
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
        aria-controls={open && `${id}-menu`}
        className={className}
        onClick={() => setOpen(open === undefined ? "first" : undefined)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          setOpen(event.key === "ArrowDown" ? "first" : "last");
        }}
      >
        {children}
      </button>
      {open !== undefined && (
        <div
          ref={panel}
          popover="manual"
          className="fixed inset-auto m-0 max-h-[min(24rem,calc(100dvh-1rem))] min-w-52 max-w-[min(20rem,calc(100vw-1rem))] overflow-y-auto rounded-lg border border-line bg-raised p-1 text-ink text-sm shadow-float animate-appear"
        >
          {head !== undefined && <div className="border-line border-b px-2.5 pt-1.5 pb-2 mb-1">{head}</div>}
          <div
            role="menu"
            id={`${id}-menu`}
            aria-labelledby={id}
            tabIndex={-1}
            onKeyDown={(event) => {
              if (event.key === "Escape" || event.key === "Tab") {
                // From the button, Tab goes on to what stands after it.
                if (event.key === "Escape") event.preventDefault();
                event.stopPropagation();
                leave();
                return;
              }
              const entries = entriesOf(event.currentTarget);
              const next = nextInMenu(event, entries, typed.current);
              if (next === undefined) return;
              event.preventDefault();
              next.focus();
            }}
          >
            {items.map((item, index) =>
              item === "divider" ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: a divider is nothing but its place
                <hr key={index} className="my-1 border-line" />
              ) : (
                <MenuEntry key={item.label} item={item} onLeave={leave} />
              ),
            )}
          </div>
        </div>
      )}
    </>
  );
}

function MenuEntry({ item, onLeave }: { readonly item: MenuItem; readonly onLeave: () => void }) {
  const { label, icon: Icon, href, onSelect, danger = false, disabled = false, hint, checked } = item;
  const shared = {
    role: checked === undefined ? "menuitem" : "menuitemradio",
    tabIndex: -1,
    className: classes(
      "flex min-h-8 w-full items-center gap-2.5 rounded-md px-2.5 py-1 text-left -outline-offset-2 pointer-coarse:min-h-11",
      "focus:bg-sunken",
      disabled ? "text-muted" : danger ? "text-danger hover:bg-danger-soft" : "hover:bg-sunken",
    ),
    ...(checked !== undefined && { "aria-checked": checked }),
    ...(disabled && { "aria-disabled": true }),
  };
  const content = (
    <>
      {Icon !== undefined && (
        <Icon aria-hidden className={classes("size-4 shrink-0", !danger && "text-muted")} />
      )}
      {checked !== undefined && (
        <Check aria-hidden className={classes("size-4 shrink-0 text-accent", !checked && "invisible")} />
      )}
      <span className="min-w-0 flex-1 break-words">{label}</span>
      {hint !== undefined && <span className="shrink-0 text-muted text-fact">{hint}</span>}
    </>
  );
  if (href !== undefined && !disabled) {
    return (
      <a
        {...shared}
        href={href}
        onClick={(event) => {
          if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
          onLeave();
          if (onSelect === undefined) return;
          event.preventDefault();
          onSelect();
        }}
        onKeyDown={(event) => {
          // A menu is pressed with the space bar too; a link by itself is not.
          if (event.key !== " ") return;
          event.preventDefault();
          event.currentTarget.click();
        }}
      >
        {content}
      </a>
    );
  }
  return (
    <button
      type="button"
      {...shared}
      onClick={() => {
        if (disabled) return;
        onLeave();
        onSelect?.();
      }}
    >
      {content}
    </button>
  );
}

function entriesOf(place: Element): HTMLElement[] {
  return [...place.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
}
