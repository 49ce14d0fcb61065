import type { DraftBody } from "#app/api/connections/[id]/drafts/route.ts";
import type { SavedDraft } from "#lib/notebook/drafts.ts";
import { randomId } from "#lib/random-id.ts";
import { askPanes } from "../pane-requests.ts";

/**
 * Keeps a text as a draft, and opens it in an SQL tab of its own; nothing of it is run.
 * @returns whether it is there
 */
export async function openAsDraft(connectionId: string, text: string): Promise<boolean> {
  const body: DraftBody = { id: randomId(), rev: 0, window: randomId(), edit: 1, change: { text } };
  try {
    const answer = await fetch(`/api/connections/${encodeURIComponent(connectionId)}/drafts`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) return false;
    const { id } = (await answer.json()) as SavedDraft;
    askPanes(connectionId, { to: "draft", draft: id });
    return true;
  } catch {
    return false;
  }
}
