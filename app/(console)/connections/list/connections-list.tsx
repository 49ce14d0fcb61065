"use client";

import { useRouter } from "next/navigation";
import { lazy, type ReactNode, Suspense, useCallback, useMemo, useState, useTransition } from "react";
import type { Answer } from "#app/_server/answer.ts";
import { Button } from "#components/ui/button.tsx";
import type { Messages } from "#messages/load-messages.ts";
import type { copyAsOutside } from "../../copy-as/copy-as-outside.ts";
import { duplicateConnection, removeConnection, undoRemoval } from "../../settings/actions.ts";
import { SoftLink } from "../../soft-link.tsx";
import { useToast } from "../../toasts.tsx";
import { connectionsPath, filtersSet, withoutFilters } from "./connections-query.ts";
import { fill } from "./fill.ts";
import { labelConnections, listedByAddress, setFavourites } from "./list-actions.ts";
import { ListTable } from "./list-table.tsx";
import type { ListTexts } from "./list-texts.ts";
import type { ListView, RowFacts, RowView } from "./list-view.ts";
import type { RowActs } from "./row-acts.ts";
import { SearchBox } from "./search-box.tsx";
import { useTestRun } from "./use-test-run.ts";

/** Each loaded when it is first needed, and what reads plurals with them. */
const Words = lazy(async () => ({ default: (await import("next-intl")).NextIntlClientProvider }));
const BulkBar = lazy(async () => ({ default: (await import("./bulk-bar.tsx")).BulkBar }));
const RunBar = lazy(async () => ({ default: (await import("./run-bar.tsx")).RunBar }));
const LabelDialog = lazy(async () => ({ default: (await import("./label-dialog.tsx")).LabelDialog }));
const CopyAsDialog = lazy(async () => ({
  default: (await import("../../copy-as/copy-as-dialog.tsx")).CopyAsDialog,
}));
const LeaveRun = lazy(async () => ({ default: (await import("./leave-run.tsx")).LeaveRun }));

type Opened =
  | { readonly what: "group" | "tags"; readonly rows: readonly RowView[] }
  | { readonly what: "copy-as"; readonly rows: readonly [RowView] };

interface Props {
  readonly view: ListView;
  /** By the ids of its rows. */
  readonly facts: Readonly<Record<string, RowFacts>>;
  readonly testIcon: ReactNode;
  /** What narrows it: the form, and what is set with the way back. */
  readonly filters: ReactNode;
  readonly chips: ReactNode;
  /** What it starts with. */
  readonly texts: ListTexts;
  readonly locale: string;
  /** For what is loaded later. */
  readonly words: Pick<Messages, "list"> & { readonly copyAs: ReturnType<typeof copyAsOutside> };
}

/** The list of connections with all that can be done in it. What it shows comes from the server, as its address asks. */
export function ConnectionsList({ view, facts, testIcon, filters, chips, texts, locale, words }: Props) {
  const router = useRouter();
  const toast = useToast();
  const [selected, setSelected] = useState<ReadonlyMap<string, RowView>>(new Map());
  const [opened, setOpened] = useState<Opened>();
  const [busy, startBusy] = useTransition();
  const run = useTestRun(texts.test.lost);
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
          toast({ tone: "danger", text: texts.test.lost });
        }
        if (count > 0) done(count);
        router.refresh();
      });
    },
    [router, texts, toast],
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
          toast({
            text: told(texts.removed, texts.removedMany, gone),
            action: {
              label: texts.undo,
              run: () =>
                act(
                  gone.map(
                    ({ id }) =>
                      () =>
                        undoRemoval(id),
                  ),
                  (back) => toast({ text: told(texts.undone, texts.undoneMany, gone.slice(0, back)) }),
                ),
            },
          });
        },
      );
    },
    [act, texts, toast],
  );

  const acts: RowActs = useMemo(
    () => ({
      select: (row, on) =>
        setSelected((before) => (on ? new Map(before).set(row.id, row) : without(before, [row]))),
      test: (row) => {
        if (!start([row])) toast({ tone: "info", text: texts.test.busy });
      },
      duplicate: (row) =>
        act([() => duplicateConnection(row.id)], () =>
          toast({ text: fill(texts.duplicated, { name: row.name }) }),
        ),
      copyAs: (row) => setOpened({ what: "copy-as", rows: [row] }),
      group: (row) => setOpened({ what: "group", rows: [row] }),
      tags: (row) => setOpened({ what: "tags", rows: [row] }),
      favourite: (row) => act([() => setFavourites([row.id], !row.favourite)], () => undefined),
      remove: (row) => remove([row]),
      goTo: (href) => router.push(href),
    }),
    [act, remove, router, start, texts, toast],
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
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchBox
          label={texts.search}
          hint={texts.searchHint}
          initial={query.search}
          path={connectionsPath({ ...query, search: "", page: 1 })}
        />
        {filters}
        {(matching > 0 || run.running) && (
          <Button
            className="ml-auto"
            pending={run.running}
            onClick={() => {
              testAll().catch(() => toast({ tone: "danger", text: texts.test.lost }));
            }}
          >
            {!run.running && testIcon}
            {filtersSet(query) > 0 || query.search !== ""
              ? fill(texts.testMatching, { count: matching })
              : texts.testAll}
          </Button>
        )}
        {chips}
      </div>
      {run.names.size > 0 && (
        <Suspense fallback={null}>
          <Words locale={locale} messages={words}>
            <RunBar run={run} />
          </Words>
        </Suspense>
      )}
      {matching === 0 ? (
        <div className="rounded-lg border border-line bg-surface px-6 py-12 text-center">
          <p className="font-medium">
            {query.search === ""
              ? texts.noMatch.filters
              : fill(texts.noMatch.search, { search: query.search })}
          </p>
          {(filtersSet(query) > 0 || query.search !== "") && (
            <SoftLink
              href={connectionsPath(withoutFilters(query))}
              className="mt-3 inline-block text-accent text-sm underline"
            >
              {texts.noMatch.action}
            </SoftLink>
          )}
        </div>
      ) : (
        <ListTable
          view={view}
          facts={facts}
          selected={selected}
          tests={run.tests}
          acts={acts}
          texts={texts}
          onSelectAll={(on) =>
            setSelected((before) =>
              on ? new Map([...before, ...rows.map((row) => [row.id, row] as const)]) : without(before, rows),
            )
          }
        />
      )}
      {(chosen.length > 0 || opened !== undefined || run.running) && (
        <Suspense fallback={null}>
          <Words locale={locale} messages={words}>
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
                        toast({ text: told(texts.labelled, texts.labelledMany, opened.rows) });
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
          </Words>
        </Suspense>
      )}
    </>
  );
}

/** What was done to one, by its name, or to several. */
function told(one: string, many: string, rows: readonly RowView[]): string {
  return rows.length === 1 ? fill(one, { name: rows[0]?.name ?? "" }) : fill(many, { count: rows.length });
}

function without(
  before: ReadonlyMap<string, RowView>,
  rows: readonly RowView[],
): ReadonlyMap<string, RowView> {
  const left = new Map(before);
  for (const { id } of rows) left.delete(id);
  return left;
}
