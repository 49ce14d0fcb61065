import type { Explained } from "#app/_server/answer.ts";
import type { FieldProblems } from "#lib/problems/field-messages.ts";
import type { FormValues } from "#lib/settings/form-values.ts";

/** What `importConnections` answers. Unless it says `saved`, nothing was written. */
export type ImportAnswer =
  | { readonly type: "saved"; readonly count: number }
  /** What is wrong with each, in the order they were sent; null where nothing is. */
  | { readonly type: "rows"; readonly problems: readonly (FieldProblems | null)[] }
  | { readonly type: "problem"; readonly explained: Explained };

export type ImportAction = (rows: readonly FormValues[]) => Promise<ImportAnswer>;
