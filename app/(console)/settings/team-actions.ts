"use server";

import { z } from "zod";
import { type Answer, answer, refuse } from "#app/_server/answer.ts";
import { auditSubject } from "#app/_server/audit-subject.ts";
import { actionActor } from "#app/_server/guard.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import type { Result } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { closeClientsOfUser } from "#lib/session/close-clients.ts";
import { roles } from "#lib/team/access.ts";

const newMember = z.strictObject({
  name: z.string().max(256),
  password: z.string().max(256),
  role: z.enum(roles),
});
const memberState = z.tuple([z.string().min(1).max(100), z.boolean()]);

/** Adds somebody who can sign in. */
export async function addMember(input: unknown): Promise<Answer<null>> {
  const actor = await actionActor("team:manage");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = newMember.safeParse(input);
  if (!parsed.success)
    return refuse(problem("setting-invalid", { field: String(parsed.error.issues[0]?.path[0]) }));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { name, password, role } = parsed.data;
  const { audit, users } = opened.value;
  const created = await audit.during(
    await auditSubject(actor.value),
    { action: "member-add", object: `${name} (${role})` },
    () => users.create({ name, password: new Secret(password), role }),
  );
  return created.ok ? answer(null) : refuse(created.problem);
}

/** Shuts somebody out at once (sessions and database clients end), or lets them in again. */
export async function setMemberDisabled(id: unknown, disabled: unknown): Promise<Answer<null>> {
  const actor = await actionActor("team:manage");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = memberState.safeParse([id, disabled]);
  if (!parsed.success) return refuse(problem("not-found"));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const [memberId, shut] = parsed.data;
  const { audit, users, sessions } = opened.value;
  const changed = await audit.during(
    await auditSubject(actor.value),
    { action: shut ? "member-disable" : "member-enable", object: memberId },
    async (): Promise<Result<unknown>> => {
      const set = await users.setDisabled(memberId, shut);
      if (!set.ok || !shut) return set;
      await closeClientsOfUser(memberId);
      return sessions.endAll(memberId);
    },
  );
  return changed.ok ? answer(null) : refuse(changed.problem);
}
