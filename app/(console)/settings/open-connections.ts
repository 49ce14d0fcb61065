import "server-only";
import { workspace } from "#app/_server/workspace.ts";

/** How many connections everybody manages, since they were there before access could be set. */
export async function openConnections(): Promise<number> {
  const opened = await workspace();
  if (!opened.ok) return 0;
  const [all, book] = [await opened.value.profiles.list(), await opened.value.grants.read()];
  if (!all.ok || !book.ok) return 0;
  return all.value.filter(({ id }) => book.value.isOpen(id)).length;
}

/** Whether an owner is to be told of them: where there are owners alone, nothing is to be tightened. */
export async function areOpenToOthers(): Promise<boolean> {
  const opened = await workspace();
  const people = opened.ok ? await opened.value.users.list() : undefined;
  const others = people?.ok === true && people.value.some(({ role }) => role !== "owner");
  return others && (await openConnections()) > 0;
}
