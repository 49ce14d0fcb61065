"use client";

import { ChevronRight, Flame } from "lucide-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import type { PlanNode, PlanTree } from "#lib/plan/plan-node.ts";
import { usePlanNumbers } from "./use-plan-numbers.ts";

interface Props {
  readonly tree: PlanTree;
  readonly selected: number | undefined;
  readonly onSelect: (node: number) => void;
}

/** Rows that are made at once: a plan of thousands of partitions has as many steps. */
const mostShown = 300;
/** Deeper ones stand where these do: the name says more than its place by then. */
const deepestIndent = 12;

/**
 * The steps of a plan as an indented table, a line each: its own part as a bar, rows as they came against what was
 * expected, runs, pages (WAI-ARIA tree pattern: arrows move, open and close, Enter shows all of a step).
 */
export function PlanSteps({ tree, selected, onSelect }: Props) {
  const t = useTranslations("plan.tree");
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const [active, setActive] = useState(0);
  const [most, setMost] = useState(mostShown);
  const list = useRef<HTMLDivElement>(null);
  const visible = useMemo(() => openNodes(tree, closed), [tree, closed]);
  const shown = visible.slice(0, most);
  const slowest = useMemo(() => slowestOf(tree), [tree]);
  const at = Math.max(
    0,
    shown.findIndex(({ id }) => id === active),
  );

  // A step that was chosen elsewhere comes into sight.
  useEffect(() => {
    if (selected === undefined) return;
    setActive(selected);
    setClosed((before) => withoutParents(tree, selected, before));
    setMost((before) => Math.max(before, selected + 1));
    requestAnimationFrame(() =>
      list.current?.querySelector(`[data-step="${selected}"]`)?.scrollIntoView({ block: "nearest" }),
    );
  }, [selected, tree]);

  const toggle = (id: number) =>
    setClosed((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });

  function onKeyDown(event: KeyboardEvent): void {
    const node = shown[at];
    if (node === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const isClosed = closed.has(node.id);
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onSelect(node.id);
      return;
    }
    const isOpen = node.children.length > 0 && !isClosed;
    const closes = event.key === "ArrowLeft" && isOpen;
    const opens = event.key === "ArrowRight" && isClosed;
    const to: Readonly<Record<string, number | null | undefined>> = {
      ArrowDown: shown[at + 1]?.id,
      ArrowUp: shown[at - 1]?.id,
      Home: shown[0]?.id,
      End: shown.at(-1)?.id,
      ArrowRight: node.children[0],
      ArrowLeft: node.parent,
    };
    if (!Object.hasOwn(to, event.key)) return;
    event.preventDefault();
    if (closes || opens) toggle(node.id);
    else focus(to[event.key] ?? undefined);
  }

  function focus(id: number | undefined): void {
    if (id === undefined) return;
    setActive(id);
    list.current?.querySelector<HTMLElement>(`[data-step="${id}"]`)?.focus();
  }

  return (
    <>
      <div
        aria-hidden
        className={classes(
          columns,
          "border-line border-t bg-canvas/50 px-3 py-1 text-muted text-xs max-sm:hidden",
        )}
      >
        <span>{t("step")}</span>
        <span>{t(tree.measured ? "own" : "ownCost")}</span>
        <span className="text-right">{t("rows")}</span>
        <span className="text-right">{t("loops")}</span>
        <span className="text-right">{t("pages")}</span>
      </div>
      <div
        ref={list}
        role="tree"
        aria-label={t("label")}
        onKeyDown={onKeyDown}
        className="max-h-[min(34rem,65dvh)] overflow-y-auto overscroll-contain border-line border-t"
      >
        {shown.map((node) => (
          <Step
            key={node.id}
            node={node}
            tree={tree}
            closed={closed.has(node.id)}
            selected={selected === node.id}
            focusable={node.id === shown[at]?.id}
            slowest={node.id === slowest}
            onToggle={toggle}
            onSelect={(id) => {
              setActive(id);
              onSelect(id);
            }}
          />
        ))}
      </div>
      {visible.length > shown.length && (
        <p className="border-line border-t px-3 py-1.5">
          <Button size="sm" onClick={() => setMost(most + mostShown)}>
            {t("showMore", { count: Math.min(mostShown, visible.length - shown.length) })}
          </Button>
        </p>
      )}
    </>
  );
}

const columns =
  "grid grid-cols-[minmax(0,1fr)_8.5rem_9rem_5rem_6.5rem] items-center gap-x-3 max-sm:grid-cols-2 max-sm:gap-y-0.5";

interface StepProps {
  readonly node: PlanNode;
  readonly tree: PlanTree;
  readonly closed: boolean;
  readonly selected: boolean;
  readonly focusable: boolean;
  readonly slowest: boolean;
  readonly onToggle: (id: number) => void;
  readonly onSelect: (id: number) => void;
}

function Step({ node, tree, closed, selected, focusable, slowest, onToggle, onSelect }: StepProps) {
  const t = useTranslations("plan.tree");
  const { ms, cost, part } = usePlanNumbers();
  const own = node.selfMs ?? node.selfCost;
  const share = tree.whole > 0 ? Math.min(1, own / tree.whole) : 0;
  const brothers = node.parent === null ? [node.id] : (tree.nodes[node.parent]?.children ?? []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys of all its steps
    <div
      role="treeitem"
      data-step={node.id}
      data-hot={node.hot || undefined}
      tabIndex={focusable ? 0 : -1}
      aria-level={node.depth + 1}
      aria-posinset={brothers.indexOf(node.id) + 1}
      aria-setsize={brothers.length}
      aria-selected={selected}
      {...(node.children.length > 0 && { "aria-expanded": !closed })}
      onClick={() => onSelect(node.id)}
      className={classes(
        columns,
        "cursor-pointer border-l-2 px-3 py-1 text-[0.8125rem] tabular-nums outline-offset-[-2px] not-first:border-t not-first:border-t-line/60 hover:bg-sunken",
        node.hot ? "border-l-warn" : "border-l-transparent",
        selected && "bg-accent-soft hover:bg-accent-soft",
        node.loops === 0 && "text-muted",
      )}
    >
      <span
        className="flex min-w-0 items-start gap-1 max-sm:col-span-2"
        style={{ paddingLeft: `${Math.min(node.depth, deepestIndent) * 0.875}rem` }}
      >
        <ChevronRight
          aria-hidden
          onClick={(event) => {
            event.stopPropagation();
            if (node.children.length > 0) onToggle(node.id);
          }}
          className={classes(
            "mt-0.5 size-4 shrink-0 text-muted transition-transform",
            node.children.length === 0 && "invisible",
            !closed && "rotate-90",
          )}
        />
        <span className="min-w-0 break-words">
          <span className="mr-1.5 text-muted text-xs">{node.id + 1}</span>
          {node.subplan !== "" && (
            <span className="mr-1.5 rounded border border-line px-1 text-muted text-xs">
              <CellText text={node.subplan} />
            </span>
          )}
          <span className={node.hot ? "font-medium" : ""}>
            <CellText text={node.does} />
          </span>{" "}
          {node.on !== "" && (
            <span className="font-mono text-muted text-xs">
              <CellText text={node.on} />
            </span>
          )}
          {node.hot && (
            <>
              {slowest && <Flame aria-hidden className="ml-1 inline size-3.5 text-warn" />}
              <span className="sr-only">, {t(slowest ? "slowest" : "hot")}</span>
            </>
          )}
        </span>
      </span>
      <span className="flex min-w-0 flex-col justify-center gap-0.5">
        {node.loops === 0 ? (
          <span>{t("never")}</span>
        ) : (
          <>
            <span className="flex justify-between gap-2">
              <span>
                <span className="sr-only">{t(tree.measured ? "own" : "ownCost")} </span>
                {node.selfMs === null ? cost(own) : t("ms", { ms: ms(own) })}
              </span>
              <span aria-hidden className="text-muted text-xs">
                {part(share)}
              </span>
              <span className="sr-only">, {t("part", { part: part(share) })}</span>
            </span>
            <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-line">
              <span
                className={classes("block h-full rounded-full", node.hot ? "bg-warn" : "bg-accent")}
                style={{ width: `${share * 100}%` }}
              />
            </span>
          </>
        )}
      </span>
      <Rows node={node} />
      <Loops node={node} />
      <Pages node={node} />
    </div>
  );
}

function Rows({ node }: { readonly node: PlanNode }) {
  const t = useTranslations("plan.tree");
  const { count, times } = usePlanNumbers();
  const { rows, expected, factor, dropped } = node;
  const isOff = factor !== null && (factor >= 10 || factor <= 0.1);
  return (
    <span className="flex min-w-0 flex-col text-right max-sm:text-left">
      <span>
        <span className="text-muted text-xs sm:sr-only">{t("rows")} </span>
        {count(rows ?? expected)}
        {rows === null && <span className="text-muted text-xs"> {t("expected")}</span>}
      </span>
      {rows !== null && (
        <span className="text-muted text-xs">
          {count(expected)} {t("expected")}
          {factor !== null && Math.max(factor, 1 / factor) >= 1.5 && (
            <span className={classes("block", isOff && "font-medium text-warn")}>
              {factor > 1 ? t("more", { times: times(factor) }) : t("fewer", { times: times(1 / factor) })}
            </span>
          )}
        </span>
      )}
      {dropped !== null && dropped > 0 && (
        <span className="text-muted text-xs">{t("dropped", { rows: dropped })}</span>
      )}
    </span>
  );
}

function Loops({ node }: { readonly node: PlanNode }) {
  const t = useTranslations("plan.tree");
  const { loops } = node;
  return (
    <span
      className={classes("text-right max-sm:text-left", (loops === null || loops <= 1) && "max-sm:hidden")}
    >
      {loops !== null && loops > 0 && t("times", { count: loops })}
    </span>
  );
}

function Pages({ node }: { readonly node: PlanNode }) {
  const t = useTranslations("plan.tree");
  const { count } = usePlanNumbers();
  const { buffers } = node;
  if (buffers === null) return <span />;
  const { hit, read, tempRead, tempWritten } = buffers;
  const temp = tempRead + tempWritten;
  return (
    <span className="flex flex-col text-right max-sm:text-left">
      {hit + read > 0 && (
        <span>
          <span className="text-muted text-xs sm:sr-only">{t("pages")} </span>
          {count(hit + read)}
        </span>
      )}
      {temp > 0 && <span className="text-warn text-xs">{t("temp", { pages: temp })}</span>}
    </span>
  );
}

/** Those whose parents are all open, from top to bottom. */
function openNodes({ nodes }: PlanTree, closed: ReadonlySet<number>): readonly PlanNode[] {
  const hidden = new Set<number>();
  return nodes.filter(({ id, parent }) => {
    const isHidden = parent !== null && (hidden.has(parent) || closed.has(parent));
    if (isHidden) hidden.add(id);
    return !isHidden;
  });
}

function withoutParents({ nodes }: PlanTree, id: number, closed: ReadonlySet<number>): ReadonlySet<number> {
  const open = new Set(closed);
  for (let at = nodes[id]?.parent ?? null; at !== null; at = nodes[at]?.parent ?? null) open.delete(at);
  return open.size === closed.size ? closed : open;
}

function slowestOf({ nodes }: PlanTree): number | undefined {
  return nodes.filter(({ hot }) => hot).at(-1)?.id;
}
