import "server-only";
import { getLocale } from "next-intl/server";
import { createTranslator } from "use-intl/core";
import { type FoundProblem, findProblems } from "#lib/help/find-problems.ts";
import { type ProblemIndex, problemIndex } from "#lib/help/problem-index.ts";
import type { Translate } from "#lib/problems/words.ts";
import { type Locale, loadMessages } from "#messages/load-messages.ts";

/** The problems that a search is about, in the language of this request and in English, which programs speak. */
export async function foundProblems(search: string): Promise<FoundProblem[]> {
  if (search.trim() === "") return [];
  const locale = (await getLocale()) as Locale;
  const index = indexes.get(locale) ?? makeIndex(locale);
  indexes.set(locale, index);
  return findProblems(await index, search);
}

/** Made once a language, when somebody first searches in it: nothing in it changes while the console runs. */
const indexes = new Map<Locale, Promise<ProblemIndex>>();

async function makeIndex(locale: Locale): Promise<ProblemIndex> {
  const speakers = [...new Set<Locale>([locale, "en"])].map(async (one) =>
    createTranslator({ locale: one, messages: await loadMessages(one) }),
  );
  return problemIndex((await Promise.all(speakers)) as unknown as Translate[]);
}
