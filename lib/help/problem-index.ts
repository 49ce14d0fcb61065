import "server-only";
import { catalogue, type ProblemCode, problemCodes } from "#lib/problems/catalogue.ts";
import { examples } from "#lib/problems/examples.ts";
import { problem } from "#lib/problems/problem.ts";
import { problemWords, type Translate } from "#lib/problems/words.ts";
import { providers } from "#lib/providers/list.ts";
import { findGuide } from "#lib/providers/provider-guides.ts";
import { phrases, sqlstates } from "./phrases.ts";
import { wordsOf } from "./words-of-text.ts";

/** One thing that is said of a problem, taken apart. */
export interface IndexEntry {
  readonly code: ProblemCode;
  /** As it is shown: why the problem was found. */
  readonly text: string;
  /** Its words between the places that differ (`…`), in order. */
  readonly runs: readonly (readonly string[])[];
  /** How much a hit here counts: what programs say before what the console says of it. */
  readonly rank: number;
  /** What all its words weigh. */
  readonly weight: number;
}

export interface ProblemIndex {
  readonly entries: readonly IndexEntry[];
  /** How telling each known word is: the rarer, the more. */
  readonly weights: ReadonlyMap<string, number>;
}

/**
 * All that is said of every problem: in the words of other programs, in the console's own, and as SQLSTATE.
 * @param translators the languages whose words count, the reader's first
 */
export function problemIndex(translators: readonly Translate[]): ProblemIndex {
  const said = [
    ...problemCodes.flatMap((code) => saidOf(code, translators)),
    ...Object.entries(sqlstates).flatMap(([state, codes]) =>
      codes.map((code, at) => entry(code, `SQLSTATE ${state}`, [[state.toLowerCase()]], 0.9 - at * 0.05)),
    ),
  ];
  const weights = weigh(said);
  const sum = (runs: Said["runs"]) =>
    runs.flat().reduce((before, word) => before + (weights.get(word) ?? 0), 0);
  return { entries: said.map((one) => ({ ...one, weight: sum(one.runs) })), weights };
}

type Said = Omit<IndexEntry, "weight">;

function saidOf(code: ProblemCode, translators: readonly Translate[]): Said[] {
  const example = examples[code];
  return [
    ...Object.values(phrases[code] ?? {}).flatMap((texts) => texts.map((text) => phrase(code, text, 1))),
    ...(example === undefined || ownSide.has(catalogue[code].step) ? [] : [phrase(code, example, 0.95)]),
    ...usual(code).map((text) => phrase(code, text, 0.95)),
    entry(code, code, [wordsOf(code)], 0.9),
    ...translators.flatMap((translate) => {
      const { title, cause, fix } = problemWords(problem(code), translate);
      return [phrase(code, title, 0.9), phrase(code, cause, 0.45), phrase(code, fix, 0.3)];
    }),
  ];
}

/** Examples of these show what was given or how the console answers, and names in them stand for anybody's. */
const ownSide: ReadonlySet<string> = new Set(["input", "console"]);

/** What the providers' guides say that people read there. */
function usual(code: ProblemCode): string[] {
  return providers.flatMap(({ id }) =>
    (findGuide(id)?.errors ?? []).filter((error) => error.code === code).map(({ text }) => text),
  );
}

function phrase(code: ProblemCode, text: string, rank: number): Said {
  // Names and addresses between quotes stand for anybody's.
  const parts = text.replaceAll(/"[^"]*"|\b\d+(?:\.\d+){3}\b/g, "…").split("…");
  return entry(
    code,
    text,
    parts.map(wordsOf).filter((run) => run.length > 0),
    rank,
  );
}

function entry(code: ProblemCode, text: string, runs: IndexEntry["runs"], rank: number): Said {
  return { code, text, runs, rank };
}

function weigh(entries: readonly Said[]): ReadonlyMap<string, number> {
  const codes = new Map<string, Set<ProblemCode>>();
  for (const { code, runs } of entries)
    for (const found of runs.flat()) {
      const of = codes.get(found) ?? new Set();
      codes.set(found, of.add(code));
    }
  return new Map(
    [...codes].map(([found, of]) => [found, Math.log(1 + problemCodes.length / of.size)] as const),
  );
}
