"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { cellsAsTsv } from "#components/cells-as-tsv.ts";
import { DataGrid } from "#components/data-grid.tsx";
import type { GridCell, GridRange } from "#components/data-grid-column.ts";
import { useNarrow } from "#components/use-narrow.ts";
import type { ColumnFacts, TableDetail } from "#lib/browse/shapes.ts";
import type { GridEditing } from "../changes/grid-editing.ts";
import { FilterBar } from "./filter-bar.tsx";
import { joinedWindows, textKey, windowAt } from "./joined-windows.ts";
import { openedValue, wholeAsk } from "./opened-value.ts";
import { Order, Trouble, Waiting } from "./page-notes.tsx";
import { PositionBar } from "./position-bar.tsx";
import type { TablePaneProps } from "./table-pane-props.ts";
import { type Target, targetOf } from "./targets.ts";
import { useCount } from "./use-count.ts";
import { useGridColumns, useGridWords } from "./use-grid-look.ts";
import { usePages } from "./use-pages.ts";
import type { OpenedValue } from "./value-dialog.tsx";
import { wholeValue } from "./whole-value.ts";

const loadValueDialog = () => import("./value-dialog.tsx");
const loadKeyDialog = () => import("./key-dialog.tsx");
const ValueDialog = lazy(async () => ({ default: (await loadValueDialog()).ValueDialog }));
const KeyDialog = lazy(async () => ({ default: (await loadKeyDialog()).KeyDialog }));
const TableChanges = lazy(async () => ({
  default: (await import("../changes/table-changes.tsx")).TableChanges,
}));
const PeekDialog = lazy(async () => ({ default: (await import("./peek-dialog.tsx")).PeekDialog }));

interface Props extends TablePaneProps {
  readonly detail: TableDetail | undefined;
  /** Told when there are rows, or none are coming. */
  readonly onRead: () => void;
}

/** So near to an end of the rows that are held, the next page is asked for. */
const nearEnd = 24;

/** The rows of a table, by pages that follow one another. */
export function TableRows(props: Props) {
  const { connectionId, table, view, shown, detail, writing, onRead, onView, onSeen, onRow, onGo } = props;
  const t = useTranslations("browse.table");
  const [editing, setEditing] = useState<GridEditing>();
  const gridPlace = useRef<HTMLDivElement>(null);
  const words = useGridWords(editing?.words);
  const pages = usePages(connectionId, table, view);
  const { windows, base, phase, refused, load, more, refresh, show } = pages;
  const counting = useCount(connectionId, table, view);
  const whereBox = useRef<HTMLInputElement>(null);
  const [opened, setOpened] = useState<OpenedValue & { readonly at: GridCell }>();
  const [peeked, setPeeked] = useState<Target>();
  const [asksKey, setAsksKey] = useState(false);
  const [said, setSaid] = useState("");
  const narrow = useNarrow();
  const held = useHeld(view.where);

  // Another narrowing or order begins anew; another row of the same, as Back brings it, is gone to.
  const seen = useRef("");
  const rowKey = JSON.stringify(view.row);
  const narrowed = JSON.stringify([view.filters, view.where, view.sort]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: by what they say, not by which object says it
  useEffect(() => {
    if (held.waits || seen.current === narrowed + rowKey) return;
    seen.current = narrowed + rowKey;
    load(view.row === undefined ? { to: "first" } : { to: "key", values: view.row });
  }, [narrowed, rowKey, held.waits, load]);

  const isRead = windows.length > 0 || refused !== undefined;
  useEffect(() => {
    if (!isRead) return;
    onRead();
    // Once there are rows: who types on after the key that opens one types into it.
    for (const load of [loadKeyDialog, loadValueDialog]) load().catch(() => undefined);
  }, [isRead, onRead]);

  const all = useMemo(() => joinedWindows(windows), [windows]);
  const page = windows[0]?.page;
  const columns: readonly ColumnFacts[] | undefined = page?.columns ?? detail?.columns;
  const gridColumns = useGridColumns(page?.columns, detail);
  const sort = useMemo(
    () =>
      view.sort.flatMap(({ column, descending }) => {
        const at = columns?.findIndex(({ name }) => name === column) ?? -1;
        return at < 0 ? [] : [{ column: at, descending }];
      }),
    [columns, view.sort],
  );

  /** The row that the page in sight begins with, lastingly, and whether it was scrolled past. */
  const [sight, setSight] = useState({ first: base, within: false });
  const inSight = windowAt(windows, sight.first - base);
  const before = windows[0]?.page.before ?? null;
  const after = windows.at(-1)?.page.after ?? null;
  const onGridView = useCallback(
    (first: number, last: number) => {
      const start = windowAt(windows, first)?.start ?? 0;
      const next = { first: base + start, within: first > start };
      setSight((old) => (old.first === next.first && old.within === next.within ? old : next));
      if (phase !== undefined || refused !== undefined || !shown) return;
      // A screen that holds all that is kept is full.
      const isFull = last - first + 1 >= all.rows.length && windows.length > 1;
      if (isFull) return;
      if (after !== null && last >= all.rows.length - nearEnd) more("after");
      else if (before !== null && first < nearEnd) more("before");
    },
    [after, all, base, before, more, phase, refused, shown, windows],
  );

  // The address says which row the page in sight begins with.
  const firstKey = inSight?.window.page.before === null ? undefined : textKey(inSight?.window);
  const seenKey = JSON.stringify(firstKey);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another page is another place
  useEffect(() => {
    if (!shown || inSight === undefined || phase === "first") return;
    seen.current = narrowed + seenKey;
    onSeen({ ...view, row: firstKey });
  }, [seenKey, inSight === undefined, phase === "first"]);

  // Rows of another place are another grid, and the focus would go with the one before it.
  const pane = useRef<HTMLDivElement>(null);
  const hasFocus = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each grid
  useEffect(() => {
    if (!hasFocus.current || document.activeElement !== document.body) return;
    pane.current?.querySelector<HTMLElement>("[role=grid]")?.focus({ preventScroll: true });
  }, [pages.round]);

  const [active, setActive] = useState(0);
  const onActive = useCallback(({ row }: GridCell) => setActive(row), []);
  const openCell = useCallback(
    (at: GridCell) => setOpened({ ...openedValue({ all, columns, table, ...at }), at }),
    [all, columns, table],
  );
  useEffect(() => {
    if (!shown) return;
    const values = all.rows[active];
    onRow(
      editing?.inspected ??
        (values === undefined || page === undefined
          ? undefined
          : {
              number: all.numbers[active] ?? "",
              columns: page.columns,
              values,
              cut: all.cut[active],
              references: detail?.references ?? [],
              referencedBy: detail?.referencedBy ?? [],
              onOpen: (column) => openCell({ row: active, column }),
              form: editing?.form(active),
            }),
    );
  }, [active, all, detail, editing, onRow, openCell, page, shown]);

  function copy(range: GridRange): void {
    const cells = all.rows
      .slice(range.top, range.bottom + 1)
      .map((row) => row.slice(range.left, range.right + 1));
    const isOne = range.top === range.bottom && range.left === range.right;
    const hasCut = all.cut
      .slice(range.top, range.bottom + 1)
      .some((cut) =>
        [...(cut?.keys() ?? [])].some((column) => column >= range.left && column <= range.right),
      );
    if (!hasCut) {
      write(cellsAsTsv(cells)).then((done) => setSaid(t(done ? "copied" : "copyFailed")));
      return;
    }
    const ask = isOne ? wholeAsk({ all, columns, table, row: range.top, column: range.left }) : undefined;
    if (ask === undefined) {
      setSaid(t("copyCut"));
      return;
    }
    setSaid(t("copyFetching"));
    wholeValue(connectionId, ask, AbortSignal.timeout(60_000))
      .then(async (whole) => {
        // A browser lets a page write to the clipboard for some seconds after a key; later the dialog has its own button.
        const done = whole.ok && (await write(whole.text ?? ""));
        setSaid(t(done ? "copied" : "copyOpen"));
      })
      .catch(() => setSaid(t("copyOpen")));
  }

  function follow({ row, column }: GridCell, how: "go" | "peek"): void {
    const name = columns?.[column]?.name;
    const reference = detail?.references.find((one) => one.columns.includes(name ?? ""));
    const values = all.rows[row];
    if (reference === undefined || values === undefined || columns === undefined) return;
    const target = targetOf(reference, columns, values);
    if (target === undefined) return;
    if (how === "go") onGo(target);
    else setPeeked(target);
  }

  function sortBy(column: number, add: boolean): void {
    const name = columns?.[column]?.name;
    if (name === undefined) return;
    const old = view.sort.find((one) => one.column === name);
    const next =
      old === undefined
        ? [{ column: name, descending: false }]
        : old.descending
          ? []
          : [{ column: name, descending: true }];
    const others = add ? view.sort : [];
    const at = others.findIndex((one) => one.column === name);
    const sorted = at < 0 ? [...others, ...next] : [...others.slice(0, at), ...next, ...others.slice(at + 1)];
    onView({ ...view, sort: sorted, row: undefined });
  }

  const goBack = () => {
    const start = inSight?.start ?? 0;
    if (sight.within) show(start);
    else if (start > 0) show(windowAt(windows, start - 1)?.start ?? 0);
    else more("before", true);
  };
  const goOn = () => {
    const next = (inSight?.start ?? 0) + (inSight?.window.rows.length ?? 0);
    if (next < all.rows.length) show(next);
    else more("after", true);
  };
  const editWhole = opened && editing?.editWhole(opened.at);
  const trouble = refused?.why === "server" ? refused.trouble : undefined;
  const isOfFilter = trouble?.filter !== undefined && trouble.filter !== null;
  // As the page itself says: what else is known of the table comes later.
  const key = view.sort.length === 0 && page?.order.by === "key" ? page.order.columns : undefined;
  const hasKey = key !== undefined;
  const isEdge = before === null && after === null && windows.length > 0;

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of everything in it; its buttons do the same
    <div
      ref={pane}
      className="flex min-h-0 flex-1 flex-col"
      onFocus={() => {
        hasFocus.current = true;
      }}
      onBlur={({ relatedTarget, currentTarget }) => {
        // It went elsewhere; where it only went, it may have gone with what had it.
        if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) hasFocus.current = false;
      }}
      onKeyDown={(event) => {
        const far = event.ctrlKey || event.metaKey;
        const act = {
          F5: !far && refresh,
          Escape: phase !== undefined && pages.cancel,
          g: far && hasKey && (() => setAsksKey(true)),
          f: far && (() => whereBox.current?.focus()),
        }[event.key];
        // In a dialog the keys are its own: Escape closes it, whatever is being read behind it.
        const isBehind = event.target instanceof Element && event.target.closest("dialog") !== null;
        if (!act || event.shiftKey || event.altKey || isBehind) return;
        event.preventDefault();
        act();
      }}
    >
      <FilterBar
        view={view}
        columns={columns?.map(({ name }) => name)}
        trouble={trouble}
        held={held.waits}
        whereBox={whereBox}
        onChange={(filters, where) => {
          held.apply(where);
          onView({ ...view, filters, where, row: undefined });
          // The same again is asked again.
          if (JSON.stringify([filters, where, view.sort]) === narrowed && refused !== undefined)
            load({ to: "first" });
        }}
      />
      {page !== undefined && (
        <p className="flex min-h-7 flex-wrap items-center gap-x-3 px-2 py-0.5 text-muted text-xs">
          <Order order={page.order} />
          {phase === "first" && <Waiting onCancel={pages.cancel} />}
          <span role="status" className="ml-auto text-ink">
            {said}
          </span>
        </p>
      )}
      {refused !== undefined && !isOfFilter && (
        <Trouble
          refused={refused}
          onAgain={() => load({ to: "first" })}
          onRead={() => load({ to: "first" }, true)}
        />
      )}
      {page !== undefined && gridColumns !== undefined ? (
        <>
          {all.rows.length === 0 && (
            <p className="px-3 py-2 text-[0.8125rem] text-muted">
              {t(
                view === undefined
                  ? "empty"
                  : isNarrowed(view.filters.length, view.where)
                    ? "nothingLeft"
                    : "empty",
              )}
            </p>
          )}
          <div ref={gridPlace} className="contents">
            <DataGrid
              key={pages.round}
              label={t("rows")}
              columns={gridColumns}
              rows={editing?.rows ?? all.rows}
              rowCount={all.rows.length}
              base={base}
              words={words}
              rowLabel={(row) => t("row", { row: all.numbers[row - 1] || String(row) })}
              rowNumber={(row) => all.numbers[row] ?? ""}
              rowMark={(row) => editing?.mark(row) ?? all.marks[row]}
              cutLength={all.cutLength}
              sort={sort}
              onSort={sortBy}
              onOpen={(cell) => {
                if (editing?.edit(cell) !== true) openCell(cell);
              }}
              look={editing?.look}
              chosen={editing?.chosen}
              onKey={editing?.onKey}
              moveTo={editing?.moveTo}
              onCopy={copy}
              onFollow={follow}
              onActive={onActive}
              onView={onGridView}
              onEnd={(end) => load({ to: end })}
              goTo={pages.goTo}
              pinned={narrow ? columns?.findIndex(({ name }) => name === key?.[0]?.column) : undefined}
              className="min-h-24 flex-1 border-line border-t max-desk:h-[60dvh] max-desk:flex-none"
            />
          </div>
          {writing !== undefined && (
            <Suspense fallback={null}>
              <TableChanges
                connectionId={connectionId}
                table={table}
                writing={writing}
                shown={shown}
                held={all}
                base={base}
                columns={page.columns}
                detail={detail}
                active={active}
                grid={gridPlace}
                onEditing={setEditing}
                onRefresh={refresh}
              />
            </Suspense>
          )}
        </>
      ) : (
        <div className="min-h-40 flex-1">{phase === "first" && <Waiting onCancel={pages.cancel} />}</div>
      )}
      <PositionBar
        shown={inSight?.window}
        estimate={
          page?.estimate ?? (isNarrowed(view.filters.length, view.where) ? null : (detail?.estimate ?? null))
        }
        known={isEdge ? all.rows.length - all.marks.filter((mark) => mark === "gone").length : undefined}
        counting={counting}
        busy={phase !== undefined}
        refreshing={phase === "refresh"}
        can={{
          back: before !== null || sight.within || (inSight?.start ?? 0) > 0,
          on:
            after !== null ||
            (inSight !== undefined && inSight.start + inSight.window.rows.length < all.rows.length),
          key: hasKey,
        }}
        onFirst={() => load({ to: "first" })}
        onBack={goBack}
        onOn={goOn}
        onLast={() => load({ to: "last" })}
        onKey={() => setAsksKey(true)}
        onRefresh={refresh}
      />
      <Suspense fallback={null}>
        {opened !== undefined && (
          <ValueDialog
            connectionId={connectionId}
            opened={opened}
            onClose={() => setOpened(undefined)}
            editLabel={editing?.editLabel}
            onEdit={
              editWhole &&
              (() => {
                setOpened(undefined);
                editWhole();
              })
            }
          />
        )}
        {asksKey && (
          <KeyDialog
            open
            columns={(key ?? []).map(({ column }) => column)}
            onClose={() => setAsksKey(false)}
            onGo={(values) => {
              setAsksKey(false);
              onView({ ...view, row: values });
            }}
          />
        )}
        {peeked !== undefined && (
          <PeekDialog
            connectionId={connectionId}
            target={peeked}
            onClose={() => setPeeked(undefined)}
            onGo={(target) => {
              setPeeked(undefined);
              onGo(target);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}

/**
 * An expression that came with a link is shown and waits: whoever wrote it might have meant it to do something. What the
 * person applied is read without asking.
 */
function useHeld(where: string) {
  const [applied, setApplied] = useState<ReadonlySet<string>>(new Set([""]));
  return {
    waits: !applied.has(where),
    apply: (one: string) => setApplied((before) => new Set(before).add(one)),
  };
}

function isNarrowed(filters: number, where: string): boolean {
  return filters > 0 || where !== "";
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
