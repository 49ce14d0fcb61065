"use client";

import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { classes } from "./ui/classes.ts";
import { useRowHeight } from "./use-row-height.ts";
import { useView } from "./use-view.ts";

export interface TreeListItem {
  readonly id: string;
  /** From 1. */
  readonly level: number;
  /** What typing finds it by. */
  readonly name: string;
  /** Its place among its brothers, from 1, and how many they are. */
  readonly position: number;
  readonly size: number;
  /** Undefined where there is nothing to open. */
  readonly expanded?: boolean | undefined;
}

interface Props<Item extends TreeListItem> {
  readonly label: string;
  /** Those of opened parents only, from top to bottom. */
  readonly items: readonly Item[];
  /** The one that is shown elsewhere. */
  readonly current: string | undefined;
  readonly render: (item: Item) => ReactNode;
  /** Enter or a press on an item. */
  readonly onOpen: (item: Item) => void;
  /** The items in sight, whenever they change. */
  readonly onView?: (items: readonly Item[]) => void;
  readonly className?: string;
}

const overscan = 8;

/**
 * A tree that makes only what is in sight, whatever its size (WAI-ARIA tree pattern): arrows move, open and close, Home
 * and End go to its ends, letters find a name, Enter opens.
 */
export function TreeList<Item extends TreeListItem>(props: Props<Item>) {
  const { label, items, current, render, onOpen, onView, className } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: "", at: 0 });
  const [active, setActive] = useState<string>();
  const rowHeight = useRowHeight();
  const [view] = useView(box, rowHeight);
  const found = items.findIndex((item) => item.id === (active ?? current));
  const at = Math.max(0, found);
  const first = Math.max(0, Math.floor(view.top / rowHeight) - overscan);
  const last = Math.min(items.length, Math.ceil((view.top + view.height) / rowHeight) + overscan);

  const top = Math.floor(view.top / rowHeight);
  const bottom = Math.ceil((view.top + view.height) / rowHeight);
  useEffect(() => onView?.(items.slice(top, bottom)), [items, top, bottom, onView]);

  // What was opened from elsewhere comes into sight.
  useEffect(() => {
    if (current !== undefined) setActive(current);
  }, [current]);

  function moveTo(index: number): void {
    const within = Math.min(items.length - 1, Math.max(0, index));
    const item = items[within];
    const element = box.current;
    if (item === undefined || element === null) return;
    setActive(item.id);
    const top = within * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowHeight - element.clientHeight;
  }

  function onKeyDown(event: KeyboardEvent): void {
    const item = items[at];
    if (item === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 2);
    const parent = () => items.findLastIndex(({ level }, index) => index < at && level < item.level);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: items.length - 1,
    };
    const next = Object.hasOwn(to, event.key) ? to[event.key as keyof typeof to] : undefined;
    const isHandled = next !== undefined || /^(Arrow(Right|Left)|Enter| )$/.test(event.key);
    if (isHandled) event.preventDefault();
    if (next !== undefined) moveTo(next);
    else if (event.key === "Enter" || event.key === " ") onOpen(item);
    else if (event.key === "ArrowRight") {
      if (item.expanded === false) onOpen(item);
      else if (item.expanded === true) moveTo(at + 1);
    } else if (event.key === "ArrowLeft") {
      if (item.expanded === true) onOpen(item);
      else if (parent() >= 0) moveTo(parent());
    }
    if (isHandled) return;
    if (event.key.length !== 1) return;
    const text = event.timeStamp - typed.current.at < 700 ? typed.current.text + event.key : event.key;
    typed.current = { text, at: event.timeStamp };
    const begins = ({ name }: Item) => name.toLowerCase().startsWith(text.toLowerCase());
    const from = text.length > 1 ? at : at + 1;
    const after = items.findIndex((one, index) => index >= from && begins(one));
    const match = after >= 0 ? after : items.findIndex(begins);
    if (match >= 0) moveTo(match);
  }

  return (
    <div
      ref={box}
      role="tree"
      aria-label={label}
      tabIndex={0}
      {...(at >= first && at < last && { "aria-activedescendant": `${id}-${at}` })}
      onKeyDown={onKeyDown}
      className={classes(
        "group relative overflow-y-auto overscroll-contain outline-none focus-visible:outline-2 focus-visible:outline-accent focus-visible:-outline-offset-2",
        className,
      )}
    >
      <div role="presentation" className="relative" style={{ height: items.length * rowHeight }}>
        {items.slice(first, last).map((item, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the focus and its keys
          // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and names its active item
          <div
            key={item.id}
            id={`${id}-${first + index}`}
            role="treeitem"
            aria-level={item.level}
            aria-posinset={item.position}
            aria-setsize={item.size}
            aria-selected={item.id === current}
            {...(item.expanded !== undefined && { "aria-expanded": item.expanded })}
            onClick={() => {
              setActive(item.id);
              onOpen(item);
            }}
            className={classes(
              "absolute right-0 left-0 flex cursor-pointer items-center gap-1.5 whitespace-nowrap pr-2 text-[0.8125rem] hover:bg-sunken",
              item.level === 1 ? "pl-1.5" : "pl-6",
              item.id === current && "bg-accent-soft hover:bg-accent-soft",
              first + index === at &&
                "group-focus-visible:outline-2 group-focus-visible:outline-accent group-focus-visible:-outline-offset-2",
            )}
            style={{ top: (first + index) * rowHeight, height: rowHeight }}
          >
            {render(item)}
          </div>
        ))}
      </div>
    </div>
  );
}
