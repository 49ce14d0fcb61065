"use client";

import { X } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { CellText } from "#components/cell-text.tsx";
import { Alert } from "#components/ui/alert.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { findings } from "#lib/plan/findings.ts";
import type { PlanTree } from "#lib/plan/plan-node.ts";
import { planText } from "#lib/plan/plan-text.ts";
import { planTree } from "#lib/plan/plan-tree.ts";
import { CompareChoice } from "./compare-choice.tsx";
import { type KeptPlan, keepPlan } from "./kept-plans.ts";
import type { PlanHow } from "./plan-ask.ts";
import { PlanFindings } from "./plan-findings.tsx";
import { PlanSteps } from "./plan-steps.tsx";
import { StepDetails } from "./step-details.tsx";
import { usePlanNumbers } from "./use-plan-numbers.ts";

/** Comes with the first two plans that are laid side by side. */
const PlanComparison = lazy(async () => ({
  default: (await import("./plan-comparison.tsx")).PlanComparison,
}));

const forms = ["tree", "text", "json"] as const;

interface Props {
  readonly plan: Omit<KeptPlan, "executionMs" | "cost">;
  /** What its tab has for itself as long as it is there. */
  readonly tab: object;
  readonly busy: boolean;
  readonly onMeasure: () => void;
  readonly onClose: () => void;
}

/** A plan in the form that one likes: nothing is asked again to change it. */
export function PlanView({ plan, tab, busy, onMeasure, onClose }: Props) {
  const { json, how, values } = plan;
  const t = useTranslations("plan");
  const [form, setForm] = useState<(typeof forms)[number]>("tree");
  const [selected, setSelected] = useState<number>();
  const [earlier, setEarlier] = useState<readonly KeptPlan[]>([]);
  const [other, setOther] = useState<KeptPlan>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: one asking is one plan
  useEffect(() => {
    setEarlier(keepPlan(tab, plan));
    setOther(undefined);
  }, [tab, plan.at]);
  const tree = useMemo(() => planTree(json), [json]);
  const found = useMemo(() => (tree === undefined ? [] : findings(tree)), [tree]);
  const text = useMemo(() => planText(json), [json]);
  const pressed = other === undefined ? form : undefined;
  const shown = form === "text" ? text : pretty(json);
  const node = selected === undefined ? undefined : tree?.nodes[selected];
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-3 py-2 text-[0.8125rem]">
        <Summary tree={tree} generic={values === null} how={how} />
        <span className="ml-auto flex flex-wrap items-center gap-1">
          {how === "plan" && (
            <Button size="sm" disabled={busy} onClick={onMeasure} title={t("measureWhat")}>
              {t("measure")}
            </Button>
          )}
          {tree !== undefined && (
            <CompareChoice earlier={earlier} sql={plan.sql} chosen={other} onChoose={setOther} />
          )}
          <fieldset className="flex rounded-md border border-line">
            <legend className="sr-only">{t("forms")}</legend>
            {forms.map((one) => (
              <Button
                key={one}
                size="sm"
                look="quiet"
                aria-pressed={pressed === one}
                className={pressed === one ? "bg-accent-soft font-medium text-accent" : ""}
                onClick={() => {
                  setForm(one);
                  setOther(undefined);
                }}
              >
                {t(`form.${one}`)}
              </Button>
            ))}
          </fieldset>
          <CopyButton
            text={() => (form === "json" ? json : text)}
            label={t("copy", { form: t(`form.${form === "json" ? "json" : "text"}`) })}
            copiedLabel={t("copied")}
            failedLabel={t("copyFailed")}
          />
          <Button size="sm" look="quiet" aria-label={t("close")} title={t("close")} onClick={onClose}>
            <X aria-hidden className="size-3.5" />
          </Button>
        </span>
        {how !== "plan" && (
          <p className="basis-full text-muted text-xs">
            {t(how === "measure-write" ? "rolledBackWhat" : "readOnlyWhat")}
          </p>
        )}
      </div>
      {tree === undefined && <Alert tone="warn" role="note" title={t("unread")} className="mx-3 mb-3" />}
      {other !== undefined ? (
        <Suspense fallback={null}>
          <PlanComparison before={other} after={plan} />
        </Suspense>
      ) : tree === undefined || form !== "tree" ? (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it with the keys
          tabIndex={0}
          className="max-h-[min(34rem,65dvh)] overflow-auto border-line border-t bg-sunken px-3 py-2 font-mono text-xs [tab-size:2]"
        >
          <CellText text={tree === undefined ? json : shown} lines />
        </pre>
      ) : (
        <>
          <PlanFindings tree={tree} found={found} onSelect={setSelected} />
          <PlanSteps tree={tree} selected={selected} onSelect={setSelected} />
          <StepDetails node={node} />
        </>
      )}
    </>
  );
}

/** What all of it came to; announced. */
function Summary({
  tree,
  generic,
  how,
}: {
  readonly tree: PlanTree | undefined;
  readonly generic: boolean;
  readonly how: PlanHow;
}) {
  const t = useTranslations("plan");
  const format = useFormatter();
  const { ms } = usePlanNumbers();
  const { executionMs = null, planningMs = null, jit = null, serialization = null } = tree ?? {};
  const inTriggers = tree?.triggers.reduce((sum, one) => sum + one.ms, 0) ?? 0;
  const parts = [
    executionMs !== null && t("summary.execution", { ms: ms(executionMs) }),
    planningMs !== null && t("summary.planning", { ms: ms(planningMs) }),
    tree !== undefined &&
      executionMs === null &&
      t("summary.cost", { cost: format.number(tree.nodes[0]?.cost ?? 0, { maximumFractionDigits: 2 }) }),
    inTriggers > 0 && t("summary.triggers", { ms: ms(inTriggers) }),
    jit?.ms != null && t("summary.jit", { ms: ms(jit.ms) }),
    serialization !== null &&
      serialization.kilobytes > 0 &&
      t("summary.sending", {
        kilobytes: format.number(serialization.kilobytes),
        ms: ms(serialization.ms),
      }),
    generic && t("generic"),
  ];
  return (
    <div role="status" className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 tabular-nums">
      <Badge tone={how === "plan" ? "neutral" : "accent"}>{t(how === "plan" ? "planned" : "measured")}</Badge>
      {how === "measure-write" && <Badge tone="warn">{t("rolledBack")}</Badge>}
      <span className="min-w-0 text-muted">{parts.filter((part) => part !== false).join(" · ")}</span>
      {tree !== undefined && tree.settings.length > 0 && (
        <span className="min-w-0 text-muted text-xs">
          {t("settings")}{" "}
          <span className="font-mono">
            <CellText text={tree.settings.map(([name, value]) => `${name}=${value}`).join(", ")} />
          </span>
        </span>
      )}
    </div>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
