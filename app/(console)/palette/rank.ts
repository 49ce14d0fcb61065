/** A text that is looked through, taken apart once. */
export interface Searchable {
  readonly title: readonly string[];
  /** What it is also known by: it counts less. */
  readonly more: readonly string[];
}

/** Takes a text apart into its words, without case and accents. */
export function searchable(title: string, more = ""): Searchable {
  return { title: wordsOf(title), more: wordsOf(more) };
}

/** The words of a question, in the same way. */
export function wordsOf(text: string): readonly string[] {
  return (
    text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/**
 * Says how well texts answer one question, from 0 to 1: every word of it must be there, as a word, as its beginning,
 * within one, or with a slip of the finger. Words of the title count more than the others.
 * @param wanted the words of the question; without any, everything fits
 * @returns what gives undefined for a text that lacks a word
 */
export function scorer(wanted: readonly string[]): (text: Searchable) => number | undefined {
  // Ten thousand names are made of few words: each is compared once.
  const known = wanted.map(() => new Map<string, number>());

  function bestOf(place: number, words: readonly string[]): number {
    const word = wanted[place] ?? "";
    const likenesses = known[place] ?? new Map<string, number>();
    let best = 0;
    for (const one of words) {
      let found = likenesses.get(one);
      if (found === undefined) {
        found = likeness(word, one);
        likenesses.set(one, found);
      }
      if (found > best) best = found;
    }
    return best;
  }

  return ({ title, more }) => {
    let sum = 0;
    for (let place = 0; place < wanted.length; place++) {
      const best = Math.max(bestOf(place, title), 0.6 * bestOf(place, more));
      if (best === 0) return undefined;
      sum += best;
    }
    if (wanted.length === 0) return 0;
    // Of two that fit as well, the one that says little else.
    return sum / wanted.length - Math.min(title.length, 20) / 1000;
  };
}

function likeness(word: string, one: string): number {
  if (one === word) return 1;
  if (one.startsWith(word)) return 0.9;
  if (one.includes(word)) return 0.7;
  const slips = mostSlips(word);
  return slips > 0 && distanceToBeginning(word, one, slips) <= slips ? 0.5 : 0;
}

/** A short word with a letter wrong is another word. */
function mostSlips(word: string): number {
  return word.length >= 8 ? 2 : word.length >= 4 ? 1 : 0;
}

/**
 * How many slips lie between a word and some beginning of another: a letter too many, too few or wrong, or two that
 * changed places (optimal string alignment).
 */
function distanceToBeginning(word: string, other: string, most: number): number {
  if (other.length < word.length - most) return most + 1;
  const end = Math.min(other.length, word.length + most);
  let before: readonly number[] = [];
  let last = Array.from({ length: end + 1 }, (_, column) => column);
  for (let row = 1; row <= word.length; row++) {
    const next = [row];
    for (let column = 1; column <= end; column++) {
      const same = word[row - 1] === other[column - 1];
      let least = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && word[row - 1] === other[column - 2] && word[row - 2] === other[column - 1];
      if (swapped) least = Math.min(least, (before[column - 2] ?? 0) + 1);
      next.push(least);
    }
    if (Math.min(...next) > most) return most + 1;
    before = last;
    last = next;
  }
  return Math.min(...last);
}
