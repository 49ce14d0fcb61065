"use client";

import { useTranslations } from "next-intl";
import { CellText } from "#components/cell-text.tsx";
import type { Finding } from "#lib/plan/findings.ts";
import type { PlanTree } from "#lib/plan/plan-node.ts";
import { usePlanNumbers } from "./use-plan-numbers.ts";

interface Props {
  readonly tree: PlanTree;
  readonly found: readonly Finding[];
  readonly onSelect: (node: number) => void;
}

/** What to look at in a measured plan, in words: what was seen, at which step, and what one could try. */
export function PlanFindings({ tree, found, onSelect }: Props) {
  const t = useTranslations("plan.look");
  const { ms, part, times } = usePlanNumbers();
  if (!tree.measured) return null;
  return (
    <section className="border-line border-t px-3 py-2 text-[0.8125rem]">
      <h3 className="font-medium text-muted text-xs">{t("title")}</h3>
      {found.length === 0 && <p className="mt-1">{t("nothing")}</p>}
      <ul className="mt-1 flex max-h-64 flex-col gap-1.5 overflow-y-auto">
        {found.map(({ code, node, facts }) => {
          const step = node === null ? undefined : tree.nodes[node];
          const said = {
            ...facts,
            ...(typeof facts.ms === "number" && { ms: ms(facts.ms) }),
            ...(typeof facts.part === "number" && { part: part(facts.part) }),
            ...(typeof facts.times === "number" && { times: times(facts.times) }),
          };
          return (
            <li key={`${code} ${node} ${facts.name ?? ""}`} data-finding={code}>
              {step !== undefined && (
                <button
                  type="button"
                  className="mr-1.5 rounded-sm font-medium font-mono text-accent text-xs hover:underline"
                  onClick={() => onSelect(step.id)}
                >
                  <CellText text={`${step.id + 1} ${step.does}${step.on === "" ? "" : ` ${step.on}`}`} />
                </button>
              )}
              <CellText text={t(`${code}.what`, said as never)} />{" "}
              <span className="text-muted">{t(`${code}.try`)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
