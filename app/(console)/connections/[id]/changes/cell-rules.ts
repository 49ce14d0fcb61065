import type { ColumnFacts } from "#lib/browse/shapes.ts";
import type { Editable, NotEditable } from "#lib/change/shapes.ts";
import { requiredColumns } from "./required-columns.ts";

/** What a cell of a column takes, in a row that is there and in a new one. */
export interface CellRules {
  /** Why it takes no value; undefined where it does. */
  readonly whyNot: (column: string, isNew: boolean) => NotEditable | undefined;
  readonly canDefault: (facts: ColumnFacts, isNew: boolean) => boolean;
  /** The foreign key that it is part of. */
  readonly referenceOf: (column: string) => Editable["references"][number] | undefined;
  /** Names of the columns without which the server takes no new row. */
  readonly required: ReadonlySet<string>;
}

/**
 * @param editable undefined while it is not known
 * @param why      why nothing at all can be changed here
 */
export function cellRules(editable: Editable | undefined, why: NotEditable | undefined): CellRules {
  const required = requiredColumns(editable);
  return {
    required,
    whyNot(column, isNew) {
      if (why !== undefined) return why;
      const of = editable?.columns.find(({ name }) => name === column);
      return (isNew ? (editable?.insert ?? of?.insert) : (editable?.update ?? of?.update)) ?? undefined;
    },
    canDefault(facts, isNew) {
      if (isNew) return !required.has(facts.name);
      return facts.default !== null || facts.generated === "identity-default";
    },
    referenceOf: (column) => editable?.references.find((one) => one.columns.includes(column)),
  };
}
