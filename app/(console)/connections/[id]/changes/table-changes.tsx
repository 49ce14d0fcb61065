"use client";

import { useTranslations } from "next-intl";
import {
  type KeyboardEvent,
  lazy,
  type ReactNode,
  type RefObject,
  Suspense,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";
import type { GridCell, GridRange } from "#components/data-grid-column.ts";
import type { ColumnFacts, TableDetail, Value } from "#lib/browse/shapes.ts";
import type { Cell, ChangeAnswer, Conflict, NotEditable } from "#lib/change/shapes.ts";
import type { TableName } from "../place.ts";
import { wholeValue } from "../table/whole-value.ts";
import type { DoneCell, Move } from "./cell-editing.ts";
import { startOf, threeStates } from "./cell-editor.tsx";
import { lineEnds } from "./cell-kind.ts";
import { CellOverlay } from "./cell-overlay.tsx";
import { ChangeBar } from "./change-bar.tsx";
import { ChangesWords } from "./changes-words.tsx";
import { checkRows } from "./check-rows.ts";
import type { GridEditing, TableWriting } from "./grid-editing.ts";
import { changesSlot } from "./kept-changes.ts";
import { NewRows } from "./new-rows.tsx";
import { openAsDraft } from "./open-as-draft.ts";
import {
  addRow,
  changeNewRow,
  changeRow,
  copiedCells,
  dropRows,
  isDefault,
  type PendingChanges,
  pendingCell,
  pendingRow,
  renewed,
  rowName,
  type Settling,
  type ShownRow,
  settle,
  toggleDeleted,
  undoCell,
} from "./pending-changes.ts";
import { requiredColumns } from "./required-columns.ts";
import { type FormCell, RowForm } from "./row-form.tsx";
import { useAsking } from "./use-asking.ts";
import { useEditable } from "./use-editable.ts";
import { type HeldRows, useLaidOver } from "./use-laid-over.ts";
import { usePending } from "./use-pending.ts";

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

/** Where a cell is edited: in a row of the grid, or in a new one. */
type Place =
  | { readonly kind: "row"; readonly shown: ShownRow; readonly lasting: number }
  | { readonly kind: "new"; readonly name: string; readonly index: number };

interface Editor {
  readonly place: Place;
  readonly column: number;
  readonly start: Cell;
  /** What is stored, whole. */
  readonly was: Value | undefined;
}

const noConflicts: ReadonlyMap<string, Conflict> = new Map();
const noneChosen: ReadonlyMap<string, ShownRow> = new Map();

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
  const [conflicts, setConflicts] = useState(noConflicts);
  const [found, setFound] = useState<PendingChanges>();
  const { pending, change, draft } = usePending(connectionId, table, slot, names, key, (kept) => {
    setFound(kept);
    // Of a view: what the person named then.
    if (kept.key !== null) setNamed(kept.key);
  });
  const [editor, setEditor] = useState<Editor>();
  const [chosen, setChosen] = useState(noneChosen);
  const [newActive, setNewActive] = useState<string>();
  const [moveTo, setMoveTo] = useState<GridCell>();
  const [newMoveTo, setNewMoveTo] = useState<GridCell>();
  const [said, setSaid] = useState("");
  const [discarded, setDiscarded] = useState<PendingChanges>();
  const [reviews, setReviews] = useState(false);
  const newPlace = useRef<HTMLElement>(null);
  /** Versions that a settled conflict has left behind: a page that was read before may still show them. */
  const outdated = useRef(new Map<string, Set<string | null>>());
  const fetching = useRef<AbortController>(undefined);
  const handle = useAsking(connectionId, table, writing.rev, onAnswer);
  const required = useMemo(() => requiredColumns(editable), [editable]);
  const newRows = useMemo(() => pending?.rows.filter(({ kind }) => kind === "insert") ?? [], [pending]);
  const count = pending?.rows.length ?? 0;

  // Kept from before: are the rows still what was seen?
  useEffect(() => {
    if (found === undefined || found.asked) return;
    const request = new AbortController();
    checkRows(connectionId, table, found, request.signal)
      .then((now) => now.size > 0 && setConflicts((before) => new Map([...before, ...now])))
      .catch(() => undefined);
    return () => request.abort();
  }, [connectionId, found, table]);

  useEffect(() => () => fetching.current?.abort(), []);

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

  /** Why a cell of a column takes no value. */
  function whyNot(column: string, isNew: boolean): NotEditable | undefined {
    if (why !== undefined) return why;
    const of = editable?.columns.find(({ name }) => name === column);
    return (isNew ? (editable?.insert ?? of?.insert) : (editable?.update ?? of?.update)) ?? undefined;
  }
  function canDefault(facts: ColumnFacts, isNew: boolean): boolean {
    if (isNew) return !required.has(facts.name);
    return facts.default !== null || facts.generated === "identity-default";
  }
  function referenceOf(column: string) {
    return editable?.references.find((one) => one.columns.includes(column));
  }
  function sayWhy(reason: NotEditable): void {
    setSaid(t("notEditable.line", { why: t(`notEditable.${reason}`) }));
  }

  /** Opens the editor of a cell. @returns whether it is, or soon will be, open */
  function openRow(at: number, column: number, start?: Cell): boolean {
    const facts = columns[column];
    const row = shownRow(at);
    if (facts === undefined) return false;
    const reason = whyNot(facts.name, false) ?? (row === undefined ? "no-identity" : undefined);
    // Not known yet: nothing is said, and the value is looked at.
    if (editable === undefined && why === undefined) return false;
    if (row === undefined || reason !== undefined) {
      sayWhy(reason ?? "no-identity");
      return false;
    }
    const before = pending === undefined ? undefined : pendingRow(pending, rowName(row.row));
    if (before?.kind === "delete") {
      setSaid(t("said.isDeleted"));
      return true;
    }
    const typed = pendingCell(before, facts.name);
    const place = { kind: "row", shown: row, lasting: base + at } as const;
    const stored = before?.kind === "update" ? before.seen : row.seen;
    const isCut = stored.cut.some((one) => one.column === column);
    if (isCut && typed === undefined) {
      fetchWhole(row, facts.name, (was) => begin({ place, column, start: start ?? was, was }));
      return true;
    }
    const was = isCut ? undefined : (stored.values[column] ?? null);
    return begin({ place, column, start: start ?? startOf(typed, was), was });
  }
  function openNew(index: number, column: number): boolean {
    const row = newRows[index];
    const facts = columns[column];
    if (row === undefined || facts === undefined) return false;
    const reason = whyNot(facts.name, true);
    if (reason !== undefined) {
      sayWhy(reason);
      return true;
    }
    const start = startOf(pendingCell(row, facts.name), undefined);
    return begin({ place: { kind: "new", name: row.name, index }, column, start, was: undefined });
  }
  function begin(next: Editor): boolean {
    if (typeof next.start === "string" && lineEnds(next.start) === "mixed") {
      setSaid(t("said.mixedLines"));
      return false;
    }
    setSaid("");
    setEditor(next);
    return true;
  }
  function fetchWhole({ row }: ShownRow, column: string, then: (was: Value) => void): void {
    fetching.current?.abort();
    const request = new AbortController();
    fetching.current = request;
    setSaid(t("said.fetching"));
    const ask = { ...table, column, key: row.key === null ? null : [...row.key], place: row.place };
    wholeValue(connectionId, ask, request.signal)
      .then((whole) => {
        setSaid("");
        if (!whole.ok) setSaid(t(whole.why === "gone" ? "said.gone" : "said.notFetched"));
        else if ((whole.text?.length ?? 0) > mostTyped) setSaid(t("said.tooLong"));
        else then(whole.text);
      })
      .catch(() => undefined);
  }

  /** Cells of the row that an editor, or the form beside the grid, is of. */
  function keep(
    place: Place,
    cells: readonly DoneCell[],
    was?: { readonly column: string; readonly value: Value | undefined },
  ) {
    if (place.kind === "new") {
      change((before) => changeNewRow(before, place.name, cells));
      return;
    }
    const { shown: row } = place;
    const storedOf = (column: string): Value | undefined => {
      if (was?.column === column) return was.value;
      const at = names.indexOf(column);
      return row.seen.cut.some((one) => one.column === at) ? undefined : (row.seen.values[at] ?? null);
    };
    change((before) =>
      changeRow(
        before,
        row,
        cells.map((cell) => ({ ...cell, was: storedOf(cell.column) })),
      ),
    );
  }
  function onDone(cells: readonly DoneCell[], move: Move): void {
    if (editor === undefined) return;
    const { place, column, was } = editor;
    setEditor(undefined);
    // A new row's cell that still has its default was not touched; a row's as it was is no change.
    keep(place, cells, { column: names[column] ?? "", value: was });
    if (move === "elsewhere") return;
    focusGrid(place);
    if (move === "stay") return;
    const step = move === "next" ? 1 : -1;
    const order = place.kind === "new" ? columns.map((_, index) => index) : gridOrder;
    for (let at = order.indexOf(column) + step; at >= 0 && at < order.length; at += step) {
      const own = order[at];
      if (own === undefined || whyNot(names[own] ?? "", place.kind === "new") !== undefined) continue;
      if (place.kind === "new") {
        setNewMoveTo({ row: place.index, column: at });
        openNew(place.index, own);
      } else {
        const row = place.lasting - base;
        setMoveTo({ row, column: at });
        // A cut value is not fetched only because somebody came by.
        if (held.cut[row]?.has(own) !== true) openRow(row, own);
      }
      return;
    }
  }
  function focusGrid(place: Place): void {
    const home = place.kind === "new" ? newPlace : grid;
    home.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
  }

  function rowsOf(range: GridRange | undefined): readonly number[] {
    const { top, bottom } = range ?? { top: active, bottom: active };
    return Array.from({ length: Math.min(bottom - top + 1, mostRows) }, (_, at) => top + at);
  }
  function targets(range: GridRange | undefined): readonly ShownRow[] {
    if (chosen.size > 0) return [...chosen.values()];
    return rowsOf(range).flatMap((at) => shownRow(at) ?? []);
  }
  function putIn(range: GridRange | undefined, value: Cell): void {
    if (range === undefined || (editable === undefined && why === undefined)) return;
    for (const at of rowsOf(range)) {
      const row = shownRow(at);
      if (row === undefined) continue;
      for (let column = range.left; column <= range.right; column += 1) {
        const facts = columns[column];
        if (facts === undefined) continue;
        const reason = whyNot(facts.name, false);
        if (reason !== undefined) sayWhy(reason);
        else if (value === null && facts.notNull) setSaid(t("said.notNull", { column: facts.name }));
        else if (isDefault(value) && !canDefault(facts, false))
          setSaid(t("said.noDefault", { column: facts.name }));
        else keep({ kind: "row", shown: row, lasting: base + at }, [{ column: facts.name, value }]);
      }
    }
  }
  function remove(range?: GridRange): void {
    const reason = why ?? editable?.delete;
    if (reason !== null && reason !== undefined) sayWhy(reason);
    if (editable === undefined || (reason !== null && reason !== undefined)) return;
    const rowsNow = targets(range);
    change((before) => toggleDeleted(before, rowsNow));
    setChosen(noneChosen);
  }
  function add(copies: readonly ShownRow[] = []): void {
    const reason = why ?? editable?.insert;
    if (reason !== null && reason !== undefined) sayWhy(reason);
    if (editable === undefined || (reason !== null && reason !== undefined)) return;
    const left = new Set<string>();
    const takes = (column: string) => whyNot(column, true) === undefined;
    const made = copies.map((row) => {
      const before = pending === undefined ? undefined : pendingRow(pending, rowName(row.row));
      const copied = copiedCells(columns, before?.kind === "update" ? before : row, before, {
        takes,
        key: props.detail?.key ?? key,
      });
      for (const column of copied.left) left.add(column);
      return copied.cells;
    });
    change((before) =>
      (made.length === 0 ? [[]] : made).reduce((next, cells) => addRow(next, cells)[0], before),
    );
    setSaid(left.size > 0 ? t("said.leftOut", { columns: [...left].join(", ") }) : "");
    setChosen(noneChosen);
    const first = columns.findIndex(
      ({ name, default: preset, generated }) => takes(name) && preset === null && generated === null,
    );
    const cell = { row: newRows.length, column: Math.max(0, first) };
    setNewMoveTo(cell);
    setAdded({ ...cell, edit: made.length === 0 && first >= 0 });
  }
  /** A row that was just added is gone to, once it is there. */
  const [added, setAdded] = useState<GridCell & { readonly edit: boolean }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a row
  useEffect(() => {
    const row = added === undefined ? undefined : newRows[added.row];
    if (added === undefined || row === undefined) return;
    setAdded(undefined);
    setNewActive(row.name);
    newPlace.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
    if (added.edit && isGridSeen(grid.current)) openNew(added.row, added.column);
  }, [added, newRows]);

  function onGridKey(event: KeyboardEvent, cell: GridCell, range: GridRange | undefined): boolean {
    const far = event.ctrlKey || event.metaKey;
    const state = threeStates(event);
    if (state !== undefined) {
      putIn(range, state);
      return true;
    }
    if (far && event.altKey && event.key === "Insert") {
      add(event.shiftKey ? targets(range) : []);
      return true;
    }
    if (far || event.altKey) return false;
    switch (event.key) {
      case "F2":
        openRow(cell.row, cell.column);
        return true;
      case "Enter":
        return !event.shiftKey && edit(cell);
      case "Escape":
        return undo(cell);
      case "Delete":
        remove(range);
        return true;
      case " ":
        if (editable?.delete !== null && editable?.insert !== null) return false;
        choose(range ?? { top: cell.row, bottom: cell.row, left: 0, right: 0 });
        return true;
      default:
        return false;
    }
  }
  /** A cut value is looked at first; there it can be edited, too. */
  function edit({ row, column }: GridCell): boolean {
    const name = nameAt[row] ?? "";
    const typed = pendingCell(pending && pendingRow(pending, name), names[column] ?? "");
    if (held.cut[row]?.has(column) === true && typed === undefined) return false;
    return openRow(row, column);
  }
  function undo({ row, column }: GridCell): boolean {
    const name = nameAt[row];
    const before = pending && pendingRow(pending, name);
    if (name !== undefined && pendingCell(before, names[column] ?? "") !== undefined) {
      change((now) => undoCell(now, name, names[column] ?? ""));
      return true;
    }
    if (chosen.size === 0) return false;
    setChosen(noneChosen);
    return true;
  }
  function choose({ top, bottom }: GridRange): void {
    const rowsNow = rowsOf({ top, bottom, left: 0, right: 0 }).flatMap((at) => shownRow(at) ?? []);
    const all = rowsNow.every(({ row }) => chosen.has(rowName(row) ?? ""));
    const next = new Map(chosen);
    for (const row of rowsNow) {
      if (all) next.delete(rowName(row.row) ?? "");
      else next.set(rowName(row.row) ?? "", row);
    }
    setChosen(next);
    setSaid(t("said.chosen", { count: next.size }));
  }
  function onNewKey(event: KeyboardEvent, { row, column }: GridCell): boolean {
    const far = event.ctrlKey || event.metaKey;
    const state = threeStates(event);
    const name = newRows[row]?.name ?? "";
    const facts = columns[column];
    if (state !== undefined && facts !== undefined) {
      const reason = whyNot(facts.name, true);
      if (reason !== undefined) sayWhy(reason);
      else change((before) => changeNewRow(before, name, [{ column: facts.name, value: state }]));
      return true;
    }
    if (far && event.altKey && event.key === "Insert") {
      add();
      return true;
    }
    if (far || event.altKey) return false;
    if (event.key === "F2" || (event.key === "Enter" && !event.shiftKey)) return openNew(row, column);
    if (event.key === "Escape") {
      change((before) => undoCell(before, name, facts?.name ?? ""));
      return true;
    }
    if (event.key === "Delete") {
      change((before) => dropRows(before, [name]));
      if (newRows.length === 1) grid.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
      return true;
    }
    return false;
  }

  function onAnswer(answer: ChangeAnswer, of: PendingChanges): void {
    if (answer.outcome === "applied") {
      const done = of.rows.map(({ name }) => name);
      change((before) => dropRows(before, done));
      setConflicts(noConflicts);
      setChosen(noneChosen);
      onRefresh();
      return;
    }
    // Whether it was applied is still not known: the same is asked again.
    if (answer.outcome === "unknown") return;
    change((before) => (before.rows === of.rows ? renewed(before) : before));
    if (answer.outcome === "table-changed" || answer.outcome === "not-editable") again();
    if (answer.outcome !== "conflict") return;
    setConflicts(
      new Map(answer.conflicts.map((conflict) => [of.rows[conflict.change]?.name ?? "", conflict] as const)),
    );
  }

  function onSettle(name: string, conflict: Conflict, how: Settling): void {
    const before = pending && pendingRow(pending, name);
    const here = shownRow(nameAt.indexOf(name))?.row.version;
    const left = new Set(outdated.current.get(name));
    if (before !== undefined && before.kind !== "insert") left.add(before.row.version);
    if (here !== undefined) left.add(here);
    left.delete(conflict.identity?.version ?? null);
    outdated.current.set(name, left);
    change((now) => settle(now, name, conflict, how));
    setConflicts((all) => new Map([...all].filter(([other]) => other !== name)));
    onRefresh();
  }

  /** The form of a row beside the grid. */
  function formOf(place: Place): ReactNode {
    const isNew = place.kind === "new";
    const name = isNew ? place.name : rowName(place.shown.row);
    const before = pending === undefined ? undefined : pendingRow(pending, name);
    const seen = isNew ? undefined : place.shown.seen;
    const cells = columns.map((facts, at): FormCell => {
      const typed = before?.kind === "delete" ? undefined : pendingCell(before, facts.name);
      return {
        facts,
        shown: startOf(typed, seen === undefined ? undefined : (seen.values[at] ?? null)),
        changed: typed !== undefined && !(isNew && isDefault(typed)),
        cut: seen?.cut.find(({ column }) => column === at)?.length,
        why: name === undefined ? "no-identity" : whyNot(facts.name, isNew),
        canDefault: canDefault(facts, isNew),
        required: isNew && required.has(facts.name),
        reference: referenceOf(facts.name),
      };
    });
    const mayDelete = isNew || editable?.delete === null;
    const isConflict = name !== undefined && allConflicts.has(name);
    // It stands outside of what brings the words.
    return (
      <ChangesWords key={name}>
        <RowForm
          connectionId={connectionId}
          cells={cells}
          state={isNew ? "new" : isConflict ? "conflict" : before?.kind === "delete" ? "deleted" : undefined}
          onCells={(done, was) => latest.current.keep(place, done, was)}
          onWhole={(column) =>
            new Promise((resolve) => {
              if (place.kind === "row")
                fetchWhole(place.shown, column, (value) => resolve({ column, value }));
            })
          }
          count={count}
          onReview={() => setReviews(true)}
          onUndo={(column) => name !== undefined && change((now) => undoCell(now, name, column))}
          onDelete={
            mayDelete
              ? () =>
                  change((now) =>
                    place.kind === "new" ? dropRows(now, [place.name]) : toggleDeleted(now, [place.shown]),
                  )
              : undefined
          }
        />
      </ChangesWords>
    );
  }

  const latest = useRef({ onGridKey, edit, openRow, keep, formOf, shownRow, editable });
  latest.current = { onGridKey, edit, openRow, keep, formOf, shownRow, editable };
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
      onKey: (event, cell, range) => latest.current.onGridKey(event, cell, range),
      edit: (cell) => latest.current.edit(cell),
      editWhole: ({ row, column }) =>
        latest.current.editable?.update === null && latest.current.shownRow(row) !== undefined
          ? () => latest.current.openRow(row, column)
          : undefined,
      form: (at) => {
        const row = why === undefined && editable?.update === null ? latest.current.shownRow(at) : undefined;
        return row && latest.current.formOf({ kind: "row", shown: row, lasting: base + at });
      },
      editLabel: t("edit"),
      inspected,
      moveTo,
    }),
    [base, editable, inspected, isChosen, look, mark, moveTo, named, rows, t, why, words],
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

  // Once it was gone to: a grid that is made anew begins elsewhere.
  useEffect(() => {
    if (moveTo !== undefined) setMoveTo(undefined);
  }, [moveTo]);

  const facts = editor && columns[editor.column];
  return (
    <>
      {newRows.length > 0 && (
        <NewRows
          rows={newRows}
          columns={columns}
          required={required}
          place={newPlace}
          moveTo={newMoveTo}
          onKey={onNewKey}
          onOpen={({ row, column }) => openNew(row, column)}
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
        onAdd={() => add()}
        onCopy={() => add(targets(undefined))}
        onDelete={() => remove()}
        onReview={() => setReviews(true)}
        onDiscard={() => {
          setDiscarded(pending);
          setConflicts(noConflicts);
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
          canDefault={canDefault(facts, editor.place.kind === "new")}
          reference={referenceOf(facts.name)}
          onDone={onDone}
          onCancel={() => {
            setEditor(undefined);
            focusGrid(editor.place);
          }}
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
/** Rows that one key press changes at most: as many as one set takes. */
const mostRows = 1_000;
/** A whole set is at most 4 MB. */
const mostTyped = 2_000_000;

function isGridSeen(place: HTMLElement | null): boolean {
  const seen = place?.querySelector('[role="grid"]')?.getClientRects().length ?? 0;
  // Without a layout engine (tests) nothing has a size.
  return seen > 0 || document.documentElement.clientHeight === 0;
}

/** The same object while it says the same: what depends on it is not made anew. */
function useSame<T>(value: T): T {
  const last = useRef(value);
  if (JSON.stringify(last.current) !== JSON.stringify(value)) last.current = value;
  return last.current;
}
