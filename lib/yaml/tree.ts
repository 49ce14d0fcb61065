/** What a configuration file holds: texts, lists and maps. Numbers and words such as `true` stay texts. */
export type Tree = string | null | readonly Tree[] | ReadonlyMap<string, Tree>;

/** The texts of a map, without what lies deeper. */
export function textsOf(tree: Tree | undefined): ReadonlyMap<string, string> {
  if (!(tree instanceof Map)) return new Map();
  return new Map(
    [...tree].flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : [])),
  );
}

/** What lies at the end of a path of names; undefined where it breaks off. */
export function at(tree: Tree | undefined, ...path: readonly string[]): Tree | undefined {
  let found = tree;
  for (const name of path) found = found instanceof Map ? found.get(name) : undefined;
  return found;
}
