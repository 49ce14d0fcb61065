import type { Problem } from "#lib/problems/problem.ts";
import type { Result } from "#lib/problems/result.ts";

/** A problem where none was expected. */
export class UnexpectedProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`unexpected problem ${JSON.stringify(problem)}`);
    this.problem = problem;
  }
}

/** The value of a result that must be one. */
export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new UnexpectedProblem(result.problem);
  return result.value;
}
