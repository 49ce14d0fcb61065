"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import {
  type PlanComparison as Compared,
  type ComparedNode,
  comparePlans,
  type Difference,
  type Measure,
  type Total,
} from "#lib/plan/compare-plans.ts";
import type { PlanNode, PlanTree } from "#lib/plan/plan-node.ts";
import { planTree } from "#lib/plan/plan-tree.ts";
import type { KeptPlan } from "./kept-plans.ts";
import { usePlanNumbers } from "./use-plan-numbers.ts";

/** The plan that is shown, as one to be compared. */
export type ShownPlan = Pick<KeptPlan, "at" | "sql" | "values" | "how" | "json">;

interface Props {
  readonly before: ShownPlan;
  readonly after: ShownPlan;
}

/** Rows that are made at once, as in one plan. */
const mostShown = 300;
const deepestIndent = 8;

/**
 * Two plans side by side, the earlier one first: a row for each step and what stands for it in the other plan, beneath
 * each other where there is no room. What differs has its sign and is said in words; colours only repeat it.
 */
export function PlanComparison({ before, after }: Props) {
  const t = useTranslations("plan.compare");
  const tree = useTranslations("plan.tree");
  const trees = useMemo(
    () => [planTree(before.json), planTree(after.json)] as const,
    [before.json, after.json],
  );
  const compared = useMemo(() => {
    const [was, is] = trees;
    return was === undefined || is === undefined ? undefined : comparePlans(was, is);
  }, [trees]);
  const [most, setMost] = useState(mostShown);
  if (compared === undefined) return null;
  const { nodes } = compared;
  const isSame = before.sql === after.sql;
  const hasOtherValues = isSame && JSON.stringify(before.values) !== JSON.stringify(after.values);
  const isHalf = (before.how === "plan") !== (after.how === "plan");
  return (
    <div className="@container border-line border-t" data-comparison>
      <p role="status" className="px-3 py-2 font-medium text-[0.8125rem] tabular-nums">
        <Summary compared={compared} />
      </p>
      {(isHalf || hasOtherValues) && (
        <p className="px-3 pb-2 text-[0.8125rem] text-muted">
          {[isHalf && t("half"), hasOtherValues && t("otherValues")].filter(Boolean).join(" ")}
        </p>
      )}
      <div className={classes(columns, "border-line border-t bg-canvas/50 px-3 py-2")}>
        <Side of={before} tree={trees[0]} side="before" />
        <Side of={after} tree={trees[1]} side="after" />
        <p className="hidden text-[0.8125rem] text-muted @4xl:block">{t("differs")}</p>
        <div className="@2xl:col-span-full">
          {isSame ? (
            <Statement sql={after.sql} label={t("statement")} />
          ) : (
            <div className="grid gap-2 @2xl:grid-cols-2">
              <Statement sql={before.sql} label={t("statementBefore")} />
              <Statement sql={after.sql} label={t("statementAfter")} />
            </div>
          )}
        </div>
      </div>
      <ol
        aria-label={t("label")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the keys
        tabIndex={0}
        className="max-h-[min(40rem,75dvh)] overflow-y-auto overscroll-contain border-line border-t outline-offset-[-2px]"
      >
        {nodes.slice(0, most).map((node) => (
          <Row key={`${node.before?.id ?? ""} ${node.after?.id ?? ""}`} node={node} />
        ))}
      </ol>
      {nodes.length > most && (
        <p className="border-line border-t px-3 py-1.5">
          <Button size="sm" onClick={() => setMost(most + mostShown)}>
            {tree("showMore", { count: Math.min(mostShown, nodes.length - most) })}
          </Button>
        </p>
      )}
    </div>
  );
}

const columns = "grid gap-x-4 gap-y-1.5 @2xl:grid-cols-2 @4xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_15rem]";

/** Changes of a plan's shape that its summary names; the rest is counted. */
const mostNamed = 3;

/** What came of it, in one line. */
function Summary({ compared: { nodes, totals } }: { readonly compared: Compared }) {
  const t = useTranslations("plan.compare");
  const { ms, cost, part } = useChanges();
  const of = (name: Total) => totals.find((one) => one.of === name);
  const whole = of("execution") ?? of("cost");
  const planning = whole?.of === "execution" ? of("planning") : undefined;
  const changed = nodes.filter(({ kind }) => kind === "changed");
  const count = (kind: ComparedNode["kind"]) => nodes.filter((node) => node.kind === kind).length;
  const said = (one: Difference<Total>) =>
    t(`totals.${one.of}`, {
      before: one.of === "cost" ? cost(one.before) : ms(one.before),
      after: one.of === "cost" ? cost(one.after) : ms(one.after),
      change: part(one),
    });
  const moved = nodes.filter((node) => node.moved).length;
  const isAlike = nodes.every(({ kind, moved }) => kind === "same" && !moved);
  const parts = [
    ...(whole === undefined ? [] : [said(whole)]),
    ...(planning === undefined || planning.before === planning.after ? [] : [said(planning)]),
    ...changed.slice(0, mostNamed).map(({ before, after }) => `${nameOf(before)} → ${nameOf(after, before)}`),
    changed.length > mostNamed && t("moreChanged", { count: changed.length - mostNamed }),
    count("added") > 0 && t("addedCount", { count: count("added") }),
    count("removed") > 0 && t("removedCount", { count: count("removed") }),
    moved > 0 && t("movedCount", { count: moved }),
    isAlike && t("alike"),
  ];
  return <CellText text={parts.filter((one) => one !== false).join(t("separator"))} />;
}

/** As the text form of EXPLAIN has it; what both work on is said once. */
function nameOf(node: PlanNode | null, other: PlanNode | null = null): string {
  if (node === null) return "";
  return node.on === "" || node.on === other?.on ? node.does : `${node.does} on ${node.on}`;
}

interface SideProps {
  readonly of: ShownPlan;
  readonly tree: PlanTree | undefined;
  readonly side: "before" | "after";
}

/** Which plan it is: when it was asked for, how, and under which settings. */
function Side({ of: { at, how }, tree, side }: SideProps) {
  const t = useTranslations("plan");
  const format = useFormatter();
  const { ms, cost } = usePlanNumbers();
  const { executionMs = null, nodes = [], settings = [] } = tree ?? {};
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 text-[0.8125rem] tabular-nums">
      <h3 className="font-medium">{t(`compare.${side}`)}</h3>
      <Badge tone={how === "plan" ? "neutral" : "accent"}>{t(how === "plan" ? "planned" : "measured")}</Badge>
      <span className="text-muted">
        {[
          format.dateTime(new Date(performance.timeOrigin + at), { timeStyle: "medium" }),
          executionMs === null
            ? t("summary.cost", { cost: cost(nodes[0]?.cost ?? 0) })
            : t("summary.execution", { ms: ms(executionMs) }),
        ].join(" · ")}
      </span>
      {settings.length > 0 && (
        <span className="min-w-0 break-words text-muted">
          {t("settings")}{" "}
          <span className="font-mono">
            <CellText text={settings.map(([name, value]) => `${name}=${value}`).join(", ")} />
          </span>
        </span>
      )}
    </div>
  );
}

function Statement({ sql, label }: { readonly sql: string; readonly label: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the keys
      tabIndex={0}
      className="max-h-28 overflow-auto rounded-md bg-sunken px-2 py-1 font-mono text-[0.8125rem]"
    >
      <pre className="whitespace-pre-wrap break-words [tab-size:2]">
        <CellText text={sql} lines />
      </pre>
    </section>
  );
}

const tones = { added: "accent", removed: "neutral", changed: "warn" } as const;
const signs = { added: "+", removed: "−", changed: "→" } as const;

function Row({ node }: { readonly node: ComparedNode }) {
  const t = useTranslations("plan.compare");
  const { kind, moved, before, after, differs } = node;
  return (
    <li
      data-pair={kind}
      className={classes(
        columns,
        "px-3 py-1.5 text-[0.8125rem] tabular-nums not-first:border-line/60 not-first:border-t",
      )}
    >
      <Step node={before} side="before" />
      <Step node={after} side="after" />
      <div className="flex min-w-0 flex-wrap content-start items-center gap-x-2 gap-y-1 @2xl:col-span-full @4xl:col-span-1">
        {kind !== "same" && (
          <Badge tone={tones[kind]}>
            <span aria-hidden>{signs[kind]}</span>
            {t(`kind.${kind}`)}
          </Badge>
        )}
        {moved && <Badge>{t("moved")}</Badge>}
        {kind === "same" && !moved && differs.length === 0 && (
          <span className="text-muted">{t("equal")}</span>
        )}
        {differs.map((one) => (
          <Changed key={one.of} difference={one} />
        ))}
      </div>
    </li>
  );
}

/** A step of one of the two; where it has none, that is said. */
function Step({ node, side }: { readonly node: PlanNode | null; readonly side: "before" | "after" }) {
  const t = useTranslations("plan");
  const { ms, cost } = usePlanNumbers();
  const label = <span className="mr-1.5 text-muted @2xl:sr-only">{t(`compare.${side}`)}</span>;
  if (node === null)
    return (
      <p className="min-w-0 text-muted">
        {label}
        {t("compare.absent")}
      </p>
    );
  const { buffers, selfMs, rows, expected } = node;
  const temp = buffers === null ? 0 : buffers.tempRead + buffers.tempWritten;
  const facts = [
    node.loops === 0
      ? t("tree.never")
      : selfMs === null
        ? t("summary.cost", { cost: cost(node.selfCost) })
        : t("tree.ms", { ms: ms(selfMs) }),
    rows !== null && t("compare.rows", { rows }),
    t("compare.expected", { rows: expected }),
    buffers !== null && t("compare.pages", { pages: buffers.hit + buffers.read }),
    temp > 0 && t("tree.temp", { pages: temp }),
  ];
  return (
    <div
      className="min-w-0 break-words"
      style={{ paddingLeft: `${Math.min(node.depth, deepestIndent) * 0.75}rem` }}
    >
      {label}
      <span className="mr-1.5 text-muted text-xs">{node.id + 1}</span>
      {node.subplan !== "" && (
        <span className="mr-1.5 rounded border border-line px-1 text-muted text-xs">
          <CellText text={node.subplan} />
        </span>
      )}
      <span className={node.hot ? "font-medium" : ""}>
        <CellText text={node.does} />
      </span>
      <span className="sr-only">, {t("compare.level", { level: node.depth + 1 })}</span>{" "}
      {node.on !== "" && (
        <span className="font-mono text-muted">
          <CellText text={node.on} />
        </span>
      )}
      <p className="text-muted">{facts.filter((one) => one !== false).join(" · ")}</p>
    </div>
  );
}

/** Of these less is better; of rows nobody knows. */
const wanted: ReadonlySet<Measure> = new Set<Measure>(["time", "cost", "pages", "temp"]);

function Changed({ difference }: { readonly difference: Difference<Measure> }) {
  const t = useTranslations("plan.compare");
  const { part } = useChanges();
  const { of, before, after } = difference;
  const isLess = after < before;
  return (
    <span data-differs={of}>
      <span className="text-muted">{t(`measures.${of}`)}</span>{" "}
      <span className={classes("font-medium", wanted.has(of) && (isLess ? "text-success" : "text-warn"))}>
        {part(difference)}
      </span>
    </span>
  );
}

/** What a number has become, as a part of what it was, with its sign; of nothing there is no part. */
function useChanges() {
  const numbers = usePlanNumbers();
  const format = useFormatter();
  const part = ({ before, after, change }: Difference<unknown>) => {
    const isSmall = change !== null && Math.abs(change) < 0.1;
    const text =
      change === null
        ? format.number(after - before, { signDisplay: "exceptZero", maximumFractionDigits: 2 })
        : format.number(change, {
            style: "percent",
            signDisplay: "exceptZero",
            maximumFractionDigits: isSmall ? 1 : 0,
          });
    return text.replace("-", "−");
  };
  return { ...numbers, part };
}
