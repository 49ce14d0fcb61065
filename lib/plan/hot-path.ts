/** The way from the top to the step whose own part is the greatest: where to look first. */
export function hotPath(
  nodes: readonly { readonly parent: number | null }[],
  own: readonly number[],
): ReadonlySet<number> {
  const most = Math.max(0, ...own);
  const found = new Set<number>();
  if (most === 0) return found;
  for (let at: number | null = own.indexOf(most); at !== null; at = nodes[at]?.parent ?? null) found.add(at);
  return found;
}
