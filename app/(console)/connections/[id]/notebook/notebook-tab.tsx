"use client";

import { useTranslations } from "next-intl";
import { useRef } from "react";
import { TabList } from "#components/tab-list.tsx";
import { HistoryPane } from "../history/history-pane.tsx";
import { type NotebookPart, notebookParts, type Place } from "../place.ts";
import { QueriesPane } from "../queries/queries-pane.tsx";
import { QueryOpening } from "../queries/query-opening.tsx";
import type { TabFilling } from "../sql/tab-filling.ts";
import { freeSlot } from "./free-slot.ts";

interface Props {
  readonly connectionId: string;
  readonly place: Extract<Place, { readonly kind: "notebook" | "query" }>;
  readonly shown: boolean;
  readonly onPart: (part: NotebookPart) => void;
  /** Opens a SQL tab with a text in it. */
  readonly onSql: (filling: TabFilling, slot: string) => void;
  /** From which number on SQL tabs are free on this page. */
  readonly nextSlot: number;
}

/** What a person has run, and what they and others have saved; or a saved query on its way into a SQL tab. */
export function NotebookTab(props: Props) {
  const { connectionId, place, shown, onPart } = props;
  const t = useTranslations("notebook");
  const latest = useRef(props);
  latest.current = props;
  const onSql = async (filling: TabFilling) => {
    const slot = await freeSlot(connectionId, latest.current.nextSlot);
    latest.current.onSql(filling, String(Math.max(Number(slot), latest.current.nextSlot)));
  };
  if (place.kind === "query") return <QueryOpening connectionId={connectionId} id={place.id} onSql={onSql} />;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="border-line border-b px-2">
        <TabList
          label={t("parts")}
          tabs={notebookParts.map((part) => ({ id: part, label: t(`part.${part}`) }))}
          current={place.part}
          onSelect={(part) => onPart(part as NotebookPart)}
        />
      </div>
      <div
        role="tabpanel"
        aria-label={t(`part.${place.part}`)}
        className="min-h-0 flex-1 overflow-y-auto p-3 text-[0.8125rem]"
      >
        {place.part === "history" ? (
          <HistoryPane connectionId={connectionId} shown={shown} onSql={onSql} />
        ) : (
          <QueriesPane connectionId={connectionId} shown={shown} onSql={onSql} />
        )}
      </div>
    </div>
  );
}
