"use client";

import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import type { PlanNode } from "#lib/plan/plan-node.ts";
import { propertiesOf } from "#lib/plan/plan-text.ts";
import { usePlanNumbers } from "./use-plan-numbers.ts";

/** All that is known of one step. */
export function StepDetails({ node }: { readonly node: PlanNode | undefined }) {
  const t = useTranslations("plan.details");
  const tree = useTranslations("plan.tree");
  const { ms, cost, count } = usePlanNumbers();
  if (node === undefined)
    return (
      <p className="border-line border-t px-3 py-1.5 text-muted text-xs">
        <span className="pointer-coarse:hidden">{t("none")}</span>
        <span className="hidden pointer-coarse:inline">{t("noneTap")}</span>
      </p>
    );
  const { buffers, workers, totalMs } = node;
  const pages = (["hit", "read", "dirtied", "written", "tempRead", "tempWritten"] as const).filter(
    (kind) => buffers !== null && buffers[kind] > 0,
  );
  const facts: readonly (readonly [string, string])[] = [
    [t("total"), totalMs === null ? cost(node.cost) : tree("ms", { ms: ms(totalMs) })],
    ...(node.processes > 1 ? [["", t("processes", { count: Math.round(node.processes) })] as const] : []),
    ...(workers === null
      ? []
      : [
          [
            t("workers"),
            workers.launched === null
              ? t("workersPlanned", { planned: workers.planned })
              : t("workersOf", { planned: workers.planned, launched: workers.launched }),
          ] as const,
        ]),
    ...pages.map((kind) => [t(kind), count(buffers?.[kind] ?? 0)] as const),
  ];
  return (
    <section aria-live="polite" className="border-line border-t px-3 py-2 text-[0.8125rem]">
      <h3 className="font-medium">
        <CellText text={`${t("title", { step: node.id + 1 })}: ${node.does} ${node.on}`} />
      </h3>
      <div className="mt-1 grid gap-x-6 gap-y-2 lg:grid-cols-[auto_minmax(0,1fr)]">
        <dl className="grid grid-cols-[auto_auto] content-start justify-start gap-x-3 tabular-nums">
          {facts.map(([name, value]) => (
            <div key={`${name} ${value}`} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <div className="min-w-0">
          <h4 className="text-muted text-xs">{t("raw")}</h4>
          <ul className="mt-0.5 max-h-56 overflow-y-auto font-mono text-xs">
            {propertiesOf(node.raw).map((line) => (
              <li key={line} className="break-words">
                <CellText text={line} />
              </li>
            ))}
          </ul>
        </div>
      </div>
    </section>
  );
}
