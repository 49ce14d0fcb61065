"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { TabList } from "#components/tab-list.tsx";
import { Button } from "#components/ui/button.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { type TablePart, tableParts } from "../place.ts";
import { ReadAt } from "../read-at.tsx";
import { RefusedNote } from "../refused-note.tsx";
import { TableTransfers } from "../transfers/table-transfers.tsx";
import type { TablePaneProps } from "./table-pane-props.ts";
import { TableRows } from "./table-rows.tsx";
import { useFacts } from "./use-facts.ts";

const TableStructure = lazy(async () => ({
  default: (await import("./table-structure.tsx")).TableStructure,
}));

const PicturePane = lazy(async () => ({ default: (await import("./picture/picture-pane.tsx")).PicturePane }));

/**
 * What is known of the table besides its rows waits for them, so that both come by one session of the server; but not
 * longer than this, ms: a filter may be what makes them come soon.
 */
const patienceMs = 300;

/** A table: its rows, and what it is made of. */
export function TablePane(props: TablePaneProps) {
  const { connectionId, table, part, onPart, onGo } = props;
  const t = useTranslations("browse.table");
  const position = useTranslations("browse.position");
  const [late, setLate] = useState(false);
  /** After an import the rows are read anew. */
  const [imported, setImported] = useState(0);
  const onRead = useCallback(() => setLate(true), []);
  useEffect(() => {
    const timer = setTimeout(onRead, patienceMs);
    return () => clearTimeout(timer);
  }, [onRead]);
  const facts = useFacts(connectionId, table, late || part !== "rows");
  const { detail, readAt, loading, refused, again } = facts;
  // Once its rows were shown, they stay: their pages, the active cell and where they were scrolled to.
  const hadRows = useRef(false);
  hadRows.current ||= part === "rows";
  const isRows = part === "rows";
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-x-3 border-line border-b px-2">
        <h2 className="min-w-0 truncate font-medium text-[0.8125rem]">
          <span className="text-muted">
            <CellText text={table.schema} />.
          </span>
          <CellText text={table.table} />
        </h2>
        <TabList
          label={t("parts")}
          tabs={tableParts.map((one) => ({ id: one, label: t(`part.${one}`) }))}
          current={part}
          onSelect={(id) => onPart(id as TablePart)}
        />
        <TableTransfers
          connectionId={connectionId}
          table={table}
          view={props.view}
          detail={detail}
          onImported={() => setImported(imported + 1)}
        />
      </div>
      {detail?.comment && (
        <p className="truncate px-3 py-1 text-muted text-xs" title={detail.comment}>
          <CellText text={detail.comment} />
        </p>
      )}
      {hadRows.current && (
        <div
          role="tabpanel"
          aria-label={t("part.rows")}
          hidden={!isRows}
          className="flex min-h-0 flex-1 flex-col [[hidden]]:hidden"
        >
          <TableRows
            key={imported}
            {...props}
            shown={props.shown && isRows}
            detail={detail}
            onRead={onRead}
          />
        </div>
      )}
      {!isRows && (
        <div
          role="tabpanel"
          aria-label={t(`part.${part}`)}
          onKeyDown={(event) => {
            if (event.key !== "F5" || event.ctrlKey || event.metaKey) return;
            event.preventDefault();
            again();
          }}
          className="min-h-0 flex-1 overflow-y-auto p-3"
        >
          {readAt !== undefined && (
            <p className="mb-2 flex items-center justify-end gap-2 text-muted text-xs">
              <ReadAt iso={readAt} />
              <Button look="quiet" size="sm" aria-keyshortcuts="F5" pending={loading} onClick={again}>
                {position("refresh")}
              </Button>
            </p>
          )}
          {refused !== undefined && <RefusedNote refused={refused} onAgain={again} />}
          {part === "picture" && (
            <Suspense fallback={<Spinner />}>
              <PicturePane
                connectionId={connectionId}
                table={table}
                onOpen={(to) => onGo({ ...to, filters: [] })}
              />
            </Suspense>
          )}
          {part !== "picture" && detail === undefined && refused === undefined && <Spinner />}
          {part !== "picture" && detail !== undefined && (
            <Suspense fallback={<Spinner />}>
              <TableStructure detail={detail} part={part} onGo={onGo} />
            </Suspense>
          )}
        </div>
      )}
    </div>
  );
}
