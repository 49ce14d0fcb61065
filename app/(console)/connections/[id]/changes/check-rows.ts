import type { RowIdentity, TablePage } from "#lib/browse/shapes.ts";
import type { Conflict, SeenRow } from "#lib/change/shapes.ts";
import { askConnection } from "../ask-connection.ts";
import type { TableName } from "../place.ts";
import { type PendingChanges, rowName } from "./pending-changes.ts";

/** Rows that are looked for one by one; more of them are checked when they are tried. */
const mostAsked = 40;
const mostAtOnce = 500;

/**
 * Reads again the rows that kept changes are of, as far as a key finds them.
 * @returns a conflict a row that is not any more what was seen, by its name. @throws only the signal's own reason
 */
export async function checkRows(
  connectionId: string,
  { schema, table }: TableName,
  { key, columns, rows }: PendingChanges,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Conflict>> {
  const found = new Map<string, Conflict>();
  if (key === null) return found;
  const wanted = rows.flatMap((pending, change) =>
    pending.kind === "insert" || pending.row.key === null || pending.row.key.includes(null)
      ? []
      : [{ change, name: pending.name, row: pending.row, values: pending.row.key as readonly string[] }],
  );
  const [column] = key;
  const together = key.length === 1 && wanted.every(({ values }) => !/[\r\n]/.test(values[0] ?? ""));
  const asks = together
    ? pieces(wanted, mostAtOnce).map((some) => ({
        some,
        filters: [
          { column: column ?? "", operator: "in", value: some.map(({ values }) => values[0]).join("\n") },
        ],
      }))
    : wanted.slice(0, mostAsked).map((one) => ({
        some: [one],
        filters: key.map((name, at) => ({ column: name, operator: "=", value: one.values[at] ?? "" })),
      }));
  for (const { some, filters } of asks) {
    const size = Math.max(1, some.length);
    const asked = await askConnection<TablePage>(
      connectionId,
      "rows",
      { schema, table, filters, size },
      signal,
    );
    if (!asked.ok) continue;
    const page = asked.value;
    const names = page.columns.map(({ name }) => name);
    if (names.join("\0") !== columns.join("\0")) continue;
    const there = new Map(page.identities.map((identity, at) => [rowName(identity), at]));
    for (const { change, name, row } of some) {
      const at = there.get(name);
      const identity: RowIdentity | undefined = at === undefined ? undefined : page.identities[at];
      if (identity !== undefined && identity.version === row.version) continue;
      found.set(name, {
        change,
        why: identity === undefined ? "gone" : "changed",
        now: at === undefined ? null : seenAt(page, at),
        identity: identity ?? null,
        reasons: [],
      });
    }
  }
  return found;
}

/** A row of a page, as it was shown. */
export function seenAt(page: Pick<TablePage, "rows" | "cut">, at: number): SeenRow {
  return {
    values: page.rows[at] ?? [],
    cut: page.cut.filter(({ row }) => row === at).map(({ column, length }) => ({ column, length })),
  };
}

function pieces<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
}
