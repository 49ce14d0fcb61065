import type { PaletteEntry, PaletteFound } from "./palette-entry.ts";
import { type Searchable, scorer, searchable, wordsOf } from "./rank.ts";

/** What fits of the palette's own entries, at most so many. */
const mostOwn = 20;
/** What is shown before anybody asks; the rest would only fill the list. */
const atRest: readonly PaletteEntry["kind"][] = ["action", "page", "settings"];

/**
 * What the palette offers, in its order: without a question what was used lately, other connections, and then what is
 * always there; else
 * what fits: connections together, first where they fit as well as anything, and problems last.
 */
export function paletteOptions(
  query: string,
  own: readonly PaletteEntry[],
  { connections, problems }: PaletteFound,
  recent: readonly string[],
): readonly PaletteEntry[] {
  const wanted = wordsOf(query);
  if (wanted.length === 0) {
    const all = [...connections, ...problems, ...own];
    const lately = recent.flatMap((id) => all.find((entry) => entry.id === id) ?? []);
    const always = [...connections, ...own.filter(({ kind }) => atRest.includes(kind))];
    return [...lately, ...always.filter(({ id }) => !recent.includes(id))];
  }
  const score = scorer(wanted);
  const fitting = own
    .flatMap((entry) => {
      const fit = score(wordsOfEntry(entry));
      return fit === undefined ? [] : [{ entry, fit: fit + (recent.includes(entry.id) ? 0.05 : 0) }];
    })
    .sort((a, b) => b.fit - a.fit)
    .slice(0, mostOwn);
  const entries = fitting.map(({ entry }) => entry);
  const [best] = connections;
  const ofConnections = best === undefined ? 0 : (score(wordsOfEntry(best)) ?? 0);
  return ofConnections >= (fitting[0]?.fit ?? 0)
    ? [...connections, ...entries, ...problems]
    : [...entries, ...connections, ...problems];
}

/** Taken apart once: the index is asked with every letter. */
function wordsOfEntry(entry: PaletteEntry): Searchable {
  const known = taken.get(entry);
  if (known !== undefined) return known;
  const words = searchable(entry.title, `${entry.more ?? ""} ${entry.detail ?? ""}`);
  taken.set(entry, words);
  return words;
}

const taken = new WeakMap<PaletteEntry, Searchable>();
