"use server";

import { z } from "zod";
import { type Answer, answer, refuse } from "#app/_server/answer.ts";
import { attempts } from "#app/_server/attempts.ts";
import { auditSubject } from "#app/_server/audit-subject.ts";
import { findConnection } from "#app/_server/find-connection.ts";
import { actionActor, mayWith } from "#app/_server/guard.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { mostTags } from "#lib/saved/label-limits.ts";
import { labelName } from "#lib/saved/label-name.ts";
import type { Actor, ConnectionAct } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";
import { connectionsQuery, wordsOfAddress } from "./connections-query.ts";
import { labelEvent } from "./label-event.ts";
import { mostAtOnce } from "./list-choices.ts";
import { matchingConnections } from "./list-connections.ts";

const ids = z.array(z.string().min(1).max(100)).min(1).max(mostAtOnce);
const labelChange = z.strictObject({
  ids,
  /** Null takes them out of their group. */
  group: labelName.nullable().exactOptional(),
  addTags: z.array(labelName).max(mostTags).exactOptional(),
  removeTags: z.array(labelName).max(mostTags).exactOptional(),
});
/** What the browser sends to say where connections belong. */
export type LabelAsk = z.input<typeof labelChange>;

/**
 * Says where connections belong, for everybody who sees them: all of them or none. Whoever manages each may.
 * Each time the vault is written and up to 500 lines of the audit log: as often as a form is read.
 * @returns `setting-invalid` of `group` or `tags`, `not-found`, `not-allowed`, `too-many-attempts`
 */
export async function labelConnections(ask: unknown): Promise<Answer<null>> {
  const actor = await actionActor("connections:save");
  if (!actor.ok) return refuse(actor.problem);
  const counted = attempts().read(actor.value.id);
  if (!counted.ok) return refuse(counted.problem);
  const parsed = labelChange.safeParse(ask);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path[0];
    return refuse(
      problem("setting-invalid", { field: field === "group" || field === "ids" ? field : "tags" }),
    );
  }
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { ids, ...change } = parsed.data;
  const allowed = await savedWith(opened.value, actor.value, "connection:manage", ids);
  if (!allowed.ok) return refuse(allowed.problem);
  const { audit, labels } = opened.value;
  const before = await labels.all();
  if (!before.ok) return refuse(before.problem);
  const events = ids.flatMap((id) => labelEvent(id, before.value.get(id), change));
  if (events.length === 0) return answer(null);
  const changed = await audit.during(await auditSubject(actor.value), events, () =>
    labels.change(ids, change),
  );
  return changed.ok ? answer(null) : refuse(changed.problem);
}

/** Puts connections among the caller's own favourites, or takes them out. */
export async function setFavourites(ask: unknown, on: unknown): Promise<Answer<null>> {
  const actor = await actionActor("connections:use");
  if (!actor.ok) return refuse(actor.problem);
  const counted = attempts().read(actor.value.id);
  if (!counted.ok) return refuse(counted.problem);
  const parsed = z.tuple([ids, z.boolean()]).safeParse([ask, on]);
  if (!parsed.success) return refuse(problem("setting-invalid", { field: "connection" }));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const [wanted, isOn] = parsed.data;
  const allowed = await savedWith(opened.value, actor.value, "data:read", wanted);
  if (!allowed.ok) return refuse(allowed.problem);
  const { favourites, profiles } = opened.value;
  const all = await profiles.list();
  if (!all.ok) return refuse(all.problem);
  const known = new Set(all.value.map(({ id }) => id));
  const set = await favourites.set(actor.value.id, wanted, isOn, (id) => known.has(id));
  return set.ok ? answer(null) : refuse(set.problem);
}

/**
 * What a list with this address holds, on whatever page, to be tested.
 * @param search of the address, as `location.search` has it
 */
export async function listedByAddress(
  search: unknown,
): Promise<Answer<readonly { readonly id: string; readonly name: string }[]>> {
  const actor = await actionActor("connections:read");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = z.string().max(20_000).safeParse(search);
  if (!parsed.success) return refuse(problem("setting-invalid", { field: "search" }));
  return answer(await matchingConnections(actor.value, connectionsQuery(wordsOfAddress(parsed.data))));
}

/** Whether the caller may do this with all of these saved connections. @returns `not-found`, `not-allowed` */
async function savedWith(
  opened: Workspace,
  actor: Actor,
  act: ConnectionAct,
  wanted: readonly string[],
): Promise<Result<void>> {
  for (const id of new Set(wanted)) {
    const found = await findConnection(opened, actor, id);
    if (!found.ok) return found;
    if (found.value === undefined || found.value.unsaved !== undefined) return failed(problem("not-found"));
    const allowed = mayWith(actor, act, found.value);
    if (!allowed.ok) return allowed;
  }
  return ok(undefined);
}
