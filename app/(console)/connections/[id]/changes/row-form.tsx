"use client";

import { Pencil, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import type { ColumnFacts, Value } from "#lib/browse/shapes.ts";
import type { Cell, NotEditable } from "#lib/change/shapes.ts";
import type { CellReference, DoneCell } from "./cell-editing.ts";
import { CellEditor } from "./cell-editor.tsx";
import { ValueFace } from "./value-face.tsx";

export interface FormCell {
  readonly facts: ColumnFacts;
  readonly shown: Cell;
  readonly changed: boolean;
  readonly cut: number | undefined;
  /** Why it takes no value; undefined where it does. */
  readonly why: NotEditable | undefined;
  readonly canDefault: boolean;
  readonly required: boolean;
  readonly reference: CellReference | undefined;
}

export interface StoredValue {
  readonly column: string;
  readonly value: Value;
}

interface Props {
  readonly connectionId: string;
  readonly cells: readonly FormCell[];
  /** Whether the row is new, or to be deleted. */
  readonly state: "new" | "deleted" | "conflict" | undefined;
  /** @param was what is stored, whole, where it was fetched for this */
  readonly onCells: (cells: readonly DoneCell[], was?: StoredValue) => void;
  /** Fetches a cut value before it is edited; undefined where it is not to be had. */
  readonly onWhole: (column: string) => Promise<StoredValue | undefined>;
  /** Changes in all; on a narrow screen this pane is all there is. */
  readonly count: number;
  readonly onReview: () => void;
  readonly onUndo: (column: string) => void;
  /** Marks the row to be deleted, or lets it stay; takes a new one away. Undefined where it may not be. */
  readonly onDelete: (() => void) | undefined;
}

/** All columns of one row, downwards, each to be changed where it stands. */
export function RowForm(props: Props) {
  const { connectionId, cells, state, onCells, onWhole, onUndo, onDelete, count, onReview } = props;
  const t = useTranslations("changes");
  const [edited, setEdited] = useState<string>();
  const [whole, setWhole] = useState<StoredValue>();
  const list = useRef<HTMLDivElement>(null);
  const takes = ({ why }: FormCell) => why === undefined && state !== "deleted";

  function open(cell: FormCell): void {
    setWhole(undefined);
    if (cell.cut === undefined || cell.changed) {
      setEdited(cell.facts.name);
      return;
    }
    onWhole(cell.facts.name).then((found) => {
      if (found === undefined) return;
      setWhole(found);
      setEdited(found.column);
    });
  }
  function leave(column: string): void {
    setEdited(undefined);
    // After the editor has gone.
    setTimeout(() => {
      const { activeElement } = document;
      if (activeElement !== null && activeElement !== document.body) return;
      list.current?.querySelector<HTMLElement>(`[data-column="${CSS.escape(column)}"]`)?.focus();
    });
  }

  return (
    <div ref={list}>
      {state !== undefined && (
        <p
          className={classes(
            "mt-1 rounded-sm px-2 py-1 text-xs",
            state === "new" ? "bg-success-soft text-success" : "bg-danger-soft text-danger",
          )}
        >
          {t(`row.${state}`)}
        </p>
      )}
      <dl className="divide-y divide-line/60 text-[0.8125rem]">
        {cells.map((cell, index) => {
          const { facts, shown, changed, cut, why, canDefault, reference } = cell;
          const { name, type } = facts;
          return (
            <div key={name} className={classes("py-1.5", changed && "-ml-2 border-warn border-l-2 pl-1.5")}>
              <dt className="flex items-baseline gap-2">
                <span className="min-w-0 truncate font-medium">
                  <CellText text={name} />
                </span>
                <span className="ml-auto shrink-0 text-xs text-muted">{type}</span>
              </dt>
              <dd className="min-w-0 font-mono text-xs">
                {edited === name ? (
                  <div className="rounded-md border-2 border-accent bg-raised">
                    <CellEditor
                      connectionId={connectionId}
                      facts={facts}
                      label={name}
                      start={whole?.column === name ? whole.value : shown}
                      canDefault={canDefault}
                      reference={reference}
                      onDone={(done, move) => {
                        onCells(done, whole);
                        const next =
                          move === "next"
                            ? cells.slice(index + 1).find(takes)
                            : move === "previous"
                              ? cells.slice(0, index).findLast(takes)
                              : undefined;
                        if (next !== undefined && next.cut === undefined) setEdited(next.facts.name);
                        else if (move === "elsewhere") setEdited((now) => (now === name ? undefined : now));
                        else leave(name);
                      }}
                      onCancel={() => leave(name)}
                    />
                  </div>
                ) : (
                  <div className="flex items-start gap-1">
                    {takes(cell) ? (
                      <button
                        type="button"
                        data-column={name}
                        aria-label={t("row.edit", { column: name })}
                        onClick={() => open(cell)}
                        className={classes(
                          "group/value flex min-h-7 min-w-0 flex-1 items-start gap-1 rounded-sm px-1 py-0.5 text-left hover:bg-sunken pointer-coarse:min-h-10 pointer-coarse:items-center",
                          changed && "bg-warn-soft",
                        )}
                      >
                        <span className="min-w-0 flex-1">
                          <ValueFace
                            cell={shown}
                            cut={changed ? undefined : cut}
                            most={1_000}
                            required={cell.required}
                          />
                        </span>
                        <Pencil
                          aria-hidden
                          className="mt-0.5 size-3 shrink-0 text-muted opacity-40 group-hover/value:opacity-100 group-focus-visible/value:opacity-100 pointer-coarse:opacity-100"
                        />
                      </button>
                    ) : (
                      <span
                        className={classes(
                          "min-w-0 flex-1 px-1 py-0.5",
                          state === "deleted" && "line-through opacity-70",
                        )}
                        {...(why !== undefined && { title: t(`notEditable.${why}`) })}
                      >
                        <ValueFace cell={shown} cut={cut} most={1_000} />
                        {why !== undefined && (
                          <span className="block font-sans text-xs text-muted">
                            {t(`notEditable.${why}`)}
                          </span>
                        )}
                      </span>
                    )}
                    {changed && state !== "deleted" && (
                      <Button
                        size="sm"
                        look="quiet"
                        aria-label={t("row.undo", { column: name })}
                        title={t("row.undo", { column: name })}
                        onClick={() => onUndo(name)}
                      >
                        <Undo2 aria-hidden className="size-3.5" />
                      </Button>
                    )}
                  </div>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
      <div className="mt-2 flex flex-wrap gap-2">
        {onDelete !== undefined && (
          <Button size="sm" onClick={onDelete}>
            {t(state === "deleted" ? "row.keep" : state === "new" ? "row.takeAway" : "row.delete")}
          </Button>
        )}
        {count > 0 && (
          <Button size="sm" look="primary" className="desk:hidden" onClick={onReview}>
            {t("toReview")} ({count})
          </Button>
        )}
      </div>
    </div>
  );
}
