interface Key {
  readonly key: string;
  readonly timeStamp: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** What was typed of a name so far; letters that come within half a second belong together. */
interface Typed {
  text: string;
  at: number;
}

/**
 * Where a key leads in a menu or a list: up and down and round, to either end, or to the next name that begins with
 * what is typed. The same letter again goes on to the next of them.
 *
 * @param entries in their order, one of them focused or none
 * @param typed kept between keys; changed here
 * @returns `undefined` for a key that leads nowhere
 */
export function nextInMenu<Entry extends HTMLElement>(
  { key, timeStamp, ctrlKey, metaKey, altKey }: Key,
  entries: readonly Entry[],
  typed: Typed,
): Entry | undefined {
  const here = entries.findIndex((entry) => entry.matches(":focus"));
  if (key === "ArrowDown") return entries[(here + 1) % entries.length];
  if (key === "ArrowUp") return entries.at(here <= 0 ? -1 : here - 1);
  if (key === "Home") return entries[0];
  if (key === "End") return entries.at(-1);
  // A space presses the entry, unless a name is being typed.
  const goesOn = timeStamp - typed.at < 500;
  if (key.length !== 1 || ctrlKey || metaKey || altKey || (key === " " && !goesOn)) return undefined;
  typed.text = (goesOn ? typed.text : "") + key.toLowerCase();
  typed.at = timeStamp;
  const same = new Set(typed.text).size === 1;
  const wanted = same ? typed.text.slice(0, 1) : typed.text;
  const from = same ? here + 1 : Math.max(0, here);
  return [...entries.slice(from), ...entries.slice(0, from)].find((entry) =>
    entry.textContent.trim().toLowerCase().startsWith(wanted),
  );
}
