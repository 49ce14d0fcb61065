import { Check } from "lucide-react";
import { isValidElement, type RefObject, useEffect, useRef } from "react";
import { classes } from "./classes.ts";
import type { MenuItem, MenuProps } from "./menu-item.ts";
import { nextInMenu } from "./next-in-menu.ts";
import { openBelow } from "./open-below.ts";

interface Props extends Pick<MenuProps, "items" | "head" | "align"> {
  /** The menu's id; its button's is the name of it. */
  readonly id: string;
  readonly labelledBy: string;
  readonly button: RefObject<HTMLButtonElement | null>;
  /** The entry that has the focus first. */
  readonly from: "first" | "last";
  readonly onClose: () => void;
}

/** The open menu of a menu button. It comes when one is first wanted: no page waits for it. */
export function MenuPanel({ id, labelledBy, button, from, items, head, align = "end", onClose }: Props) {
  const panel = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: "", at: 0 });
  const close = useRef(onClose);

  useEffect(() => {
    if (panel.current === null || button.current === null) return;
    const away = openBelow(panel.current, button.current, align, () => close.current());
    entriesOf(panel.current)
      .at(from === "first" ? 0 : -1)
      ?.focus();
    return away;
  }, [button, from, align]);

  function leave() {
    onClose();
    button.current?.focus();
  }

  return (
    <div
      ref={panel}
      popover="manual"
      className="fixed inset-auto m-0 max-h-[min(24rem,calc(100dvh-1rem))] min-w-52 max-w-[min(20rem,calc(100vw-1rem))] overflow-y-auto rounded-lg border border-line bg-raised p-1 text-ink text-sm shadow-float animate-appear"
    >
      {head !== undefined && <div className="border-line border-b px-2.5 pt-1.5 pb-2 mb-1">{head}</div>}
      <div
        role="menu"
        id={id}
        aria-labelledby={labelledBy}
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
      {isValidElement(Icon)
        ? Icon
        : Icon !== undefined && (
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
