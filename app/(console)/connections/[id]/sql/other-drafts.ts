import type { DraftFacts } from "#lib/notebook/drafts.ts";

/** The person's other drafts of the connection that hold anything. Throws when the console does not tell. */
export async function listDrafts(connectionId: string, own: string): Promise<readonly DraftFacts[]> {
  const answer = await fetch(addressOf(connectionId), { cache: "no-store" });
  if (!answer.ok) throw new Error("not told");
  const { drafts } = (await answer.json()) as { drafts: readonly DraftFacts[] };
  return drafts.filter(({ id, begins }) => id !== own && begins !== "");
}

/** Throws a draft away. Throws when the console does not say that it is gone. */
export async function removeDraft(connectionId: string, draft: string): Promise<void> {
  const address = `${addressOf(connectionId)}?draft=${encodeURIComponent(draft)}`;
  const answer = await fetch(address, { method: "DELETE" });
  if (!answer.ok) throw new Error("not let go");
}

function addressOf(connectionId: string): string {
  return `/api/connections/${encodeURIComponent(connectionId)}/drafts`;
}
