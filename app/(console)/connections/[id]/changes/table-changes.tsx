"use client";

import { useTranslations } from "next-intl";
import { lazy, type ReactNode, type RefObject, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { ColumnFacts, TableDetail } from "#lib/browse/shapes.ts";
import type { ChangeAnswer, Conflict } from "#lib/change/shapes.ts";
import type { TableName } from "../place.ts";
import type { Place } from "./cell-editing.ts";
import { CellOverlay } from "./cell-overlay.tsx";
import { cellRules } from "./cell-rules.ts";
import { ChangeBar } from "./change-bar.tsx";
import { ChangeForm } from "./change-form.tsx";
import { ChangesWords } from "./changes-words.tsx";
import type { EditingHere } from "./editing-here.ts";
import type { GridEditing, TableWriting } from "./grid-editing.ts";
import { isGridSeen } from "./is-grid-seen.ts";
import { changesSlot } from "./kept-changes.ts";
import { NewRows } from "./new-rows.tsx";
import { openAsDraft } from "./open-as-draft.ts";
import {
  dropRows,
  type PendingChanges,
  pendingRow,
  renewed,
  rowName,
  type Settling,
  settle,
} from "./pending-changes.ts";
import { useAsking } from "./use-asking.ts";
import { useCellEditor } from "./use-cell-editor.ts";
import { useConflicts } from "./use-conflicts.ts";
import { useEditable } from "./use-editable.ts";
import { type HeldRows, useLaidOver } from "./use-laid-over.ts";
import { usePending } from "./use-pending.ts";
import { noneChosen, useRowActs } from "./use-row-acts.ts";

const ReviewSheet = lazy(async () => ({ default: (await import("./review-sheet.tsx")).ReviewSheet }));

interface Props {
  readonly connectionId: string;
  readonly table: TableName;
  readonly writing: TableWriting;
  /** Whether it is in sight. */
  readonly shown: boolean;
  readonly held: HeldRows;
  /** The lasting number of the first row that is held. */
  readonly base: number;
  readonly columns: readonly ColumnFacts[];
  readonly detail: TableDetail | undefined;
  /** Of each column of the grid, which of the table's it is, where they are not the same. */
  readonly inGrid?: readonly (number | undefined)[];
  /** Of the draft, where it is not the table's own. */
  readonly slot?: string;
  /** The row that the grid's active cell is in. */
  readonly active: number;
  /** Holds the grid. */
  readonly grid: RefObject<HTMLElement | null>;
  readonly onEditing: (editing: GridEditing | undefined) => void;
  readonly onRefresh: () => void;
}

/** What a person changes in the rows of a table: typed into cells, marked, reviewed, applied. */
export function TableChanges(props: Props) {
  return (
    <Suspense fallback={null}>
      <ChangesWords>
        <Changes {...props} />
      </ChangesWords>
    </Suspense>
  );
}

function Changes(props: Props) {
  const { connectionId, table, writing, shown, held, base, columns, active, grid } = props;
  const { onEditing, onRefresh, inGrid, slot = changesSlot(table) } = props;
  const t = useTranslations("changes");
  const names = useSame(useMemo(() => columns.map(({ name }) => name), [columns]));
  const { editable, failed, again, named, setNamed, key, why } = useEditable(
    connectionId,
    table,
    writing,
    shown,
  );
  const [found, setFound] = useState<PendingChanges>();
  const { pending, change, draft } = usePending(connectionId, table, slot, names, key, (kept) => {
    setFound(kept);
    // Of a view: what the person named then.
    if (kept.key !== null) setNamed(kept.key);
  });
  const known = useConflicts(connectionId, table, found);
  const { conflicts, outdated } = known;
  const [chosen, setChosen] = useState(noneChosen);
  const [newActive, setNewActive] = useState<string>();
  const [said, setSaid] = useState("");
  const [discarded, setDiscarded] = useState<PendingChanges>();
  const [reviews, setReviews] = useState(false);
  const newPlace = useRef<HTMLElement>(null);
  const handle = useAsking(connectionId, table, writing.rev, onAnswer);
  const rules = useMemo(() => cellRules(editable, why), [editable, why]);
  const newRows = useMemo(() => pending?.rows.filter(({ kind }) => kind === "insert") ?? [], [pending]);
  const count = pending?.rows.length ?? 0;

  useEffect(() => {
    if (!shown) return;
    const onKey = (event: globalThis.KeyboardEvent) => {
      const isSave = event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey;
      // Of a result, whose tab does not know whether it is in sight.
      if (inGrid !== undefined && !isGridSeen(grid.current)) return;
      if (!isSave || event.shiftKey || document.querySelector("dialog[open]") !== null) return;
      event.preventDefault();
      // What is being typed is part of it: the editor keeps it when it loses the focus. The grid has it afterwards.
      if (document.activeElement?.matches("input, select, textarea") === true)
        grid.current?.querySelector<HTMLElement>("[role=grid]")?.focus({ preventScroll: true });
      setReviews(true);
    };
    // Before the editor of a cell, which keeps its keys to itself.
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, [grid, inGrid, shown]);

  const gridOrder = useMemo(() => inGrid ?? columns.map((_, index) => index), [columns, inGrid]);
  const over = useLaidOver({ held, pending, names, named, conflicts, outdated, chosen });
  const { shownRow, nameAt, conflicts: allConflicts, rows, look, mark, chosen: isChosen } = over;
  const words = useMemo(
    () => ({
      edited: t("mark.edited"),
      deleted: t("mark.deleted"),
      conflict: t("mark.conflict"),
      added: t("mark.added"),
    }),
    [t],
  );

  const here: EditingHere = {
    connectionId,
    table,
    columns,
    names,
    gridOrder,
    held,
    base,
    editable,
    why,
    rules,
    pending,
    newRows,
    change,
    shownRow,
    nameAt,
    grid,
    newPlace,
    say: setSaid,
  };
  const cells = useCellEditor(here);
  const { editor } = cells;
  const acts = useRowActs(here, cells, {
    active,
    chosen,
    setChosen,
    key: props.detail?.key ?? key,
    setNewActive,
  });

  function onAnswer(answer: ChangeAnswer, of: PendingChanges): void {
    if (answer.outcome === "applied") {
      const done = of.rows.map(({ name }) => name);
      change((before) => dropRows(before, done));
      known.clear();
      setChosen(noneChosen);
      onRefresh();
      return;
    }
    // Whether it was applied is still not known: the same is asked again.
    if (answer.outcome === "unknown") return;
    change((before) => (before.rows === of.rows ? renewed(before) : before));
    if (answer.outcome === "table-changed" || answer.outcome === "not-editable") again();
    if (answer.outcome === "conflict") known.tell(answer.conflicts, of);
  }

  function onSettle(name: string, conflict: Conflict, how: Settling): void {
    const before = pending && pendingRow(pending, name);
    const here = shownRow(nameAt.indexOf(name))?.row.version;
    const seen = before === undefined || before.kind === "insert" ? [] : [before.row.version];
    change((now) => settle(now, name, conflict, how));
    known.settle(name, here === undefined ? seen : [...seen, here], conflict.identity?.version ?? null);
    onRefresh();
  }

  /** The form of a row beside the grid. */
  function formOf(place: Place): ReactNode {
    const name = place.kind === "new" ? place.name : rowName(place.shown.row);
    // It stands outside of what brings the words.
    return (
      <ChangesWords key={name}>
        <ChangeForm
          connectionId={connectionId}
          place={place}
          name={name}
          columns={columns}
          pending={pending}
          rules={rules}
          isConflict={name !== undefined && allConflicts.has(name)}
          mayDelete={place.kind === "new" || editable?.delete === null}
          onCells={(done, was) => latest.current.cells.keep(place, done, was)}
          onWhole={cells.fetchWhole}
          onReview={() => setReviews(true)}
          onChange={change}
        />
      </ChangesWords>
    );
  }

  const latest = useRef({ cells, acts, formOf, shownRow, editable });
  latest.current = { cells, acts, formOf, shownRow, editable };
  const isNewFocused = newActive !== undefined && newRows.some(({ name }) => name === newActive);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the form is of what is pending
  const inspected = useMemo(() => {
    if (!isNewFocused || newActive === undefined) return undefined;
    const index = newRows.findIndex(({ name }) => name === newActive);
    return {
      number: "",
      columns,
      values: columns.map(() => null),
      cut: undefined,
      references: [],
      referencedBy: [],
      onOpen: () => undefined,
      form: latest.current.formOf({ kind: "new", name: newActive, index }),
    };
  }, [columns, editable, isNewFocused, newActive, newRows]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is editable makes another form
  const editing: GridEditing = useMemo(
    () => ({
      rows,
      look,
      mark,
      chosen: isChosen,
      words,
      onKey: (event, cell, range) => latest.current.acts.onGridKey(event, cell, range),
      edit: (cell) => latest.current.acts.edit(cell),
      editWhole: ({ row, column }) =>
        latest.current.editable?.update === null && latest.current.shownRow(row) !== undefined
          ? () => latest.current.cells.openRow(row, column)
          : undefined,
      form: (at) => {
        const row = why === undefined && editable?.update === null ? latest.current.shownRow(at) : undefined;
        return row && latest.current.formOf({ kind: "row", shown: row, lasting: base + at });
      },
      editLabel: t("edit"),
      inspected,
      moveTo: cells.moveTo,
    }),
    [base, cells.moveTo, editable, inspected, isChosen, look, mark, named, rows, t, why, words],
  );
  useEffect(() => onEditing(editing), [editing, onEditing]);
  useEffect(() => () => onEditing(undefined), [onEditing]);

  // The grid's own rows are looked at again once it has the focus.
  useEffect(() => {
    const element = grid.current;
    const onFocus = () => setNewActive(undefined);
    element?.addEventListener("focusin", onFocus);
    return () => element?.removeEventListener("focusin", onFocus);
  }, [grid]);

  const facts = editor && columns[editor.column];
  return (
    <>
      {newRows.length > 0 && (
        <NewRows
          rows={newRows}
          columns={columns}
          required={rules.required}
          place={newPlace}
          moveTo={cells.newMoveTo}
          onKey={acts.onNewKey}
          onOpen={({ row, column }) => cells.openNew(row, column)}
          onActive={setNewActive}
        />
      )}
      <ChangeBar
        writing={writing}
        why={why}
        editable={editable}
        failed={failed}
        onAgain={again}
        named={named}
        columns={columns}
        onNamed={setNamed}
        count={count}
        conflicts={allConflicts.size}
        asked={pending?.asked === true && handle.asking.phase === "idle"}
        draft={draft}
        said={said}
        discarded={discarded?.rows.length ?? 0}
        hasRow={chosen.size > 0 || shownRow(active) !== undefined}
        onAdd={() => acts.add()}
        onCopy={() => acts.add(acts.targets(undefined))}
        onDelete={() => acts.remove()}
        onReview={() => setReviews(true)}
        onDiscard={() => {
          setDiscarded(pending);
          known.clear();
          change((before) => ({ ...renewed(before), rows: [] }));
        }}
        onBringBack={() => {
          if (discarded !== undefined) change(() => renewed(discarded));
          setDiscarded(undefined);
        }}
      />
      {editor !== undefined && facts !== undefined && (
        <CellOverlay
          key={`${editor.place.kind === "row" ? editor.place.lasting : editor.place.name}.${editor.column}`}
          place={editor.place.kind === "new" ? newPlace : grid}
          row={editor.place.kind === "new" ? editor.place.index : editor.place.lasting}
          column={editor.place.kind === "new" ? editor.column : gridOrder.indexOf(editor.column)}
          connectionId={connectionId}
          facts={facts}
          label={
            editor.place.kind === "new"
              ? t("cellOfNew", { column: facts.name, number: editor.place.index + 1 })
              : t("cell", {
                  column: facts.name,
                  row: held.numbers[editor.place.lasting - base] || String(editor.place.lasting - base + 1),
                })
          }
          start={editor.start}
          canDefault={rules.canDefault(facts, editor.place.kind === "new")}
          reference={rules.referenceOf(facts.name)}
          onDone={cells.onDone}
          onCancel={cells.onCancel}
        />
      )}
      {reviews &&
        // On a narrow screen the grid may be out of sight.
        createPortal(
          <Suspense fallback={null}>
            <ReviewSheet
              table={table}
              writing={writing}
              why={why}
              editable={editable}
              columns={names}
              pending={pending ?? noRows}
              conflicts={allConflicts}
              handle={handle}
              onSettle={onSettle}
              onDrop={(name) => change((before) => dropRows(before, [name]))}
              onAsk={(act) => {
                if (pending === undefined) return;
                if (act === "apply") change((before) => ({ ...before, asked: true }));
                handle.ask(act, pending);
              }}
              onRefresh={onRefresh}
              onSql={(text) =>
                openAsDraft(connectionId, text).then((isThere) => {
                  if (!isThere) return false;
                  setReviews(false);
                  handle.clear();
                  return true;
                })
              }
              onClose={() => {
                setReviews(false);
                handle.clear();
              }}
            />
          </Suspense>,
          document.body,
        )}
    </>
  );
}

const noRows: PendingChanges = { id: "", columns: [], key: null, rows: [] };
/** The same object while it says the same: what depends on it is not made anew. */
function useSame<T>(value: T): T {
  const last = useRef(value);
  if (JSON.stringify(last.current) !== JSON.stringify(value)) last.current = value;
  return last.current;
}
