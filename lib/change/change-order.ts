import type { ChangeSet } from "./shapes.ts";

/**
 * In which order changes are done: deletes, updates, inserts, so that what one gives up another may take. Of two updates
 * the one that leaves a key goes before the one that takes it; a ring of them stays as it is, and is the server's to judge.
 * @returns indexes into the set's changes
 */
export function changeOrder({ key, changes }: Pick<ChangeSet, "key" | "changes">): readonly number[] {
  const of = (kind: string) => changes.flatMap((change, index) => (change.kind === kind ? [index] : []));
  return [...of("delete"), ...updateOrder(key ?? [], changes, of("update")), ...of("insert")];
}

function updateOrder(
  key: readonly string[],
  changes: ChangeSet["changes"],
  updates: readonly number[],
): readonly number[] {
  const leaves = new Map<string, number>();
  const takes = new Map<number, string>();
  for (const index of updates) {
    const change = changes[index];
    if (change?.kind !== "update" || change.row.key === null) continue;
    const { row, cells } = change;
    if (!cells.some(({ column }) => key.includes(column))) continue;
    leaves.set(JSON.stringify(row.key), index);
    const taken = key.map((column, place) => {
      const cell = cells.find((one) => one.column === column);
      return cell === undefined ? (row.key?.[place] ?? null) : cell.value;
    });
    takes.set(index, JSON.stringify(taken));
  }
  const ordered = new Set<number>();
  for (const index of updates) {
    // From the taker to whoever leaves what it takes, and on: the last of them goes first.
    const chain: number[] = [];
    for (let at: number | undefined = index; at !== undefined && !ordered.has(at) && !chain.includes(at); ) {
      chain.push(at);
      at = leaves.get(takes.get(at) ?? "");
    }
    for (const one of chain.reverse()) ordered.add(one);
  }
  return [...ordered];
}
