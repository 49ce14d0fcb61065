import "server-only";
import { getTranslations } from "next-intl/server";
import type { Problem } from "#lib/problems/problem.ts";
import { problemWords } from "#lib/problems/words.ts";

/** A problem with its words, so that the browser need not hold the whole catalogue in every language. */
export interface Explained {
  readonly problem: Problem;
  readonly title: string;
  readonly cause: string;
  readonly fix: string;
  readonly fixes: readonly { readonly id: string; readonly title: string }[];
}

/** What an action answers: a value, or a problem in the reader's language. Actions never throw for what is expected. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly explained: Explained };

export function answer<T>(value: T): Answer<T> {
  return { ok: true, value };
}

export async function refuse(problem: Problem): Promise<Answer<never>> {
  return { ok: false, explained: await explain(problem) };
}

/** The words of a problem in the language of this request. */
export async function explain(problem: Problem): Promise<Explained> {
  return (await explainer())(problem);
}

/** As `explain`, for what goes on after the request's own work has ended: a stream knows no language by itself. */
export async function explainer(): Promise<(problem: Problem) => Explained> {
  const t = await getTranslations();
  return (problem) => ({
    problem,
    ...problemWords(problem, (key, facts) => t(key as never, facts as never)),
  });
}
