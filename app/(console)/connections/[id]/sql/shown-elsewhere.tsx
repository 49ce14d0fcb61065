"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { askPanes, type PaneRequest } from "../pane-requests.ts";
import type { Script, ScriptItem } from "./use-script.ts";

interface Props {
  readonly connectionId: string;
  readonly script: Script;
  readonly item: ScriptItem;
}

/**
 * A command of psql whose answer the console has a place for: the way there beside the rows. A table that was asked for
 * alone is gone to at once; in a script nobody is led away from what comes after it.
 */
export function ShownElsewhere({ connectionId, script, item }: Props) {
  const t = useTranslations("statements.psql");
  const found = requestOf(item);
  const isAlone = script.items.length === 1 && found?.request.to === "place" && !isOpen(item);
  const gone = useRef<number>(undefined);
  useEffect(() => {
    if (!isAlone || found === undefined || gone.current === script.startedAt) return;
    gone.current = script.startedAt;
    askPanes(connectionId, found.request);
  }, [connectionId, found, isAlone, script.startedAt]);
  if (found === undefined) return null;
  const { request, name } = found;
  return (
    <div className="px-3 pb-2">
      <Button size="sm" onClick={() => askPanes(connectionId, request)}>
        <CellText text={request.to === "place" ? t("openTable", { name }) : t("showInTree")} />
      </Button>
    </div>
  );
}

/** What a transaction has made may not be there for the pane's own session. */
function isOpen({ state }: ScriptItem): boolean {
  return state?.end?.type === "done" && state.end.transaction !== "none";
}

function requestOf({
  piece,
  state,
}: ScriptItem): { readonly request: PaneRequest; readonly name: string } | undefined {
  if (piece.does !== "run" || piece.shown === undefined || state?.end?.type !== "done") return undefined;
  if (piece.shown.in === "tree") return { request: { to: "tree", text: piece.shown.text }, name: "" };
  const [schema, table] = state.rows.at(0) ?? [];
  // The session's own are there for nobody else.
  if (schema == null || table == null || /^pg_temp/.test(schema)) return undefined;
  return {
    request: { to: "place", place: { kind: "table", schema, table, part: "columns" } },
    name: `${schema}.${table}`,
  };
}
