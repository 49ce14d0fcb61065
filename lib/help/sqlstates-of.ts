import "server-only";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import { sqlstates } from "./phrases.ts";

/** The SQLSTATEs that a problem may come with. */
export function sqlstatesOf(code: ProblemCode): readonly string[] {
  return Object.keys(sqlstates).filter((state) => sqlstates[state]?.includes(code));
}
