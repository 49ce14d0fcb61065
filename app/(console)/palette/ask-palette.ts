import { withoutSecrets } from "../without-secrets.ts";
import type { PaletteFound, PaletteIndex } from "./palette-entry.ts";

let latest: PaletteIndex | undefined;

/** What the palette knew when it was last asked: shown until the answer comes. */
export function knownIndex(): PaletteIndex | undefined {
  return latest;
}

/** Everything but connections and problems. @throws when the console does not answer */
export async function askIndex(): Promise<PaletteIndex> {
  const answer = await fetch("/api/palette");
  if (!answer.ok) throw new Error(`the palette was answered with ${answer.status}`);
  latest = (await answer.json()) as PaletteIndex;
  return latest;
}

/** The connections and problems that fit. @throws when the console does not answer, or the question is taken back */
export async function askForFound(
  search: string,
  recent: readonly string[],
  signal: AbortSignal,
): Promise<PaletteFound> {
  const asked = new URLSearchParams({
    search: withoutSecrets(search).slice(0, 200),
    recent: recent.join(","),
  });
  const answer = await fetch(`/api/palette?${asked}`, { signal });
  if (!answer.ok) throw new Error(`the palette was answered with ${answer.status}`);
  return (await answer.json()) as PaletteFound;
}
