"use client";

import { useTranslations } from "next-intl";
import { type FocusEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { classes } from "#components/ui/classes.ts";
import type { Value } from "#lib/browse/shapes.ts";
import type { Cell } from "#lib/change/shapes.ts";
import type { CellEditorProps, DoneCell, Move } from "./cell-editing.ts";
import { cellKind, jsonTrouble, lineEnds } from "./cell-kind.ts";
import { LookUpBox } from "./look-up-box.tsx";
import { isDefault, sameCell } from "./pending-changes.ts";

/**
 * One cell: a value, NULL, or what the column has by default. Enter and Tab keep it, Escape leaves it as it was. Nothing of
 * a text is mended on the way.
 */
export function CellEditor(props: CellEditorProps) {
  const { facts, label, start, canDefault, reference, onDone, onCancel } = props;
  const t = useTranslations("changes.editor");
  const frame = useRef<HTMLFieldSetElement>(null);
  const box = useRef<HTMLTextAreaElement & HTMLSelectElement & HTMLInputElement>(null);
  const [cell, setCell] = useState<Cell>(start);
  const isDone = useRef(false);
  const note = useId();
  const kind = cellKind(facts);
  const canNull = !facts.notNull;
  const [isLong] = useState(() => typeof start === "string" && start.includes("\n"));

  useEffect(() => {
    const element: HTMLElement | null = box.current;
    element?.focus();
    if (element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement) element.select();
  }, []);

  function done(move: Move, cells: readonly DoneCell[] = [{ column: facts.name, value: cell }]): void {
    if (isDone.current) return;
    isDone.current = true;
    onDone(cells, move);
  }

  function onKeyDown(event: KeyboardEvent): void {
    // What it means in the grid, it does not mean here.
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    const to = threeStates(event);
    if (to !== undefined) {
      event.preventDefault();
      if (to === null ? canNull : canDefault) setCell(to);
      return;
    }
    if (event.defaultPrevented) return;
    const isButton = event.target instanceof HTMLButtonElement;
    if (event.key === "Escape") {
      event.preventDefault();
      isDone.current = true;
      onCancel();
    } else if (event.key === "Tab" && !isButton) {
      event.preventDefault();
      done(event.shiftKey ? "previous" : "next");
    } else if (event.key === "Enter" && !event.shiftKey && !event.altKey && !isButton) {
      event.preventDefault();
      done("stay");
    }
  }

  const text = typeof cell === "string" ? cell : "";
  const ends = lineEnds(text);
  const shown = ends === "crlf" ? text.replaceAll("\r\n", "\n") : text;
  const trouble = kind.kind === "json" && typeof cell === "string" ? jsonTrouble(cell) : undefined;
  const stateWord =
    cell === null
      ? "NULL"
      : isDefault(cell)
        ? canDefault
          ? "DEFAULT"
          : t("required")
        : cell === ""
          ? t("emptyText")
          : "";
  const isProse = kind.kind === "text" && kind.form === null && !facts.numeric && reference === undefined;
  const hasFoot = kind.kind !== "choice" && (reference === undefined || canNull || canDefault);
  const common = {
    ref: box,
    "aria-label": label,
    ...(hasFoot && { "aria-describedby": note }),
    ...(trouble !== undefined && { "aria-invalid": true }),
    autoComplete: "off",
    spellCheck: false,
    className:
      "block w-full min-w-0 bg-transparent px-2 py-1.5 font-mono text-base text-ink outline-none placeholder:italic sm:text-xs sm:py-1",
  } as const;
  return (
    <fieldset
      ref={frame}
      className="min-w-0"
      onKeyDown={onKeyDown}
      onBlur={({ relatedTarget }: FocusEvent) => {
        if (relatedTarget instanceof Node && frame.current?.contains(relatedTarget)) return;
        // Another window has the focus: the person comes back to it.
        if (document.hasFocus()) done("elsewhere");
      }}
    >
      {kind.kind === "choice" ? (
        <select {...common} value={choiceOf(cell)} onChange={({ target }) => setCell(cellOf(target.value))}>
          {canNull && <option value="null">{t("null")}</option>}
          {(canDefault || isDefault(cell)) && (
            <option value="default">{t(canDefault ? "default" : "required")}</option>
          )}
          {typeof cell === "string" && !kind.choices.includes(cell) && (
            <option value={choiceOf(cell)}>{cell}</option>
          )}
          {kind.choices.map((choice) => (
            <option key={choice} value={choiceOf(choice)}>
              {facts.type === "boolean" ? t(choice === "t" ? "true" : "false") : choice}
            </option>
          ))}
        </select>
      ) : reference !== undefined && !isLong ? (
        <LookUpBox
          {...props}
          reference={reference}
          common={common}
          cell={cell}
          text={text}
          placeholder={stateWord}
          onText={setCell}
          onPick={(cells, move) => done(move, cells)}
        />
      ) : (
        <textarea
          {...common}
          rows={rowsFor(shown)}
          value={shown}
          placeholder={stateWord}
          onChange={({ target }) =>
            setCell(ends === "crlf" ? target.value.replaceAll("\n", "\r\n") : target.value)
          }
          className={classes(common.className, "resize-none")}
        />
      )}
      {hasFoot && (
        <div className="flex flex-wrap items-center gap-x-1 gap-y-0.5 border-line border-t px-1 py-0.5 text-xs text-muted">
          <span id={note} className="min-w-0 flex-1 px-1">
            {trouble !== undefined && <span className="text-danger">{t("notJson", { why: trouble })} </span>}
            {kind.kind === "text" &&
              kind.form !== null &&
              `${t(`form.${kind.form}`, { example: '{a,"b c",NULL}' })} `}
            {ends === "crlf" && `${t("crlf")} `}
            {(kind.kind === "json" || isProse) && t("newLine")}
          </span>
          <span className="flex">
            {canNull && (
              <State name="NULL" keys="Control+Alt+N" on={cell === null} onPress={() => put(null)} />
            )}
            {canDefault && (
              <State
                name="DEFAULT"
                keys="Control+Alt+D"
                on={isDefault(cell)}
                onPress={() => put({ default: true })}
              />
            )}
          </span>
        </div>
      )}
    </fieldset>
  );

  /** Pressed once more, it is what it was. */
  function put(to: Cell): void {
    setCell((before) => (sameCell(before, to) ? (sameCell(start, to) ? "" : start) : to));
    box.current?.focus();
  }
}

/** Ctrl or Cmd with Alt and N or D: NULL, DEFAULT. Not where AltGr writes a letter by it. */
export function threeStates(event: KeyboardEvent): null | { readonly default: true } | undefined {
  const { altKey, ctrlKey, metaKey, shiftKey, code } = event;
  if (!altKey || shiftKey || !(ctrlKey || metaKey) || event.getModifierState("AltGraph")) return undefined;
  return code === "KeyN" ? null : code === "KeyD" ? { default: true } : undefined;
}

interface StateProps {
  readonly name: string;
  readonly keys: string;
  readonly on: boolean;
  readonly onPress: () => void;
}

function State({ name, keys, on, onPress }: StateProps) {
  return (
    <button
      type="button"
      aria-pressed={on}
      aria-keyshortcuts={keys}
      title={keys.replace("Control", "Ctrl")}
      onClick={onPress}
      className={classes(
        "min-h-6 rounded-sm px-1.5 pointer-coarse:min-h-9",
        on ? "bg-warn-soft font-semibold text-warn" : "hover:bg-sunken hover:text-ink",
      )}
    >
      {name}
    </button>
  );
}

const none = "null";
const preset = "default";

function choiceOf(cell: Cell): string {
  return cell === null ? none : typeof cell === "string" ? `=${cell}` : preset;
}

function cellOf(choice: string): Cell {
  return choice === none ? null : choice === preset ? { default: true } : choice.slice(1);
}

/** As many lines as it has, within reason. */
function rowsFor(text: string): number {
  const lines = text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 60)), 0);
  return Math.min(14, lines);
}

/** What an editor begins with; a new row's cell that nothing was typed in has its default. */
export function startOf(pending: Cell | undefined, stored: Value | undefined): Cell {
  return pending === undefined ? (stored === undefined ? { default: true } : stored) : pending;
}
