import { Activity, History, SquareTerminal, Table2 } from "lucide-react";
import { CellText } from "#components/cell-text.tsx";
import type { Place } from "./place.ts";

/** What a tab looks like: the sign of its kind, and its name. */
export function TabFace({ place, name }: { readonly place: Place; readonly name: string }) {
  const Icon = icons[place.kind];
  return (
    <>
      <Icon aria-hidden className="size-3.5 shrink-0" />
      <span className="truncate">
        <CellText text={name} />
      </span>
    </>
  );
}

const icons = {
  sql: SquareTerminal,
  table: Table2,
  activity: Activity,
  notebook: History,
  query: History,
} as const satisfies Readonly<Record<Place["kind"], unknown>>;
