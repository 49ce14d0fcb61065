import type { DraftFacts } from "#lib/notebook/drafts.ts";
import { draftIdOf } from "../sql/use-draft.ts";
import { askNotebook } from "./ask-notebook.ts";

/**
 * A number for a SQL tab, from one on, under which nothing was typed: neither is a draft of another day put aside nor a
 * session of another text taken. Where nobody can tell, it is the first.
 */
export async function freeSlot(connectionId: string, from: number): Promise<string> {
  const list = await askNotebook<{ readonly drafts: readonly DraftFacts[] }>(connectionId, "GET", "drafts");
  const taken = new Set(list.ok ? list.value.drafts.map(({ id }) => id) : []);
  let slot = from;
  while (taken.has(draftIdOf(connectionId, String(slot))) || hasSession(connectionId, slot)) slot += 1;
  return String(slot);
}

/** As `hold-tab.ts` keeps them. */
function hasSession(connectionId: string, slot: number): boolean {
  try {
    return sessionStorage.getItem(`cloak-db.tab.${connectionId}.${slot}`) !== null;
  } catch {
    return false;
  }
}
