import type { Explained } from "#app/_server/answer.ts";
import type { StepName } from "#lib/problems/step-names.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { StepReport } from "#lib/wire/report.ts";
import type { ActionFailure } from "./action-failure.ts";
import type { AttemptMessage, TestAnswer } from "./attempt-message.ts";

/** How a test ended. */
export type AttemptEnd =
  | Extract<AttemptMessage, { readonly type: "done" }>
  | { readonly type: "problem"; readonly explained: Explained }
  | { readonly type: "cancelled" }
  | { readonly type: "failed"; readonly failure: ActionFailure };

export interface AttemptState {
  readonly running: boolean;
  /** What runs, or ran last. */
  readonly by?: TestAction;
  readonly current: StepName | undefined;
  readonly steps: readonly StepReport[];
  readonly end: AttemptEnd | undefined;
}

export type TestAction = (
  values: FormValues,
  attemptId: string,
  connectionId?: string,
) => Promise<AskedTestAnswer>;

/** What the page makes of an answer: the console's own, or why there is none. */
export type AskedTestAnswer = TestAnswer | Extract<AttemptEnd, { readonly type: "failed" }>;
