"use client";

import { useFormatter, useTranslations } from "next-intl";
import type { KeptPlan } from "./kept-plans.ts";
import { usePlanNumbers } from "./use-plan-numbers.ts";

interface Props {
  /** What the tab has kept of earlier plans, the latest first. */
  readonly earlier: readonly KeptPlan[];
  /** The statement of the plan that is shown. */
  readonly sql: string;
  readonly chosen: KeptPlan | undefined;
  readonly onChoose: (plan: KeptPlan | undefined) => void;
}

/** Which earlier plan of the tab the shown one is laid beside: the platform's own list, so that all keys and fingers know it. */
export function CompareChoice({ earlier, sql, chosen, onChoose }: Props) {
  const t = useTranslations("plan.compare");
  const ofSame = earlier.filter((plan) => plan.sql === sql);
  const ofOthers = earlier.filter((plan) => plan.sql !== sql);
  return (
    <select
      aria-label={t("with")}
      value={chosen?.at ?? ""}
      onChange={({ target }) => onChoose(earlier.find(({ at }) => String(at) === target.value))}
      className="control w-auto max-w-64 truncate py-0.5 text-[0.8125rem] sm:max-w-80 pointer-coarse:min-h-9"
    >
      <option value="">{t(chosen === undefined ? "with" : "stop")}</option>
      {earlier.length === 0 && (
        <option value="none" disabled>
          {t("none")}
        </option>
      )}
      {ofSame.length > 0 && (
        <optgroup label={t("same")}>
          {ofSame.map((plan) => (
            <Choice key={plan.at} plan={plan} />
          ))}
        </optgroup>
      )}
      {ofOthers.length > 0 && (
        <optgroup label={t("others")}>
          {ofOthers.map((plan) => (
            <Choice key={plan.at} plan={plan} named />
          ))}
        </optgroup>
      )}
    </select>
  );
}

/** Signs of a statement that tell it from others; the whole of it stands above its tree. */
const mostSigns = 60;

function Choice({ plan, named = false }: { readonly plan: KeptPlan; readonly named?: boolean }) {
  const t = useTranslations("plan");
  const format = useFormatter();
  const { ms, cost } = usePlanNumbers();
  const { at, how, sql, executionMs } = plan;
  const line = [...sql.replace(/\s+/g, " ").trim()];
  const parts = [
    format.dateTime(new Date(performance.timeOrigin + at), { timeStyle: "medium" }),
    t(how === "plan" ? "planned" : "measured"),
    executionMs === null
      ? t("summary.cost", { cost: cost(plan.cost) })
      : t("tree.ms", { ms: ms(executionMs) }),
    ...(named ? [line.length > mostSigns ? `${line.slice(0, mostSigns).join("")}…` : line.join("")] : []),
  ];
  return <option value={at}>{parts.join(" · ")}</option>;
}
