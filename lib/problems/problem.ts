import type { FormChange } from "#lib/settings/form-values.ts";
import { catalogue, type ProblemCode, type Step } from "./catalogue.ts";
import type { StepName } from "./step-names.ts";

export type { ProblemCode, Step, StepName };

/** What was seen, for the words and for the evidence. Never a secret: it is sent to the browser as it is. */
export type Facts = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** A fix. Its words stand in `messages/<locale>/fixes.json` under `id`; `change` is what one click does to the form. */
export interface Fix {
  readonly id: string;
  readonly change?: FormChange;
  /** Values for the words of this fix. */
  readonly facts?: Facts;
}

/** One thing that went wrong: plain data, safe to send. Its words stand in `messages/<locale>/problems.json`. */
export interface Problem {
  readonly code: ProblemCode;
  readonly step: Step;
  readonly facts: Facts;
  readonly fixes: readonly Fix[];
  /** What else is wrong, that the person would meet next. */
  readonly also: readonly ProblemCode[];
}

/**
 * Makes a problem.
 * @param code  a permanent code of the catalogue
 * @param facts what was seen; never a secret
 * @param more  fixes (least weakening first) and the other problems found
 */
export function problem(
  code: ProblemCode,
  facts: Facts = {},
  more: { readonly fixes?: readonly Fix[]; readonly also?: readonly ProblemCode[] } = {},
): Problem {
  const fixes = more.fixes ?? catalogue[code].fixes.map((id) => ({ id }));
  return { code, step: catalogue[code].step, facts, fixes, also: more.also ?? [] };
}
