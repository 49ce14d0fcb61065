"use server";

import { z } from "zod";
import { type Answer, answer, refuse } from "#app/_server/answer.ts";
import { auditSubject } from "#app/_server/audit-subject.ts";
import { endForbidden } from "#app/_server/end-forbidden.ts";
import { findConnection } from "#app/_server/find-connection.ts";
import { actionActor, mayWith } from "#app/_server/guard.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed } from "#lib/problems/result.ts";
import { levels } from "#lib/team/access.ts";
import type { AuditChange } from "#lib/team/audit.ts";
import type { SetGrants } from "#lib/team/grants.ts";
import type { User } from "#lib/team/users.ts";

const level = z.enum(levels);
const given = z.strictObject({
  id: z.string().min(1).max(100),
  /** Null: as the console has it for everybody. */
  rest: level.nullable(),
  /** Who is named, and what they have. Whoever is not has what everybody else has. */
  people: z.array(z.tuple([z.string().min(1).max(100), level])).max(1000),
});

/** Says who may do what with one connection; whoever manages it may. What is no longer allowed ends at once. */
export async function setAccess(input: unknown): Promise<Answer<null>> {
  const actor = await actionActor("connections:save");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = given.safeParse(input);
  if (!parsed.success) return refuse(problem("setting-invalid", { field: "access" }));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const found = await findConnection(opened.value, actor.value, parsed.data.id);
  if (!found.ok) return refuse(found.problem);
  if (found.value === undefined || found.value.unsaved !== undefined) return refuse(problem("not-found"));
  const allowed = mayWith(actor.value, "connection:manage", found.value);
  if (!allowed.ok) return refuse(allowed.problem);
  const { audit, grants, users } = opened.value;
  const people = await users.list();
  if (!people.ok) return refuse(people.problem);
  const book = await grants.read();
  if (!book.ok) return refuse(book.problem);
  const { id } = parsed.data;
  const isKnown = (userId: string) => people.value.some((user) => user.id === userId);
  const next: SetGrants = { rest: parsed.data.rest ?? undefined, people: new Map(parsed.data.people) };
  const changes = changesOf(book.value.set(id), next, people.value);
  const changed = await audit.during(
    await auditSubject(actor.value),
    { action: "access-change", object: id, changes },
    () => grants.set(id, next, isKnown),
  );
  if (!changed.ok) return refuse(changed.problem);
  const ended = await endForbidden(opened.value);
  return ended.ok ? answer(null) : refuse(ended.problem);
}

/** What everybody else has of a connection that does not say it itself. */
export async function setDefaultAccess(rest: unknown): Promise<Answer<null>> {
  const actor = await actionActor("team:manage");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = level.safeParse(rest);
  if (!parsed.success) return refuse(problem("setting-invalid", { field: "access" }));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { audit, grants } = opened.value;
  const book = await grants.read();
  if (!book.ok) return refuse(book.problem);
  const changes = [{ field: "rest", from: book.value.rest, to: parsed.data }];
  const changed = await audit.during(
    await auditSubject(actor.value),
    { action: "access-default", changes },
    () => grants.setDefault(parsed.data),
  );
  if (!changed.ok) return refuse(changed.problem);
  const ended = await endForbidden(opened.value);
  return ended.ok ? answer(null) : refuse(ended.problem);
}

/** Gives every connection that everybody manages since before there was access what the console says for everybody. */
export async function tightenAccess(): Promise<Answer<null>> {
  const actor = await actionActor("team:manage");
  if (!actor.ok) return refuse(actor.problem);
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { audit, grants, profiles } = opened.value;
  const changed = await audit.during(
    await auditSubject(actor.value),
    { action: "access-tighten" },
    async () => {
      const [all, broken] = [await profiles.list(), await profiles.damaged()];
      if (!all.ok) return failed(all.problem);
      if (!broken.ok) return failed(broken.problem);
      return grants.tighten([...all.value, ...broken.value].map(({ id }) => id));
    },
  );
  if (!changed.ok) return refuse(changed.problem);
  const ended = await endForbidden(opened.value);
  return ended.ok ? answer(null) : refuse(ended.problem);
}

/** As the audit log tells of it: `*` is everybody else, people by their names, empty what follows the rest. */
function changesOf(
  before: SetGrants | undefined,
  next: SetGrants,
  users: readonly User[],
): readonly AuditChange[] {
  const rest = {
    field: "*",
    from: before === undefined ? "manage" : (before.rest ?? ""),
    to: next.rest ?? "",
  };
  const people = users.map(({ id, name }) => ({
    field: name,
    from: before?.people.get(id) ?? "",
    to: next.people.get(id) ?? "",
  }));
  return [rest, ...people].filter(({ from, to }) => from !== to);
}
