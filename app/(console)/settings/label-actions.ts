"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { type Answer, answer, refuse } from "#app/_server/answer.ts";
import { attempts } from "#app/_server/attempts.ts";
import { auditSubject } from "#app/_server/audit-subject.ts";
import { actionActor } from "#app/_server/guard.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import { labelName } from "#lib/saved/label-name.ts";
import type { LabelChange } from "#lib/saved/labels.ts";
import { labelEvent } from "../connections/list/label-event.ts";
import { mostAtOnce } from "../connections/list/list-choices.ts";
import { hasLabel, labelsManagedBy } from "./managed-labels.ts";

const renaming = z.strictObject({
  kind: z.enum(["group", "tag"]),
  name: labelName,
  /** Null takes it from all of them. */
  to: labelName.nullable(),
});

/**
 * Gives a group or a tag another name on every connection that the caller manages, or takes it from them. Those of
 * others keep it. A name that is there already is joined.
 * @returns the ids of what has changed; `setting-invalid` of `name`, `not-found` where they manage none that has it,
 * `too-many-attempts`
 */
export async function renameLabel(ask: unknown): Promise<Answer<readonly string[]>> {
  const actor = await actionActor("connections:save");
  if (!actor.ok) return refuse(actor.problem);
  const counted = attempts().read(actor.value.id);
  if (!counted.ok) return refuse(counted.problem);
  const parsed = renaming.safeParse(ask);
  if (!parsed.success) return refuse(problem("setting-invalid", { field: "name" }));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { kind, name, to } = parsed.data;
  const managed = await labelsManagedBy(opened.value, actor.value);
  const theirs = [...managed].filter(([, label]) => hasLabel(label, kind, name));
  if (theirs.length === 0) return refuse(problem("not-found"));
  const change: LabelChange =
    kind === "group" ? { group: to } : { removeTags: [name], ...(to !== null && { addTags: [to] }) };
  const { audit, labels } = opened.value;
  const subject = await auditSubject(actor.value);
  const changed: string[] = [];
  for (let from = 0; from < theirs.length; from += mostAtOnce) {
    const some = theirs.slice(from, from + mostAtOnce);
    const events = some.flatMap(([id, label]) => labelEvent(id, label, change));
    if (events.length === 0) continue;
    const ids = some.map(([id]) => id);
    const done = await audit.during(subject, events, () => labels.change(ids, change));
    if (!done.ok) return refuse(done.problem);
    changed.push(...ids);
  }
  revalidatePath("/settings");
  return answer(changed);
}
