"use client";

import { lazy, memo, Suspense, useCallback, useMemo } from "react";
import type { TableWriting } from "./changes/grid-editing.ts";
import { PaneComing } from "./pane-coming.tsx";
import { type Place, readView, writeView } from "./place.ts";
import type { InspectedRow } from "./row/inspected-row.ts";
import type { Target } from "./table/targets.ts";

/** After the page itself, so that it is there when a table is opened. */
export const loadTablePane = () => import("./table/table-pane.tsx");
const TablePane = lazy(async () => ({ default: (await loadTablePane()).TablePane }));

interface TableTabProps {
  readonly connectionId: string;
  readonly id: string;
  readonly place: Extract<Place, { readonly kind: "table" }>;
  readonly fragment: string;
  readonly shown: boolean;
  readonly go: (place: Place, fragment?: string) => void;
  readonly note: (place: Place, fragment: string) => void;
  readonly onRow: (looked: { readonly tab: string; readonly row: InspectedRow | undefined }) => void;
  readonly onGo: (target: Target) => void;
  readonly writing: TableWriting | undefined;
}

/** The tab of a table, at the place that the address says. */
export const TableTab = memo(function TableTab({
  connectionId,
  id,
  place,
  fragment,
  shown,
  go,
  note,
  onRow,
  onGo,
  writing,
}: TableTabProps) {
  const { schema, table, part } = place;
  const view = useMemo(() => readView(fragment), [fragment]);
  const name = useMemo(() => ({ schema, table }), [schema, table]);
  const onItsRow = useCallback((row: InspectedRow | undefined) => onRow({ tab: id, row }), [id, onRow]);
  return (
    <Suspense fallback={<PaneComing />}>
      <TablePane
        connectionId={connectionId}
        table={name}
        part={part}
        view={view}
        shown={shown}
        onPart={(next) => go({ ...place, part: next }, fragment)}
        onView={(next) => go(place, writeView(next))}
        onSeen={(next) => note(place, writeView(next))}
        onRow={onItsRow}
        onGo={onGo}
        writing={writing}
      />
    </Suspense>
  );
});
