import { pageActor } from "#app/_server/guard.ts";

/**
 * Every place in the connected view: which table or SQL tab is shown, the browser reads from the address. The session
 * and its panes are the layout's, so that moving among them, or connecting anew, leaves them as they are.
 */
export default async function PlacePage() {
  await pageActor("connections:use");
  return null;
}
