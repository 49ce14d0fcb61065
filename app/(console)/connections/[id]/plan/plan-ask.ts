import type { PlanBody } from "#app/api/connections/[id]/plan/route.ts";
import type { Piece } from "#lib/sql/run-target.ts";
import type { ParameterValues } from "../sql/parameter-boxes.tsx";

export type PlanHow = PlanBody["how"];

/** What a person wants a plan of. */
export interface PlanAsk {
  /** Of this asking. */
  readonly at: number;
  readonly how: PlanHow;
  /** What stands at the caret, or is selected. */
  readonly pieces: readonly Piece[];
  readonly values: ParameterValues;
  /** The text that it stands in. */
  readonly text: string;
}
