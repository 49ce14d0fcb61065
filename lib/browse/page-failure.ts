import "server-only";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { serverText } from "#lib/wire/server-text.ts";
import { expressionProbe, type PagedTable } from "./page-query.ts";
import type { Reading, ReadingAsk, ReadTrouble } from "./reading.ts";
import type { PageTrouble } from "./shapes.ts";

/** How a page is given up. */
export type PageControl = Pick<ReadingAsk, "signal" | "cancel">;

/** What keeps a page from being read: what the person can mend, or what has become of the statement. */
export type PageFailure =
  | { readonly why: "trouble"; readonly trouble: PageTrouble }
  | Exclude<ReadTrouble, { readonly why: "refused" }>;

/** Why a reading failed, as the page is told. */
export function pageFailure(trouble: ReadTrouble): PageFailure {
  if (trouble.why !== "refused") return trouble;
  const { error, about } = trouble;
  const filter = about === "where" || typeof about === "number" ? about : null;
  return askedFirst({ filter, sqlstate: error.code ?? "", message: serverText(error.message) });
}

/** What the person is asked, or told. */
export function askedFirst(trouble: PageTrouble): PageFailure {
  return { why: "trouble", trouble };
}

/** Whether a person's expression is one, whole. What it is refused for is led back to it. */
export async function probed(
  reading: Reading,
  table: PagedTable,
  where: string,
): Promise<Result<void, ReadTrouble>> {
  if (where.trim() === "") return ok(undefined);
  const answer = await reading.ask(expressionProbe(table, where));
  if (answer.ok) return ok(undefined);
  const trouble = answer.problem;
  return failed(trouble.why === "refused" ? { ...trouble, about: "where" } : trouble);
}
