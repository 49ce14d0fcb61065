import type { Problem } from "#lib/problems/problem.ts";
import type { Result } from "#lib/problems/result.ts";
import { UnexpectedProblem } from "./expected.ts";

/** What came of an act, as data. */
export interface Outcome {
  readonly state: "done" | "problem" | "thrown";
  /** Of a problem, what it says of itself; left out where it says nothing. */
  readonly saved?: boolean;
  readonly what: string;
}

export async function outcomeOf(run: () => Promise<Result<unknown>>): Promise<Outcome> {
  try {
    const done = await run();
    return done.ok ? { state: "done", what: "" } : told(done.problem);
  } catch (error) {
    return error instanceof UnexpectedProblem
      ? told(error.problem)
      : { state: "thrown", what: String(error) };
  }
}

function told({ code, facts }: Problem): Outcome {
  const what = `${code} ${JSON.stringify(facts)}`;
  return { state: "problem", what, ...(typeof facts.saved === "boolean" ? { saved: facts.saved } : {}) };
}

/** What a process looks for when an act begins and ends: seen in a trace. */
export const marks = { begin: "/cloak-db-crash-begin", end: "/cloak-db-crash-end" };

/** Whether a call of the disk, as `diskWith` names it, may change it. */
export function mayChange(call: string): boolean {
  return changing.has(call);
}

const changing = new Set([
  "open",
  "mkdir",
  "link",
  "rename",
  "rmdir",
  "unlink",
  "handle.write",
  "handle.sync",
  "handle.truncate",
]);
