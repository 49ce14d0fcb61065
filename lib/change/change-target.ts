import "server-only";
import { capabilities } from "#lib/browse/capabilities.ts";
import { operatorSchemas, pagedTable } from "#lib/browse/paged-table.ts";
import { tableFacts } from "#lib/browse/table-facts.ts";
import { tellsOutcome } from "#lib/session/commit-outcome.ts";
import type { CatalogueConnection } from "#lib/session/query.ts";
import type { QueryAnswer } from "#lib/session/query-answer.ts";
import type { ChangedTable } from "./change-sql.ts";
import { changeFacts, editableOf } from "./editable.ts";
import type { ChangeAnswer, ChangeSet, Editable, NotEditable } from "./shapes.ts";

/** A relation, and what there is to know before it is changed. */
export interface ChangeTarget {
  readonly table: ChangedTable;
  readonly editable: Editable;
  readonly operatorSchemas: readonly string[];
  /** Rows are locked when they are read again, so that nobody changes them before we do. */
  readonly locks: boolean;
  /** Some key is checked late, if that is asked for: keys may be swapped. */
  readonly deferrable: boolean;
  /** The server tells what became of a transaction. */
  readonly tellsOutcome: boolean;
  /** A rule does something beside, or instead of, what is asked. */
  readonly hasRules: boolean;
  /** A new row takes a number that no rollback gives back. */
  readonly hasSequences: boolean;
}

/**
 * Reads what a change set is about. Throws when the connection is gone.
 * @returns null in `value` where there is no such relation
 */
export async function changeTarget(
  connection: CatalogueConnection,
  { schema, table }: Pick<ChangeSet, "schema" | "table">,
): Promise<QueryAnswer<ChangeTarget | null>> {
  const facts = await tableFacts(connection, schema, table);
  if (!facts.ok || facts.value === null) return facts.ok ? { ok: true, value: null } : facts;
  const browsed = facts.value;
  const told = await changeFacts(connection, browsed);
  if (!told.ok) return told;
  const paged = pagedTable(browsed, await capabilities(connection, browsed));
  const tells = await tellsOutcome(connection);
  return {
    ok: true,
    value: {
      table: { ...paged, columns: browsed.columns },
      editable: editableOf(browsed, paged, told.value),
      operatorSchemas: operatorSchemas(browsed),
      // Row security judges a lock by the policies for updates: a row that may only be deleted would not be found.
      locks: paged.version === "xmin" && told.value.update && !told.value.rowSecurity && tells,
      deferrable: told.value.deferrable,
      hasRules: told.value.hasRules,
      tellsOutcome: tells,
      hasSequences: browsed.columns.some(
        ({ default: preset, generated }) =>
          generated?.startsWith("identity") === true || preset?.includes("nextval(") === true,
      ),
    },
  };
}

/**
 * Whether a set is about the relation as it is now.
 * @returns the target by whose key its rows are found; or why it cannot be done
 */
export function targetOf(target: ChangeTarget, set: ChangeSet): ChangeTarget | ChangeAnswer {
  const { table, editable } = target;
  const names = new Set(table.columns.map(({ name }) => name));
  const isNamed = editable.by === "named";
  const key = isNamed ? set.key : table.key;
  const changed: ChangeAnswer = { outcome: "table-changed" };
  if (!isNamed && JSON.stringify(set.key) !== JSON.stringify(key)) return changed;
  if (isNamed && key?.some((name) => !table.columns.some((one) => one.name === name && one.readable)))
    return changed;
  const readable = table.columns.filter((one) => one.readable).length;
  for (const [index, change] of set.changes.entries()) {
    const why = editable[change.kind];
    if (why !== null) return notEditable(index, null, why);
    if (change.kind !== "insert") {
      if (isNamed && key === null) return notEditable(index, null, "no-identity");
      if (key === null && change.seen?.values.length !== readable) return changed;
    }
    if (change.kind === "delete") continue;
    for (const { column } of change.cells) {
      if (!names.has(column)) return changed;
      const locked = editable.columns.find(({ name }) => name === column)?.[change.kind] ?? null;
      if (locked !== null) return notEditable(index, column, locked);
    }
  }
  return { ...target, table: { ...table, key } };
}

function notEditable(change: number, column: string | null, why: NotEditable): ChangeAnswer {
  return { outcome: "not-editable", change, column, why };
}
