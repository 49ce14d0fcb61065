import "server-only";
import { explainer } from "#app/_server/answer.ts";
import { foundProblems } from "#app/_server/found-problems.ts";
import { type ProblemCode, problemCodes } from "#lib/problems/catalogue.ts";
import { problem } from "#lib/problems/problem.ts";
import type { PaletteEntry } from "./palette-entry.ts";

/** As many as stand beside everything else. */
const most = 6;

/**
 * The problems that a search is about, by the help's own search: titles, codes, and the words of other programs;
 * without words, those that were looked at lately.
 * @param recent ids of entries, the latest first
 */
export async function findProblemsHere(
  search: string,
  recent: readonly string[],
): Promise<readonly PaletteEntry[]> {
  const explain = await explainer();
  const codes: readonly ProblemCode[] =
    search.trim() === ""
      ? problemCodes.filter((code) => recent.includes(idOf(code)))
      : (await foundProblems(search)).slice(0, most).map(({ code }) => code);
  return codes.map((code) => ({
    id: idOf(code),
    kind: "problem",
    title: explain(problem(code)).title,
    detail: code,
    href: `/help/problems/${code}`,
  }));
}

function idOf(code: ProblemCode): string {
  return `problem ${code}`;
}
