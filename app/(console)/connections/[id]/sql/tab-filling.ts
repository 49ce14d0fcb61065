import type { ShownQuery } from "#app/api/connections/[id]/queries/route.ts";

/** What a new SQL tab begins with. */
export interface TabFilling {
  readonly sql: string;
  /** Where it is a saved query: so that it can be saved again. */
  readonly query?: ShownQuery;
}

/** In memory alone: once it stands in a tab, it is a draft like any other. */
const fillings = new Map<string, { readonly sql?: string; readonly query?: ShownQuery }>();

/** @param filling left out when the tab is closed */
export function fillTab(connectionId: string, slot: string, filling?: TabFilling): void {
  if (filling === undefined) fillings.delete(keyOf(connectionId, slot));
  else fillings.set(keyOf(connectionId, slot), filling);
}

/** What the tab begins with. Until `tabIsFilled`: what is typed later comes from its draft. */
export function tabText(connectionId: string, slot: string): string {
  return fillings.get(keyOf(connectionId, slot))?.sql ?? "";
}

export function tabIsFilled(connectionId: string, slot: string): void {
  const key = keyOf(connectionId, slot);
  const query = fillings.get(key)?.query;
  if (query === undefined) fillings.delete(key);
  else fillings.set(key, { query });
}

/** The saved query that the tab came from, or was saved as. */
export function queryOfTab(connectionId: string, slot: string): ShownQuery | undefined {
  return fillings.get(keyOf(connectionId, slot))?.query;
}

export function noteQueryOfTab(connectionId: string, slot: string, query: ShownQuery): void {
  fillings.set(keyOf(connectionId, slot), { query });
}

function keyOf(connectionId: string, slot: string): string {
  return `${connectionId}/${slot}`;
}
