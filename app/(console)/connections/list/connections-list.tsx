"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useCallback, useMemo, useState, useTransition } from "react";
import type { Answer } from "#app/_server/answer.ts";
import { duplicateConnection, removeConnection, undoRemoval } from "../../settings/actions.ts";
import { SoftLink } from "../../soft-link.tsx";
import { useToast } from "../../toasts.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { connectionsPath, filtersSet, withoutFilters } from "./connections-query.ts";
import { labelConnections, listedByAddress, setFavourites } from "./list-actions.ts";
import type { RowActs } from "./list-row.tsx";
import { ListTable } from "./list-table.tsx";
import { ListTools } from "./list-tools.tsx";
import type { ListView, RowView } from "./list-view.ts";
import { RunBar } from "./run-bar.tsx";
import { useTestRun } from "./use-test-run.ts";

/** Loaded when one is opened. */
const LabelDialog = lazy(async () => ({ default: (await import("./label-dialog.tsx")).LabelDialog }));
const CopyAsDialog = lazy(async () => ({
  default: (await import("../../copy-as/copy-as-dialog.tsx")).CopyAsDialog,
}));
const LeaveRun = lazy(async () => ({ default: (await import("./leave-run.tsx")).LeaveRun }));

type Opened =
  | { readonly what: "group" | "tags"; readonly rows: readonly RowView[] }
  | { readonly what: "copy-as"; readonly rows: readonly [RowView] };

/** The list of connections with all that can be done in it. What it shows comes from the server, as its address asks. */
export function ConnectionsList({ view }: { readonly view: ListView }) {
  const t = useTranslations("list");
  const router = useRouter();
  const toast = useToast();
  const [selected, setSelected] = useState<ReadonlyMap<string, RowView>>(new Map());
  const [opened, setOpened] = useState<Opened>();
  const [busy, startBusy] = useTransition();
  const run = useTestRun(t("test.lost"));
  const { start } = run;

  /** One act after the other, until one is refused; then the list is read anew. */
  const act = useCallback(
    (acts: readonly (() => Promise<Answer<unknown>>)[], done: (count: number) => void) => {
      startBusy(async () => {
        let count = 0;
        try {
          for (const one of acts) {
            const answer = await one();
            if (!answer.ok) {
              toast({ tone: "danger", text: `${answer.explained.title}. ${answer.explained.fix}` });
              break;
            }
            count += 1;
          }
        } catch {
          toast({ tone: "danger", text: t("test.lost") });
        }
        if (count > 0) done(count);
        router.refresh();
      });
    },
    [router, t, toast],
  );

  const remove = useCallback(
    (rows: readonly RowView[]) => {
      act(
        rows.map(
          ({ id }) =>
            () =>
              removeConnection(id),
        ),
        (count) => {
          const gone = rows.slice(0, count);
          setSelected((before) => without(before, gone));
          const [first] = gone;
          toast({
            text: t("removed", { count, name: first?.name ?? "" }),
            action: {
              label: t("undo"),
              run: () =>
                act(
                  gone.map(
                    ({ id }) =>
                      () =>
                        undoRemoval(id),
                  ),
                  (back) => toast({ text: t("undone", { count: back, name: first?.name ?? "" }) }),
                ),
            },
          });
        },
      );
    },
    [act, t, toast],
  );

  const acts: RowActs = useMemo(
    () => ({
      select: (row, on) =>
        setSelected((before) => (on ? new Map(before).set(row.id, row) : without(before, [row]))),
      test: (row) => {
        if (!start([row])) toast({ tone: "info", text: t("test.busy") });
      },
      duplicate: (row) =>
        act([() => duplicateConnection(row.id)], () => toast({ text: t("duplicated", { name: row.name }) })),
      copyAs: (row) => setOpened({ what: "copy-as", rows: [row] }),
      group: (row) => setOpened({ what: "group", rows: [row] }),
      tags: (row) => setOpened({ what: "tags", rows: [row] }),
      favourite: (row) => act([() => setFavourites([row.id], !row.favourite)], () => undefined),
      remove: (row) => remove([row]),
      goTo: (href) => router.push(href),
    }),
    [act, remove, router, start, t, toast],
  );

  async function testAll() {
    const answer = await listedByAddress(window.location.search);
    if (answer.ok) start(answer.value);
    else toast({ tone: "danger", text: answer.explained.title });
  }

  const { query, sections, matching } = view;
  const rows = sections.flatMap((section) => section.rows);
  const chosen = [...selected.values()];
  return (
    <>
      <ListTools
        view={view}
        testing={run.running}
        onTestAll={() => {
          testAll().catch(() => toast({ tone: "danger", text: t("test.lost") }));
        }}
      />
      <RunBar run={run} />
      {matching === 0 ? (
        <div className="rounded-lg border border-line bg-surface px-6 py-12 text-center">
          <p className="font-medium">
            {query.search === "" ? t("noMatch.filters") : t("noMatch.search", { search: query.search })}
          </p>
          {(filtersSet(query) > 0 || query.search !== "") && (
            <SoftLink
              href={connectionsPath(withoutFilters(query))}
              className="mt-3 inline-block text-accent text-sm underline"
            >
              {t("noMatch.action")}
            </SoftLink>
          )}
        </div>
      ) : (
        <ListTable
          view={view}
          selected={selected}
          tests={run.tests}
          acts={acts}
          onSelectAll={(on) =>
            setSelected((before) =>
              on ? new Map([...before, ...rows.map((row) => [row.id, row] as const)]) : without(before, rows),
            )
          }
        />
      )}
      {chosen.length > 0 && (
        <BulkBar
          rows={chosen}
          busy={busy}
          testing={run.running}
          onTest={() => start(chosen)}
          onGroup={() => setOpened({ what: "group", rows: chosen })}
          onTags={() => setOpened({ what: "tags", rows: chosen })}
          onRemove={() => remove(chosen)}
          onClear={() => setSelected(new Map())}
        />
      )}
      <Suspense fallback={null}>
        {opened !== undefined && opened.what !== "copy-as" && (
          <LabelDialog
            what={opened.what}
            rows={opened.rows}
            known={opened.what === "group" ? view.groups : view.tags}
            onClose={() => setOpened(undefined)}
            onChange={(asks) => {
              setOpened(undefined);
              act(
                asks.map((ask) => () => labelConnections(ask)),
                () => {
                  setSelected(new Map());
                  toast({ text: t("labelled", { count: opened.rows.length }) });
                },
              );
            }}
          />
        )}
        {opened?.what === "copy-as" && (
          <CopyAsDialog source={{ id: opened.rows[0].id }} open onClose={() => setOpened(undefined)} />
        )}
        {run.running && <LeaveRun />}
      </Suspense>
    </>
  );
}

function without(
  before: ReadonlyMap<string, RowView>,
  rows: readonly RowView[],
): ReadonlyMap<string, RowView> {
  const left = new Map(before);
  for (const { id } of rows) left.delete(id);
  return left;
}
