"use client";

import { Activity, Database, History, Plus, Rows3, SquareTerminal, Table2, TextSelect } from "lucide-react";
import { useTranslations } from "next-intl";
import {
  lazy,
  memo,
  type ReactNode,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { SplitEdge } from "#components/split-edge.tsx";
import { TabList } from "#components/tab-list.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { isNarrow } from "#components/use-narrow.ts";
import { isHolding, type TabSession } from "#lib/session/held.ts";
import type { TableWriting } from "./changes/grid-editing.ts";
import { homeOf, nextPane } from "./next-pane.ts";
import { PaneComing } from "./pane-coming.tsx";
import { onPaneRequest, type PaneRequest } from "./pane-requests.ts";
import { type Place, sameTable, type TableName, wholeTable, writeView } from "./place.ts";
import type { InspectedRow } from "./row/inspected-row.ts";
import { closeTab, lookAtTab, openKeptTabs } from "./sql/hold-tab.ts";
import { fillTab, type TabFilling } from "./sql/tab-filling.ts";
import { draftOf, rememberDraft } from "./sql/use-draft.ts";
import { TabFace } from "./tab-face.tsx";
import type { Target } from "./table/targets.ts";
import { loadTablePane, TableTab } from "./table-tab.tsx";
import { TreePane } from "./tree/tree-pane.tsx";
import { useOpenTabs } from "./use-open-tabs.ts";
import { usePlace } from "./use-place.ts";

const ActivityPane = lazy(async () => ({
  default: (await import("./activity/activity-pane.tsx")).ActivityPane,
}));
const CloseQuestion = lazy(async () => ({ default: (await import("./close-question.tsx")).CloseQuestion }));
const NotebookTab = lazy(async () => ({
  default: (await import("./notebook/notebook-tab.tsx")).NotebookTab,
}));
const KeysDialog = lazy(async () => ({ default: (await import("./keys-dialog.tsx")).KeysDialog }));
const RowInspector = lazy(async () => ({ default: (await import("./row/row-inspector.tsx")).RowInspector }));

interface Props {
  readonly connectionId: string;
  /** A SQL tab, by its number. */
  readonly sqlTab: (tab: string) => ReactNode;
  readonly writing?: TableWriting;
}

/** On a narrow screen one pane shows at a time; what is open in the middle follows the address. */
type Narrow = "tables" | "middle" | "row";

/** What the session is used with: the tree of tables, what is open, and the row that is looked at. */
export function Panes({ connectionId, sqlTab, writing }: Props) {
  const t = useTranslations("browse.panes");
  const handle = usePlace(connectionId);
  const { place, go, note } = handle;
  const tabs = useOpenTabs(connectionId, handle);
  const [narrow, setNarrow] = useState<Narrow>("middle");
  const [hasInspector, setHasInspector] = useState(false);
  const [showsKeys, setShowsKeys] = useState(false);
  /** What the tree was asked for from elsewhere. */
  const [searched, setSearched] = useState<{ readonly text: string }>();
  /** A tab whose session would be lost. */
  const [closing, setClosing] = useState<{ readonly id: string; readonly session: TabSession }>();
  /** Of which tab, too: what is looked at elsewhere is no row of this table. */
  const [looked, setLooked] = useState<{ readonly tab: string; readonly row: InspectedRow | undefined }>();
  const row = looked?.tab === tabs.current ? looked.row : undefined;
  const frame = useRef<HTMLDivElement>(null);
  const filterBox = useRef<HTMLInputElement>(null);

  const { addSql } = tabs;
  useEffect(() => {
    let isGone = false;
    openKeptTabs(connectionId).then((slots) => {
      if (!isGone) addSql(slots);
    });
    return () => {
      isGone = true;
    };
  }, [connectionId, addSql]);

  const openTable = useCallback(
    (table: TableName, fragment?: string) => {
      setNarrow("middle");
      const kept = tabs.list.find((tab) => tab.place.kind === "table" && sameTable(tab.place, table));
      if (fragment === undefined && kept !== undefined) go(kept.place, kept.fragment);
      else go({ kind: "table", ...table, part: "rows" }, fragment);
    },
    [go, tabs.list],
  );
  const goTo = useCallback(
    ({ schema, table, filters }: Target) =>
      openTable({ schema, table }, writeView({ ...wholeTable, filters })),
    [openTable],
  );
  const newSql = useCallback(
    (draft?: string) => {
      setNarrow("middle");
      const slots = tabs.list.flatMap(({ place: at }) => (at.kind === "sql" ? [at.tab] : []));
      const open =
        draft === undefined ? undefined : slots.find((slot) => draftOf(connectionId, slot) === draft);
      const tab = open ?? nextSlot(tabs.list);
      if (draft !== undefined && open === undefined) rememberDraft(tab, draft);
      go({ kind: "sql", tab });
    },
    [connectionId, go, tabs.list],
  );
  const toTree = useCallback(() => {
    // At once: what is typed next belongs there.
    flushSync(() => setNarrow("tables"));
    filterBox.current?.focus();
  }, []);

  useEffect(
    () =>
      onPaneRequest(connectionId, (request: PaneRequest) => {
        if (request.to === "draft") newSql(request.draft);
        else if (request.to === "place") {
          setNarrow("middle");
          go(request.place);
        } else {
          toTree();
          setSearched({ text: request.text });
        }
      }),
    [connectionId, go, newSql, toTree],
  );
  const { close: closeOpen } = tabs;
  /** Opens a SQL tab with a text in it, which nobody runs but the person. */
  const openSql = useCallback(
    (filling: TabFilling, tab: string, instead?: string) => {
      const to = { kind: "sql", tab } as const;
      fillTab(connectionId, to.tab, filling);
      setNarrow("middle");
      if (instead === undefined) return go(to);
      closeOpen(instead);
      note(to, "");
    },
    [connectionId, go, note, closeOpen],
  );
  const nextTab = Number(nextSlot(tabs.list));

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const far = event.ctrlKey || event.metaKey;
      const act = keyOf(event, far);
      const isTyped = event.key === "?" && event.target instanceof Element && event.target.matches(boxes);
      if (act === undefined || isTyped || document.querySelector("dialog[open]") !== null) return;
      event.preventDefault();
      act();
    };
    function keyOf(
      { key, code, altKey, shiftKey, target }: KeyboardEvent,
      far: boolean,
    ): (() => void) | undefined {
      if (key === "F4" && !altKey && !far) return () => setHasInspector((before) => !before);
      if (key === "F6" && !altKey && !far) return () => nextPane(frame.current, shiftKey);
      if (far && !altKey && !shiftKey && key.toLowerCase() === "k") return toTree;
      // By its place, too: a Mac writes another sign with Option.
      if (far && altKey && (key.toLowerCase() === "t" || code === "KeyT"))
        return () => {
          newSql();
          // Once it is there; the editor takes its focus over.
          setTimeout(() => homeOf(frame.current?.querySelector("[data-pane=middle]"))?.focus());
        };
      // As the browser has it, and on a Mac as well; in a text they move by words there.
      if (altKey && !far && !shiftKey && !(target instanceof Element && target.matches(boxes))) {
        if (key === "ArrowLeft") return () => window.history.back();
        if (key === "ArrowRight") return () => window.history.forward();
      }
      if (key === "?" && !far && !altKey) return () => setShowsKeys(true);
      return undefined;
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [newSql, toTree]);

  useEffect(() => {
    loadTablePane().catch(() => undefined);
  }, []);

  const plainName = useCallback(
    (at: Place) => {
      if (at.kind === "sql") return t("sqlTab", { number: at.tab });
      if (at.kind === "table") return at.table;
      return t(at.kind === "notebook" ? at.part : at.kind);
    },
    [t],
  );
  const others = useMemo(
    () => [
      ...tabs.list.map((tab) => ({
        id: tab.id,
        label: plainName(tab.place),
        go: () => {
          setNarrow("middle");
          go(tab.place, tab.fragment);
        },
      })),
      { id: "new", label: t("newSql"), go: () => newSql() },
      { id: "row", label: `${t("row")} (F4)`, go: () => setHasInspector((before) => !before) },
      { id: "keys", label: `${t("keys")} (?)`, go: () => setShowsKeys(true) },
    ],
    [go, newSql, plainName, t, tabs.list],
  );
  const tableShown = place.kind === "table" ? place : undefined;
  const lastOf = (kind: Place["kind"]) => tabs.recent.find((tab) => tab.place.kind === kind);
  const bar = [
    {
      id: "tables",
      label: t("tables"),
      Icon: Database,
      on: narrow === "tables",
      go: () => setNarrow("tables"),
    },
    {
      id: "data",
      label: t("data"),
      Icon: Table2,
      on: narrow === "middle" && place.kind === "table",
      go: () => show("table", () => setNarrow("tables")),
    },
    {
      id: "sql",
      label: t("sql"),
      Icon: SquareTerminal,
      on: narrow === "middle" && place.kind === "sql",
      go: () => show("sql", () => newSql()),
    },
    { id: "row", label: t("row"), Icon: Rows3, on: narrow === "row", go: () => setNarrow("row") },
  ];

  function show(kind: Place["kind"], otherwise: () => void): void {
    const last = lastOf(kind);
    if (last === undefined) otherwise();
    else {
      setNarrow("middle");
      go(last.place, last.fragment);
    }
  }

  /** One question, where a session would end with what it holds. */
  function askToClose(id: string): void {
    const at = tabs.list.find((tab) => tab.id === id)?.place;
    const isLast = tabs.list.length === 1 && id === "sql:1";
    if (at?.kind !== "sql" || isLast) {
      close(id);
      return;
    }
    lookAtTab(connectionId, at.tab)
      .catch(() => undefined)
      .then((answer) => {
        const session = answer?.here ? answer.session : null;
        const holds = session !== null && (session.transaction !== "none" || isHolding(session.held));
        if (holds) setClosing({ id, session });
        else close(id);
      });
  }

  function close(id: string): void {
    setClosing(undefined);
    const closed = tabs.list.find((tab) => tab.id === id)?.place;
    const next = tabs.close(id);
    // The last one stays where it is; of any other, the session ends with the tab.
    if (closed?.kind === "sql" && next.id !== id) {
      fillTab(connectionId, closed.tab);
      void closeTab(connectionId, closed.tab);
    }
    if (id === tabs.current) go(next.place, next.fragment);
  }

  return (
    <>
      <div
        ref={frame}
        data-narrow={narrow}
        className="group/panes flex min-h-0 flex-1 desk:min-h-96 rounded-t-lg border border-line bg-surface desk:border-b-0"
      >
        <section
          aria-label={t("tables")}
          data-pane="tables"
          className="relative flex min-h-0 w-[var(--pane-width,15rem)] min-w-0 shrink-0 flex-col border-line border-r max-desk:w-full max-desk:border-r-0 max-desk:not-group-data-[narrow=tables]/panes:hidden"
        >
          <TreeOfTables
            connectionId={connectionId}
            others={others}
            current={tableShown}
            onOpen={openTable}
            filterBox={filterBox}
            searched={searched}
          />
          <SplitEdge label={t("treeWidth")} keptAs="tree" side="right" first={240} least={180} most={480} />
        </section>
        <section
          aria-label={t("middle")}
          data-pane="middle"
          className="flex min-h-0 min-w-0 flex-1 flex-col max-desk:not-group-data-[narrow=middle]/panes:hidden"
        >
          <div className="flex items-center gap-1 border-line border-b bg-canvas/50 pr-1">
            <TabList
              label={t("tabs")}
              tabs={tabs.list.map((tab) => ({
                id: tab.id,
                label: nameOf(tab.place),
                face: <TabFace place={tab.place} name={nameOf(tab.place)} />,
              }))}
              current={tabs.current}
              onSelect={(id) => {
                const tab = tabs.list.find((one) => one.id === id);
                if (tab !== undefined) go(tab.place, tab.fragment);
              }}
              onClose={askToClose}
            />
            <Button
              size="sm"
              look="quiet"
              aria-label={t("newSql")}
              title={t("newSql")}
              aria-keyshortcuts="Control+Alt+T"
              onClick={() => newSql()}
            >
              <Plus aria-hidden className="size-4" />
            </Button>
            <Button
              size="sm"
              look="quiet"
              className="ml-auto"
              aria-label={t("activity")}
              title={t("activityWhat")}
              onClick={() => go({ kind: "activity" })}
            >
              <Activity aria-hidden className="size-4" />
            </Button>
            <Button
              size="sm"
              look="quiet"
              aria-label={t("notebook")}
              title={t("notebook")}
              onClick={() => go({ kind: "notebook", part: "history" })}
            >
              <History aria-hidden className="size-4" />
            </Button>
            <Button
              size="sm"
              look="quiet"
              className="max-desk:hidden"
              aria-label={t("row")}
              title={`${t("row")} (F4)`}
              aria-pressed={hasInspector}
              aria-keyshortcuts="F4"
              onClick={() => setHasInspector((before) => !before)}
            >
              <TextSelect aria-hidden className="size-4" />
            </Button>
          </div>
          {tabs.list.map((tab) => {
            const isShown = tab.id === tabs.current;
            if (!isShown && !tabs.visited.has(tab.id)) return null;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: a tap where there is no room for both; keys have the bar
              <div
                key={tab.id}
                role="tabpanel"
                aria-label={nameOf(tab.place)}
                hidden={!isShown}
                onClick={({ target }) => {
                  const isCell = target instanceof Element && target.closest("[role=gridcell]") !== null;
                  if (tab.place.kind === "table" && isCell && isNarrow()) setNarrow("row");
                }}
                className={classes(
                  "min-h-0 flex-1 flex-col [[hidden]]:hidden",
                  tab.place.kind === "sql" ? "overflow-y-auto" : "flex",
                )}
              >
                {tab.place.kind === "sql" ? (
                  <SqlPane tab={tab.place.tab} render={sqlTab} />
                ) : tab.place.kind === "activity" ? (
                  <Suspense fallback={<PaneComing />}>
                    <ActivityPane connectionId={connectionId} shown={isShown} />
                  </Suspense>
                ) : tab.place.kind !== "table" ? (
                  <Suspense fallback={<PaneComing />}>
                    <NotebookTab
                      connectionId={connectionId}
                      place={tab.place}
                      shown={isShown}
                      onPart={(part) => go({ kind: "notebook", part })}
                      nextSlot={nextTab}
                      onSql={(filling, slot) =>
                        openSql(filling, slot, tab.place.kind === "query" ? tab.id : undefined)
                      }
                    />
                  </Suspense>
                ) : (
                  <TableTab
                    connectionId={connectionId}
                    id={tab.id}
                    place={tab.place}
                    fragment={tab.fragment}
                    shown={isShown}
                    go={go}
                    note={note}
                    onRow={setLooked}
                    onGo={goTo}
                    writing={writing}
                  />
                )}
              </div>
            );
          })}
        </section>
        <section
          aria-label={t("row")}
          data-pane="row"
          className={classes(
            "relative flex min-h-0 w-[var(--pane-width,20rem)] min-w-0 shrink-0 flex-col border-line border-l max-desk:min-h-[60dvh] max-desk:w-full max-desk:border-l-0 max-desk:not-group-data-[narrow=row]/panes:hidden",
            !hasInspector && "desk:hidden",
          )}
        >
          <h2 className="border-line border-b px-3 py-1.5 font-medium text-[0.8125rem]">
            {row === undefined || row.number === "" ? t("row") : t("rowNumber", { row: row.number })}
          </h2>
          {(hasInspector || narrow === "row") && (
            <Suspense fallback={null}>
              <RowInspector row={row} onGo={goTo} />
            </Suspense>
          )}
          <SplitEdge label={t("rowWidth")} keptAs="row" side="left" first={320} least={220} most={560} />
        </section>
      </div>
      <nav
        aria-label={t("panes")}
        className="sticky bottom-0 z-20 -mx-4 flex border-line border-t bg-surface pb-[env(safe-area-inset-bottom)] desk:hidden"
      >
        {bar.map(({ id, label, Icon, on, go: press }) => (
          <button
            key={id}
            type="button"
            aria-current={on ? "true" : undefined}
            onClick={press}
            className={classes(
              "flex min-h-12 min-w-0 flex-1 flex-col items-center justify-center text-mini outline-offset-[-2px]",
              on ? "bg-accent-soft font-medium text-accent" : "text-muted",
            )}
          >
            <Icon aria-hidden className="size-4.5" />
            {label}
          </button>
        ))}
      </nav>
      {closing !== undefined && (
        <Suspense fallback={null}>
          <CloseQuestion
            name={nameOf(tabs.list.find((tab) => tab.id === closing.id)?.place ?? place)}
            session={closing.session}
            onClose={() => close(closing.id)}
            onLeave={() => setClosing(undefined)}
          />
        </Suspense>
      )}
      {showsKeys && (
        <Suspense fallback={null}>
          <KeysDialog onClose={() => setShowsKeys(false)} />
        </Suspense>
      )}
    </>
  );

  function nameOf(at: Place): string {
    if (at.kind !== "table") return plainName(at);
    const isTwice = tabs.list.some(
      ({ place: other }) => other.kind === "table" && other.table === at.table && other.schema !== at.schema,
    );
    return isTwice ? `${at.schema}.${at.table}` : at.table;
  }
}

function nextSlot(list: ReturnType<typeof useOpenTabs>["list"]): string {
  return String(1 + Math.max(0, ...list.map(({ place: at }) => (at.kind === "sql" ? Number(at.tab) : 0))));
}

/** Remembered: what happens in one pane does not make the others anew. */
const SqlPane = memo(function SqlPane(given: {
  readonly tab: string;
  readonly render: (tab: string) => ReactNode;
}) {
  return given.render(given.tab);
});

const TreeOfTables = memo(TreePane);

/** Where a sign is typed. */
const boxes = "input, textarea, select, [contenteditable=true], [contenteditable=true] *";
