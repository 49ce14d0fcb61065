/** Who wants to know, by connection. */
const heard = new Map<string, Set<() => void>>();

/** Says that a statement may have made, changed or dropped what the tree of a connection shows. */
export function noteNamesMade(connectionId: string): void {
  for (const tell of heard.get(connectionId) ?? []) tell();
}

/** @returns ends it */
export function onNamesMade(connectionId: string, tell: () => void): () => void {
  const all = heard.get(connectionId) ?? new Set();
  heard.set(connectionId, all);
  all.add(tell);
  return () => {
    all.delete(tell);
    if (all.size === 0) heard.delete(connectionId);
  };
}
