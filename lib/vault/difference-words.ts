import "server-only";
import type { Translate } from "#lib/problems/words.ts";
import { visibly } from "#lib/visible-text.ts";
import type { KindDifference, Named } from "./backup-differences.ts";

/**
 * What differs, as lines for people: `since` as what happened since a copy was made, `restore` as what putting it back
 * will do. Kinds that people name are told by their names, the others by what they are.
 * @param most so many names stand in a line
 */
export function differenceWords(
  differs: readonly KindDifference[],
  say: Translate,
  told: "since" | "restore",
  most: number = usualMost,
): readonly string[] {
  const lines: string[] = [];
  for (const kind of namedKinds) {
    const found = differs.find((one) => one.kind === kind);
    if (found === undefined) continue;
    for (const act of ["added", "removed", "changed"] as const) {
      const names = namesOf(found[act], say, most);
      if (names !== "") lines.push(say(`backups.${told}.${kind}.${act}`, { names }));
    }
  }
  const others = new Set(
    differs.flatMap(({ kind }) =>
      isOneOf(namedKinds, kind) ? [] : [isOneOf(knownKinds, kind) ? kind : "other"],
    ),
  );
  if (others.size > 0) {
    const names = Array.from(others, (kind) => say(`backups.kinds.${kind}`)).join(", ");
    lines.push(say(`backups.${told}.others`, { names }));
  }
  return lines;
}

/** Kinds of records whose names people know, and those that are told by what they are. */
const namedKinds = ["conn", "user", "query"] as const;
const knownKinds = ["grants", "labels", "favourite", "pref", "roots"] as const;

function isOneOf(kinds: readonly string[], kind: string): boolean {
  return kinds.includes(kind);
}

/** A long list is cut: whoever wants all of them asks for `--json`. */
const usualMost = 20;

function namesOf(all: readonly Named[], say: Translate, most: number): string {
  // Names are people's own text.
  const names = all.flatMap(({ name }) => (name === null ? [] : [visibly(name)]));
  const without = all.length - names.length;
  const more = Math.max(0, names.length - most);
  return [
    ...names.slice(0, most),
    ...(more === 0 ? [] : [say("backups.more", { count: String(more) })]),
    ...(without === 0 ? [] : [say("backups.private", { count: String(without) })]),
  ].join(", ");
}
