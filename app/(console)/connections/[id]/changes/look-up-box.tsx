"use client";

import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { classes } from "#components/ui/classes.ts";
import type { Cell, LookUp } from "#lib/change/shapes.ts";
import type { Asked } from "../ask-connection.ts";
import { askLookUp } from "./ask-changes.ts";
import type { CellEditorProps, CellReference, DoneCell, Move } from "./cell-editing.ts";

interface Props extends Pick<CellEditorProps, "connectionId" | "facts"> {
  readonly reference: CellReference;
  /** Of the box itself. */
  readonly common: object;
  readonly cell: Cell;
  readonly text: string;
  readonly placeholder: string;
  readonly onText: (text: string) => void;
  readonly onPick: (cells: readonly DoneCell[], move: Move) => void;
}

/** After the last key. */
const quietMs = 150;

/** A value of a foreign key: written, or found in the table that it refers to (WAI-ARIA combobox pattern). */
export function LookUpBox(props: Props) {
  const { connectionId, facts, reference, common, cell, text, placeholder, onText, onPick } = props;
  const t = useTranslations("changes.lookUp");
  const id = useId();
  const { schema, table, foreignColumns } = reference;
  const [asked, setAsked] = useState<Asked<LookUp>>();
  const [active, setActive] = useState(-1);
  const columns = JSON.stringify(foreignColumns);

  useEffect(() => {
    const request = new AbortController();
    const ask = {
      schema,
      table,
      columns: JSON.parse(columns) as readonly string[],
      search: text.slice(0, 1_000),
    };
    const timer = setTimeout(() => {
      askLookUp(connectionId, ask, request.signal)
        .then((told) => {
          setAsked(told);
          setActive(-1);
        })
        .catch(() => undefined);
    }, quietMs);
    return () => {
      clearTimeout(timer);
      request.abort();
    };
  }, [columns, connectionId, schema, table, text]);

  const rows = asked?.ok ? asked.value.rows : [];
  const pick = (at: number, move: Move) => {
    const row = rows[at];
    if (row === undefined) return;
    onPick(
      reference.columns.flatMap((column, index) => {
        const value = row.key[index];
        return value === undefined ? [] : [{ column, value }];
      }),
      move,
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: active + 1, ArrowUp: active - 1 }[event.key];
    if (to !== undefined && rows.length > 0 && !event.altKey && !event.ctrlKey) {
      event.preventDefault();
      const next = (to + rows.length) % rows.length;
      setActive(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView?.({ block: "nearest" });
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      pick(active, "stay");
    } else if (event.key === "Tab" && active >= 0) {
      event.preventDefault();
      pick(active, event.shiftKey ? "previous" : "next");
    }
  };
  const hasList = rows.length > 0;
  const at = reference.columns.indexOf(facts.name);
  return (
    <>
      <input
        {...common}
        type="text"
        role="combobox"
        aria-expanded={hasList}
        aria-autocomplete="list"
        {...(hasList && { "aria-controls": id })}
        {...(active >= 0 && { "aria-activedescendant": `${id}-${active}` })}
        value={text}
        placeholder={placeholder}
        onChange={({ target }) => onText(target.value)}
        onKeyDown={onKeyDown}
      />
      {hasList && (
        <div
          id={id}
          role="listbox"
          aria-label={t("rowsOf", { table })}
          className="max-h-52 overflow-y-auto border-line border-t py-0.5 font-mono text-xs"
        >
          {rows.map(({ key, label }, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the box has the focus, and names its active option
            // biome-ignore lint/a11y/useFocusableInteractive: see above
            <div
              key={JSON.stringify(key)}
              id={`${id}-${index}`}
              role="option"
              aria-selected={key[at] === cell}
              // Before the box would lose its focus.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => pick(index, "stay")}
              className={classes(
                "flex min-h-6 cursor-pointer items-baseline gap-3 px-2 pointer-coarse:min-h-9",
                index === active ? "bg-accent-soft text-accent" : "hover:bg-sunken",
              )}
            >
              <span className="shrink-0">
                <CellText text={key.map((value) => value ?? "NULL").join(", ")} />
              </span>
              {label !== null && (
                <span className="truncate font-sans text-muted">
                  <CellText text={label} />
                </span>
              )}
            </div>
          ))}
        </div>
      )}
      <p role="status" className="px-2 pb-0.5 text-xs text-muted empty:hidden">
        {asked === undefined
          ? t("looking", { table })
          : !asked.ok
            ? t(
                asked.refused.why === "server" && asked.refused.trouble.sqlstate === "57014"
                  ? "slow"
                  : "failed",
              )
            : asked.value.more
              ? t("more", { count: rows.length, table })
              : rows.length === 0
                ? t("none", { table })
                : ""}
      </p>
    </>
  );
}
