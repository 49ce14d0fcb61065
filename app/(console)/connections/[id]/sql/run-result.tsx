"use client";

import type { ErrorPlace } from "#lib/session/error-place.ts";
import { ResultExport, type ResultOrigin } from "../transfers/result-export.tsx";
import type { RunState } from "./gathered-run.ts";
import { Notifications } from "./notifications.tsx";
import { ResultTabs } from "./result-tabs.tsx";
import { ResultView } from "./result-view.tsx";
import { RunOutcome } from "./run-outcome.tsx";
import { ShownElsewhere } from "./shown-elsewhere.tsx";
import type { Script } from "./use-script.ts";

interface Props {
  readonly connectionId: string;
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
  const item = script?.items[selected];
  const result = shown !== undefined && (
    <>
      <RunOutcome state={shown} place={place} onGoTo={onGoTo} onAgain={onAgain} onMore={onMore} />
      {script !== undefined && item !== undefined && (
        <ShownElsewhere connectionId={connectionId} script={script} item={item} />
      )}
      <Notifications heard={shown.notifications} />
      <ResultView state={shown} />
      <ResultExport state={shown} origin={origin} />
    </>
  );
  if (script === undefined) return result;
  return (
    <ResultTabs script={script} selected={selected} onSelect={onSelect}>
      {result}
    </ResultTabs>
  );
}
