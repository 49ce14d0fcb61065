"use client";

import { useTranslations } from "next-intl";
import { useEffect, useMemo, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import type { ResultTable } from "#lib/browse/shapes.ts";
import { askConnection, type Refused } from "../ask-connection.ts";
import { ChangesWords } from "../changes/changes-words.tsx";
import type { TableWriting } from "../changes/grid-editing.ts";
import { RefusedNote } from "../refused-note.tsx";
import type { RunState } from "../sql/gathered-run.ts";
import { EditableRows } from "./editable-rows.tsx";
import { type ResultTarget, resultTargets, type WhyNotTarget } from "./result-target.ts";

interface Props {
  readonly connectionId: string;
  /** Of the SQL tab. */
  readonly slot: string;
  /** A run that has ended. */
  readonly state: RunState;
  readonly writing: TableWriting;
  /** The tab's transaction is open: what it did is seen and locked by nobody else. */
  readonly inTransaction: boolean;
  readonly onClose: () => void;
}

/** Rows of a result that are edited at once: as many as one set of changes takes. */
const mostRows = 1_000;

/** The rows of a result, to be changed where it has the whole key of a table; otherwise one sentence why not. */
export function ResultEditing(props: Props) {
  return (
    <ChangesWords>
      <Editing {...props} />
    </ChangesWords>
  );
}

function Editing({ connectionId, slot, state, writing, inTransaction, onClose }: Props) {
  const t = useTranslations("changes.result");
  const { columns = [], rows, rowCount } = state;
  const [found, setFound] = useState<readonly ResultTable[]>();
  const [refused, setRefused] = useState<Refused>();
  const [chosen, setChosen] = useState(0);
  const oids = useMemo(
    () => [...new Set(columns.flatMap(({ from }) => from?.table ?? []))].slice(0, mostTables),
    [columns],
  );
  const why =
    oids.length === 0
      ? "no-table"
      : inTransaction
        ? "transaction"
        : rowCount > mostRows
          ? "too-many"
          : undefined;
  const given = useMemo(
    () => Array.from({ length: why === undefined ? rowCount : 0 }, (_, index) => rows.at(index) ?? []),
    [rows, rowCount, why],
  );
  useEffect(() => {
    if (why !== undefined) return;
    const request = new AbortController();
    askConnection<readonly ResultTable[]>(connectionId, "result-tables", { oids }, request.signal)
      .then((answer) => {
        if (answer.ok) setFound(answer.value);
        else setRefused(answer.refused);
      })
      .catch(() => undefined);
    return () => request.abort();
  }, [connectionId, oids, why]);
  const { targets, others } = useMemo(
    () => resultTargets(columns, found ?? [], given),
    [columns, found, given],
  );
  const target = targets[chosen] ?? targets[0];
  const isEmpty = found !== undefined && target === undefined && others.length === 0;

  return (
    <section aria-label={t("title")}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-t px-3 py-1.5 text-[0.8125rem]">
        {targets.length > 1 && (
          <label className="flex items-center gap-2">
            {t("choose")}
            <select
              value={targets.indexOf(target as ResultTarget)}
              onChange={({ target: { value } }) => setChosen(Number(value))}
              className="min-h-8 rounded-md border border-line bg-surface px-2 pointer-coarse:min-h-11"
            >
              {targets.map(({ table }, index) => (
                <option key={`${table.schema}.${table.table}`} value={index}>
                  {`${table.schema}.${table.table}`}
                </option>
              ))}
            </select>
          </label>
        )}
        {target !== undefined && (
          <p className="min-w-0 text-muted">
            <CellText text={t("note", { table: `${target.table.schema}.${target.table.table}` })} />
          </p>
        )}
        {target === undefined && (why !== undefined || isEmpty) && <p>{t(`why.${why ?? "no-table"}`)}</p>}
        {target === undefined && others.map((other) => <WhyNot key={other.table} {...other} />)}
        {why === undefined && found === undefined && refused === undefined && <Spinner />}
        <Button size="sm" className="ml-auto" onClick={onClose}>
          {t("done")}
        </Button>
      </div>
      {refused !== undefined && <RefusedNote refused={refused} />}
      {target !== undefined && (
        <EditableRows
          key={`${target.table.schema}.${target.table.table}`}
          connectionId={connectionId}
          slot={slot}
          state={state}
          given={given}
          target={target}
          writing={writing}
        />
      )}
    </section>
  );
}

function WhyNot({ why, table, missing }: WhyNotTarget) {
  const t = useTranslations("changes.result.why");
  return (
    <p className="basis-full">
      <CellText text={t(why, { table, columns: missing.join(", "), count: missing.length })} />
    </p>
  );
}

/** Of which the console tells the names at once. */
const mostTables = 32;
