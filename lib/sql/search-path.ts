import { tokens } from "./tokens.ts";

/** The schemas of a `search_path`, as the server shows it: in order, `"$user"` left out. */
export function searchPathNames(shown: string): readonly string[] {
  return [...tokens(shown)]
    .filter(({ kind }) => kind === "word" || kind === "name")
    .map(({ kind, start, end }) =>
      kind === "word" ? shown.slice(start, end) : shown.slice(start + 1, end - 1).replaceAll('""', '"'),
    )
    .filter((name) => name !== "$user");
}
