import type { ShownQuery } from "#app/api/connections/[id]/queries/route.ts";

/** What a new SQL tab begins with. */
export interface TabFilling {
  readonly sql: string;
  /** Where it is a saved query: so that it can be saved again. */
  readonly query?: ShownQuery;
}

/** In memory alone: once it was typed in, it is a draft like any other. */
const fillings = new Map<string, TabFilling>();

export function fillTab(connectionId: string, slot: string, filling: TabFilling): void {
  fillings.set(`${connectionId}/${slot}`, filling);
}

export function tabFilling(connectionId: string, slot: string): TabFilling | undefined {
  return fillings.get(`${connectionId}/${slot}`);
}
