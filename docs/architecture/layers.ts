/** What stands on what: each name with those that it needs, nothing twice. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

export interface Arrow {
  readonly from: string;
  readonly to: string;
}

/**
 * The arrows that are needed to say all: one that follows from others is left out.
 * @throws when the graph has a circle; the message names it
 */
export function neededArrows(graph: Graph): readonly Arrow[] {
  const below = reachable(graph);
  return [...graph].flatMap(([from, needs]) =>
    [...needs]
      .filter((to) => ![...needs].some((other) => below.get(other)?.has(to)))
      .map((to) => ({ from, to })),
  );
}

/**
 * The names in rows from the ground up, so that every arrow goes down by at least one row. A name stands as low as
 * it can, but nearer to those that need it where that makes no other arrow longer.
 * @throws when the graph has a circle; the message names it
 */
export function layers(graph: Graph): readonly (readonly string[])[] {
  reachable(graph);
  const arrows = neededArrows(graph);
  const level = new Map<string, number>();
  const levelOf = (name: string): number => {
    const known = level.get(name);
    if (known !== undefined) return known;
    const found = Math.max(-1, ...[...(graph.get(name) ?? [])].map(levelOf)) + 1;
    level.set(name, found);
    return found;
  };
  const names = [...graph.keys()];
  const lowest = new Map(names.map((name) => [name, levelOf(name)]));
  // From above, so that what is needed finds those that need it in their place.
  for (const name of names.toSorted((a, b) => (lowest.get(b) ?? 0) - (lowest.get(a) ?? 0))) {
    const above = arrows.filter(({ to }) => to === name).map(({ from }) => levelOf(from));
    const down = arrows.filter(({ from }) => from === name).length;
    if (above.length > 0 && down < above.length) level.set(name, Math.min(...above) - 1);
  }
  const rows = Math.max(-1, ...level.values()) + 1;
  return Array.from({ length: rows }, (_, row) => names.filter((name) => levelOf(name) === row));
}

/** All that a name stands on, directly or by others. */
function reachable(graph: Graph): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const visit = (name: string, path: readonly string[]): ReadonlySet<string> => {
    if (path.includes(name))
      throw new Error(`A circle: ${[...path.slice(path.indexOf(name)), name].join(" → ")}`);
    const known = found.get(name);
    if (known !== undefined) return known;
    const all = new Set<string>();
    for (const next of graph.get(name) ?? []) {
      all.add(next);
      for (const further of visit(next, [...path, name])) all.add(further);
    }
    found.set(name, all);
    return all;
  };
  for (const name of graph.keys()) visit(name, []);
  return found;
}
