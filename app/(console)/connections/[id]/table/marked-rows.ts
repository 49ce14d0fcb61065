import type { RowMark } from "#components/data-grid-column.ts";
import type { RowIdentity, Value } from "#lib/browse/shapes.ts";

export interface HeldRow {
  readonly values: readonly Value[];
  readonly identity: RowIdentity | undefined;
  readonly mark: RowMark | undefined;
  /** The whole length of cut values, by column. */
  readonly cut: ReadonlyMap<number, number> | undefined;
}

/**
 * Rows that were read again, beside those that were shown: changed and new ones are marked, and those that have gone
 * stay once more where they stood. Rows that nothing tells apart are not compared.
 */
export function markedRows(before: readonly HeldRow[], now: readonly HeldRow[]): readonly HeldRow[] {
  const names = now.map(({ identity }) => nameOf(identity));
  if (names.some((name) => name === undefined)) return now;
  const there = new Set(names);
  const held = new Map(
    before.filter(({ mark }) => mark !== "gone").map((row) => [nameOf(row.identity), row]),
  );
  const marked = now.map((row, index): HeldRow => {
    const old = held.get(names[index]);
    if (old === undefined) return { ...row, mark: "new" };
    return isSame(old, row) ? row : { ...row, mark: "changed" };
  });
  const gone = goneAfter(before, there);
  return [
    ...(gone.get(undefined) ?? []),
    ...marked.flatMap((row, index) => [row, ...(gone.get(names[index]) ?? [])]),
  ];
}

/** Rows that are not there any more, by the row that stood before them and still is. */
function goneAfter(
  before: readonly HeldRow[],
  there: ReadonlySet<string | undefined>,
): ReadonlyMap<string | undefined, readonly HeldRow[]> {
  const gone = new Map<string | undefined, HeldRow[]>();
  let last: string | undefined;
  for (const row of before) {
    const name = nameOf(row.identity);
    if (there.has(name)) last = name;
    else if (row.mark !== "gone") gone.set(last, [...(gone.get(last) ?? []), { ...row, mark: "gone" }]);
  }
  return gone;
}

/** By its key where there is one: a row that was changed lies in another place. */
function nameOf(identity: RowIdentity | undefined): string | undefined {
  const by = identity?.key ?? identity?.place ?? null;
  return by === null ? undefined : JSON.stringify(by);
}

/** The version tells it where there is one; a cut value may have changed beyond its cut. */
function isSame(old: HeldRow, row: HeldRow): boolean {
  const [was, is] = [old.identity?.version ?? null, row.identity?.version ?? null];
  if (was !== null && is !== null) return was === is;
  return (
    old.values.length === row.values.length && old.values.every((value, index) => value === row.values[index])
  );
}
