"use client";

import {
  Copy,
  FolderInput,
  MoreHorizontal,
  Pencil,
  PlugZap,
  SquareTerminal,
  Star,
  Tag,
  Trash2,
} from "lucide-react";
import { useEffect, useRef } from "react";
import { Menu, type MenuItem } from "#components/ui/menu.tsx";
import { fill } from "./fill.ts";
import { menuButtonClasses } from "./list-looks.ts";
import type { ListTexts } from "./list-texts.ts";
import type { RowView } from "./list-view.ts";
import type { RowActs } from "./row-acts.ts";

interface Props {
  readonly row: RowView;
  readonly acts: RowActs;
  readonly texts: ListTexts;
}

/** The menu of one row, loaded with the first press on its button: it opens as soon as it is there. */
export function RowMenu({ row, acts, texts }: Props) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => place.current?.querySelector("button")?.click(), []);
  return (
    <span ref={place}>
      <Menu
        label={fill(texts.actionsFor, { name: row.name })}
        className={menuButtonClasses}
        items={itemsOf(row, acts, texts.menu)}
      >
        <MoreHorizontal aria-hidden className="size-4" />
      </Menu>
    </span>
  );
}

function itemsOf(row: RowView, acts: RowActs, words: ListTexts["menu"]): readonly (MenuItem | "divider")[] {
  const settings = `/settings/connections/${row.id}`;
  return [
    { label: words.test, icon: PlugZap, onSelect: () => acts.test(row) },
    {
      label: row.manages ? words.edit : words.settings,
      icon: Pencil,
      href: settings,
      onSelect: () => acts.goTo(settings),
    },
    { label: words.duplicate, icon: Copy, onSelect: () => acts.duplicate(row) },
    { label: words.copyAs, icon: SquareTerminal, onSelect: () => acts.copyAs(row) },
    "divider",
    {
      label: row.favourite ? words.unfavourite : words.favourite,
      icon: Star,
      onSelect: () => acts.favourite(row),
    },
    ...(row.manages
      ? ([
          { label: words.group, icon: FolderInput, onSelect: () => acts.group(row) },
          { label: words.tags, icon: Tag, onSelect: () => acts.tags(row) },
          "divider",
          { label: words.remove, icon: Trash2, danger: true, onSelect: () => acts.remove(row) },
        ] as const)
      : []),
  ];
}
