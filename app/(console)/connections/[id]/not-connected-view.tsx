"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Explained } from "#app/_server/answer.ts";
import { classes } from "#components/ui/classes.ts";
import { useFocusKept } from "#components/use-focus-kept.ts";
import { type FieldProblems, fieldMessage } from "#lib/problems/field-messages.ts";
import type { Problem } from "#lib/problems/problem.ts";
import { fieldWords, type Translate } from "#lib/problems/words.ts";
import type { ProfileView } from "#lib/profiles/view.ts";
import { type FormChange, type FormValues, secretFields } from "#lib/settings/form-values.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { AttemptOutcome, Running } from "../attempt/attempt-outcome.tsx";
import type { AttemptState, TestAction } from "../attempt/attempt-state.ts";
import { ConnectionSteps } from "../attempt/connection-steps.tsx";
import type { OutcomePlace } from "../attempt/outcome-place.ts";
import { OutcomeRegion, outcomeGrid } from "../attempt/outcome-region.tsx";
import { useAttempt } from "../attempt/use-attempt.ts";
import type { ConfirmAction } from "../form/confirm-person.tsx";
import type { DemoClientAction } from "../form/demo-client-action.ts";
import type { FieldMistake } from "../form/field-mistake.ts";
import { Mistakes } from "../form/mistakes.tsx";
import { useResultFocus } from "../form/use-result-focus.ts";

interface Props {
  /** The connection as it was tried. */
  readonly view: ProfileView;
  readonly explained: Explained;
  readonly also: readonly { readonly code: string; readonly title: string }[];
  /** Null where nothing was tried. */
  readonly report: AttemptReport | null;
  /** Connects with a changed connection, and saves nothing; left out for who may not change it. */
  readonly connect?: TestAction;
  readonly confirm: ConfirmAction;
  readonly demoClient?: DemoClientAction;
  /** What else can be pressed. */
  readonly children: ReactNode;
}

/**
 * What kept the connection from standing, as the form shows it. A fix is applied here: the connection opens with it,
 * unsaved, or the next problem takes this one's place.
 */
export function NotConnectedView(props: Props) {
  const { view, explained, also, report, connect, confirm, demoClient, children } = props;
  const t = useTranslations("form.result");
  const words = useTranslations("outcome.view");
  const attempt = useAttempt(connect ?? refused);
  const [values, setValues] = useState(view.values);
  const tried = useRef(values);
  const [mistakes, setMistakes] = useState<readonly FieldMistake[]>([]);
  const say = useTranslations();
  const area = useRef<HTMLElement>(null);
  useFocusKept(area);

  const state = attempt.state.running || attempt.state.end !== undefined ? attempt.state : before();
  const region = useResultFocus(state);
  useEffect(() => {
    // The link that led here is gone: what can be done is next, not the page's beginning.
    if (document.activeElement === document.body) region.current?.focus({ preventScroll: true });
  }, [region]);

  /** How it stood when the page came. */
  function before(): AttemptState {
    const end =
      report === null
        ? ({ type: "problem", explained } as const)
        : ({ type: "done", report, explained, also } as const);
    return { running: false, current: undefined, steps: report?.steps ?? [], end };
  }

  async function run(next: FormValues): Promise<void> {
    tried.current = next;
    setMistakes([]);
    setValues(next);
    const found = await attempt.run(next, view.id);
    if (found === undefined) return;
    // It was not even tried: the next fix changes what stood before.
    setValues(values);
    setMistakes(mistakesOf(found, say as unknown as Say));
  }

  const place: OutcomePlace = {
    values: () => values,
    secrets: { saved: view.values, stored: view.stored, yours: view.yours },
    demoClient,
    onApply: connect && ((change) => void run(changed(values, change, view))),
    acts: children,
  };
  const withSteps = state.steps.length > 0 || state.running;
  return (
    <section
      ref={area}
      aria-label={t("label")}
      className="mb-6 max-w-[100rem] rounded-lg border border-line bg-surface px-4 py-4 shadow-card sm:px-5"
    >
      {mistakes.length > 0 && (
        <div className="mb-4">
          <Mistakes mistakes={mistakes} confirm={confirm} onConfirmed={() => void run(tried.current)} />
        </div>
      )}
      <div className={classes("flex flex-col gap-4", withSteps && outcomeGrid)}>
        <OutcomeRegion region={region} withSteps={withSteps}>
          {state.running ? (
            <Running host={values.host} onCancel={attempt.cancel} />
          ) : (
            state.end && <AttemptOutcome end={state.end} place={place} />
          )}
        </OutcomeRegion>
        {withSteps && <ConnectionSteps state={state} />}
      </div>
      {connect && <p className="mt-3 text-[0.8125rem] text-muted">{words("saves")}</p>}
    </section>
  );
}

/** Nobody who may not change a connection is offered a fix. */
const refused: TestAction = () => Promise.reject(new Error("not allowed"));

/** The change in the settings, and what becomes of the stored secrets that it touches. */
function changed(values: FormValues, change: FormChange, { stored }: ProfileView): FormValues {
  const secretActs = { ...values.secretActs };
  for (const field of secretFields) {
    const given = change[field];
    // An empty field alone would keep what is stored.
    if (given !== undefined && stored[field]) secretActs[field] = given === "" ? "remove" : "replace";
  }
  return { ...values, ...change, secretActs };
}

type Say = Translate & ((key: `form.labels.${Exclude<keyof FormValues, "secretActs">}`) => string);

function mistakesOf({ fields, form }: FieldProblems, say: Say): readonly FieldMistake[] {
  const found = Object.entries(fields) as [Exclude<keyof FormValues, "secretActs">, Problem][];
  const whole: typeof found = form ? [["name", form]] : [];
  return (found.length > 0 ? found : whole).map(([field, problem]) => ({
    field,
    label: say(`form.labels.${field}`),
    words: fieldWords(fieldMessage(problem), say, problem.facts),
    code: problem.code,
    message: fieldMessage(problem),
  }));
}
