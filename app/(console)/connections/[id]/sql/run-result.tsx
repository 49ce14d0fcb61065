"use client";

import { Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import type { ErrorPlace } from "#lib/session/error-place.ts";
import type { TableWriting } from "../changes/grid-editing.ts";
import { ResultExport, type ResultOrigin } from "../transfers/result-export.tsx";
import type { RunState } from "./gathered-run.ts";
import { Notifications } from "./notifications.tsx";
import { ResultTabs } from "./result-tabs.tsx";
import { ResultView } from "./result-view.tsx";
import { RunOutcome } from "./run-outcome.tsx";
import { ShownElsewhere } from "./shown-elsewhere.tsx";
import type { Script } from "./use-script.ts";

const ResultEditing = lazy(async () => ({
  default: (await import("../result-edit/result-editing.tsx")).ResultEditing,
}));

interface Props {
  readonly connectionId: string;
  /** Of the SQL tab. */
  readonly slot: string;
  readonly writing: TableWriting;
  /** Undefined before the first run. */
  readonly script: Script | undefined;
  /** The run that is looked at. */
  readonly shown: RunState | undefined;
  /** Which statement of the script that is. */
  readonly selected: number;
  /** Where its error lies in the text. */
  readonly place: ErrorPlace | undefined;
  readonly onGoTo: (place: ErrorPlace) => void;
  readonly onAgain: () => void;
  readonly onMore: () => void;
  readonly onSelect: (index: number) => void;
  /** Where the rows came from: the whole of them can be exported. */
  readonly origin: ResultOrigin;
}

/** What came of one statement, or of each of several. */
export function RunResult({
  connectionId,
  slot,
  writing,
  script,
  shown,
  selected,
  place,
  onGoTo,
  onAgain,
  onMore,
  onSelect,
  origin,
}: Props) {
  const t = useTranslations("session.result");
  const item = script?.items[selected];
  /** The run whose rows are edited. */
  const [edited, setEdited] = useState<number>();
  const isEdited = shown !== undefined && shown.startedAt === edited;
  const mayEdit = shown?.end?.type === "done" && shown.rowCount > 0;
  const result = shown !== undefined && (
    <>
      <RunOutcome state={shown} place={place} onGoTo={onGoTo} onAgain={onAgain} onMore={onMore} />
      {script !== undefined && item !== undefined && (
        <ShownElsewhere connectionId={connectionId} script={script} item={item} />
      )}
      <Notifications heard={shown.notifications} />
      {isEdited ? (
        <Suspense fallback={null}>
          <ResultEditing
            connectionId={connectionId}
            slot={slot}
            state={shown}
            writing={writing}
            inTransaction={origin.inTransaction}
            onClose={() => setEdited(undefined)}
          />
        </Suspense>
      ) : (
        <ResultView state={shown} />
      )}
      <div className="flex flex-wrap items-center border-line border-t px-2 py-1 empty:hidden">
        {mayEdit && !isEdited && (
          <Button size="sm" look="quiet" onClick={() => setEdited(shown.startedAt)}>
            <Pencil aria-hidden className="size-3.5" />
            {t("edit")}
          </Button>
        )}
        <ResultExport state={shown} origin={origin} />
      </div>
    </>
  );
  if (script === undefined) return result;
  return (
    <ResultTabs script={script} selected={selected} onSelect={onSelect}>
      {result}
    </ResultTabs>
  );
}
