"use server";

import { z } from "zod";
import { attempts } from "#app/_server/attempts.ts";
import { auditSubject, creationOf } from "#app/_server/audit-subject.ts";
import { actionActor } from "#app/_server/guard.ts";
import { leaderOf } from "#app/_server/leader-of.ts";
import { workspace } from "#app/_server/workspace.ts";
import { KeyOpener } from "#lib/certificates/unlock-key.ts";
import type { FieldProblems } from "#lib/problems/field-messages.ts";
import { problem } from "#lib/problems/problem.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { mostConnections } from "#lib/strings/read/read-connections.ts";
import type { ImportAnswer } from "./import-answer.ts";
import { draftFor, refused } from "./read-form.ts";

const rowsSchema = z.array(z.unknown()).min(1).max(mostConnections);

/**
 * Saves several new connections at once: each is checked as the form's own is, and either all are saved or none.
 * @param rows forms, as `saveConnection` takes one
 */
export async function importConnections(rows: unknown): Promise<ImportAnswer> {
  const actor = await actionActor("connections:save");
  if (!actor.ok) return refused(actor.problem);
  const counted = attempts().read(actor.value.id);
  if (!counted.ok) return refused(counted.problem);
  const given = rowsSchema.safeParse(rows);
  if (!given.success) return refused(problem("setting-invalid", { field: "connections" }));
  const opened = await workspace();
  if (!opened.ok) return refused(opened.problem);
  const { audit, givenRoots, grants, profiles, sessions } = opened.value;
  const leader = await leaderOf(actor.value, sessions);
  const roots = await givenRoots.kinds();
  if (!roots.ok) return refused(roots.problem);

  const keys = new KeyOpener();
  const drafts: ProfileDraft[] = [];
  const problems: (FieldProblems | null)[] = [];
  for (const row of given.data) {
    await keys.breathe();
    const parsed = await draftFor(actor.value, leader, row, undefined, roots.value, keys);
    if (parsed.ok) drafts.push(parsed.value);
    problems.push(parsed.ok ? null : parsed.problem);
  }
  if (drafts.length < given.data.length) return { type: "rows", problems };
  const saved = await audit.during(await auditSubject(actor.value), drafts.map(creationOf), () =>
    profiles.createAll(drafts, actor.value.id, grants.starting(actor.value.id)),
  );
  return saved.ok ? { type: "saved", count: saved.value.length } : refused(saved.problem);
}
