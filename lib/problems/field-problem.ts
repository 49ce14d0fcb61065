import { fieldCodes } from "./field-codes.ts";
import type { FieldMessage } from "./field-messages.ts";
import { type Facts, type Problem, problem } from "./problem.ts";

/** The problem that a message of the schema stands for. */
export function fieldProblem(message: FieldMessage, facts: Facts = {}): Problem {
  const code = fieldCodes.find((known) => known === message);
  return code === undefined
    ? problem("setting-invalid", { ...facts, reason: message })
    : problem(code, facts);
}
