"use client";

import { useTranslations } from "next-intl";
import { lazy, type RefObject, Suspense } from "react";
import { useFormContext, useFormState } from "react-hook-form";
import { classes } from "#components/ui/classes.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { TestAction } from "../attempt/attempt-state.ts";
import { ConnectionResult } from "../attempt/connection-result.tsx";
import { IdleSteps } from "../attempt/idle-steps.tsx";
import { loadSteps } from "../attempt/load-outcome.ts";
import type { OutcomePlace } from "../attempt/outcome-place.ts";
import { outcomeGrid } from "../attempt/outcome-region.tsx";
import type { StrongestAction } from "../attempt/strongest-answer.ts";
import type { AttemptHandle } from "../attempt/use-attempt.ts";
import type { ConfirmAction } from "./confirm-person.tsx";
import { useFormSetting } from "./form-setting.tsx";
import { OtherTries } from "./other-tries.tsx";
import type { Acts } from "./use-acts.ts";
import type { FormProblems } from "./use-form-problems.ts";
import { useResultFocus } from "./use-result-focus.ts";
import type { Saving } from "./use-saving.ts";
import type { Search } from "./use-search.ts";

const ConnectionSteps = lazy(async () => ({ default: (await loadSteps()).ConnectionSteps }));
const StrongestPanel = lazy(async () => ({
  default: (await import("../attempt/strongest-panel.tsx")).StrongestPanel,
}));

interface Props {
  readonly panel: RefObject<HTMLElement | null>;
  readonly attempt: AttemptHandle;
  readonly problems: FormProblems;
  readonly saving: Saving;
  readonly search: Search;
  readonly acts: Acts;
  readonly connectionId: string | undefined;
  readonly look: TestAction | undefined;
  readonly strongest: StrongestAction | undefined;
  readonly confirm: ConfirmAction | undefined;
}

/**
 * The result under the form's head: one line before anything was tried; then the steps, the cause beside them, and the
 * fixes over the whole width.
 */
export function TestPanel(props: Props) {
  const { panel, attempt, problems, saving, search, acts, connectionId, look, strongest, confirm } = props;
  const t = useTranslations("form.sections");
  const { getValues, setFocus } = useFormContext<FormValues>();
  const { isDirty } = useFormState<FormValues>();
  const setting = useFormSetting();
  const { state } = attempt;
  const region = useResultFocus(state);
  const withSteps = state.running || state.steps.length > 0 || state.end !== undefined;
  const isQuiet =
    !withSteps &&
    search.count === 0 &&
    problems.mistakes.length === 0 &&
    saving.trouble === undefined &&
    saving.failure === undefined;
  const place: OutcomePlace = {
    values: getValues,
    secrets: setting,
    demoClient: setting.demoClient,
    onApply: acts.apply,
    onGoTo: (field) => setFocus(field),
    onConnect: () => acts.connect(isDirty),
  };
  return (
    <section
      ref={panel}
      aria-label={t("test")}
      className={classes(
        "scroll-mt-16 rounded-lg border border-line bg-surface px-4 py-3 shadow-card sm:px-6",
        "flex flex-col",
        isQuiet ? "gap-1" : "gap-4 sm:py-4",
        withSteps && outcomeGrid,
      )}
    >
      <ConnectionResult
        state={state}
        mistakes={problems.mistakes}
        trouble={saving.trouble}
        failure={saving.failure}
        withSteps={withSteps}
        place={place}
        onFocus={(field) => setFocus(field)}
        onCancel={attempt.cancel}
        confirm={confirm}
        onConfirmed={acts.again}
        region={region}
      />
      {withSteps && (
        <Suspense fallback={<IdleSteps />}>
          <ConnectionSteps state={state} />
        </Suspense>
      )}
      {search.count > 0 && strongest !== undefined && (
        <div className="min-w-0 lg:col-span-full">
          <Suspense fallback={null}>
            <StrongestPanel
              key={search.count}
              search={strongest}
              connectionId={connectionId}
              place={place}
              onFields={(found) => {
                search.close();
                problems.land(found);
              }}
            />
          </Suspense>
        </div>
      )}
      {!state.running && (
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-2 max-sm:basis-full lg:col-span-full">
          {!withSteps && <IdleSteps />}
          <OtherTries
            {...(look && { onLook: () => acts.look(look) })}
            {...(strongest && search.count === 0 && { onSearch: acts.search })}
          />
        </div>
      )}
    </section>
  );
}
