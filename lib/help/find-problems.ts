import "server-only";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import { commonProblems } from "./common-problems.ts";
import type { IndexEntry, ProblemIndex } from "./problem-index.ts";
import { wordsOf } from "./words-of-text.ts";

export interface FoundProblem {
  readonly code: ProblemCode;
  /** The text that fits best, as it is known. */
  readonly text: string;
}

/** Longer texts are cut: a stack trace says all that counts in its first lines. */
export const longestSearch = 4000;

/** So many are shown; what is not among them was not meant. */
const most = 15;

/**
 * The problems that a text is about, the likeliest first: a few words, a code, a SQLSTATE or whole lines of another
 * program. Names, addresses and numbers in it are words that nobody knows, and count for nothing; misspelt words count
 * as the known ones nearest to them.
 * @param typing whether the last word may be unfinished
 */
export function findProblems(index: ProblemIndex, search: string, typing = true): FoundProblem[] {
  const words = wordsOf(search.slice(0, longestSearch)).flatMap((word) => apart(word, index));
  const asked = known(index, words, typing);
  if (asked.size === 0) return [];
  const best = new Map<ProblemCode, FoundProblem & { readonly score: number }>();
  for (const entry of index.entries) {
    const score = scoreOf(entry, asked, index);
    if (score > (best.get(entry.code)?.score ?? 0))
      best.set(entry.code, { code: entry.code, text: entry.text, score });
  }
  const found = [...best.values()].sort((a, b) => b.score - a.score);
  const enough = (found[0]?.score ?? 0) * 0.4;
  return found
    .filter(({ score }) => score >= enough)
    .slice(0, most)
    .map(({ code, text }) => ({ code, text }));
}

/** The words of a search that are known: how sure each is, and where it stands. */
type Asked = ReadonlyMap<string, { readonly sure: number; readonly at: readonly number[] }>;

function known({ weights }: ProblemIndex, words: readonly string[], typing: boolean): Asked {
  const asked = new Map<string, { sure: number; at: number[] }>();
  const add = (word: string, sure: number, at: number) => {
    const before = asked.get(word);
    asked.set(word, { sure: Math.max(sure, before?.sure ?? 0), at: [...(before?.at ?? []), at] });
  };
  const likes = new Map<string, readonly string[]>();
  for (const [at, word] of words.entries()) {
    if (weights.has(word)) {
      add(word, 1, at);
      continue;
    }
    const unfinished = typing && at === words.length - 1 && word.length >= 2;
    const begun = unfinished ? [...weights.keys()].filter((one) => one.startsWith(word)) : [];
    const like = begun.length > 0 ? begun : (likes.get(word) ?? near(word, weights));
    if (begun.length === 0) likes.set(word, like);
    for (const one of like) add(one, 0.7, at);
  }
  return asked;
}

/** The two known words that were written as one, "selfsigned"; any other word as it is. */
function apart(word: string, { weights }: ProblemIndex): readonly string[] {
  if (weights.has(word)) return [word];
  for (let end = 3; end <= word.length - 3; end++) {
    const two = [word.slice(0, end), word.slice(end)];
    if (two.every((one) => weights.has(one))) return two;
  }
  return [word];
}

/** The known words that a misspelt one may stand for. Short words and those with digits are taken as they are, and so is the first letter. */
function near(word: string, weights: ReadonlyMap<string, number>): string[] {
  if (word.length < 4 || word.length > 30 || /\d/.test(word)) return [];
  const slips = word.length < 8 ? 1 : 2;
  return [...weights.keys()].filter(
    (one) =>
      one[0] === word[0] &&
      one.length > 3 &&
      Math.abs(one.length - word.length) <= slips &&
      distance(word, one) <= slips,
  );
}

/** How many slips lead from one word to the other: a letter wrong, missing, too many, or two swapped. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/**
 * How well a known text fits. What is found of it counts by weight, twice where its words stand side by side as they do
 * in the search; then by how much of the text was found or how much of the search it explains, whichever is more. Of two
 * that explain a few words alike, the one that says little else is meant.
 */
function scoreOf(
  { code, runs, rank, weight: whole }: IndexEntry,
  asked: Asked,
  { weights }: ProblemIndex,
): number {
  let found = 0;
  const seen = new Map<string, number>();
  for (const run of runs) {
    for (const [at, word] of run.entries()) {
      const here = asked.get(word);
      const times = seen.get(word) ?? 0;
      // A word counts no oftener than it was said.
      if (here === undefined || times >= here.at.length) continue;
      seen.set(word, times + 1);
      const before = run[at - 1];
      const joined = before === undefined ? run.length === 1 : follows(asked.get(before)?.at, here.at);
      const next = run[at + 1];
      const joins = next !== undefined && follows(here.at, asked.get(next)?.at);
      found += (weights.get(word) ?? 0) * here.sure * (joined || joins ? 2 : 1);
    }
  }
  if (found === 0) return 0;
  let explained = 0;
  let all = 0;
  for (const [word, { sure }] of asked) {
    const weight = (weights.get(word) ?? 0) * sure;
    all += weight;
    if (seen.has(word)) explained += weight;
  }
  const ofText = found / (2 * whole);
  const share = Math.max(ofText, (explained / all) * 0.8 + ofText * 0.15);
  return found * share ** 2 * rank * usualness(code);
}

/** Where several problems fit alike, the one that more people have stands first. */
function usualness(code: ProblemCode): number {
  const at = commonProblems.indexOf(code);
  return at === -1 ? 1 : 1.2 - at * 0.01;
}

function follows(first: readonly number[] | undefined, second: readonly number[] | undefined): boolean {
  return first?.some((at) => second?.includes(at + 1)) ?? false;
}
