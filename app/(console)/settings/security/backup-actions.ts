"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { type Answer, answer, refuse } from "#app/_server/answer.ts";
import { auditSubject } from "#app/_server/audit-subject.ts";
import { actionActor } from "#app/_server/guard.ts";
import { workspace } from "#app/_server/workspace.ts";
import { tellingMoves } from "#lib/carry/told-moves.ts";
import { problem } from "#lib/problems/problem.ts";
import { profileKind } from "#lib/saved/profile-store.ts";
import { closeAllOf } from "#lib/session/close-clients.ts";
import { restoredUsers } from "#lib/team/restored-users.ts";
import type { EarlierRevision } from "#lib/vault/store.ts";
import type { Workspace } from "#lib/workspace.ts";
import { confirmOwnPassword } from "../../connections/confirm-actions.ts";

const password = z.string().min(1).max(256);
const restoring = z.strictObject({
  /** As the list has it: only what is in the store's own list is ever read. */
  place: z.string().max(4096),
  /** The revision that was in use when the differences were shown. */
  base: z.int().min(1),
  password,
});
const purging = z.strictObject({ what: z.enum(["secrets", "all"]), password });

/** How many backups open completely, every box of them. */
export async function verifyBackups(): Promise<Answer<{ readonly whole: number; readonly broken: number }>> {
  const actor = await actionActor("vault:manage");
  if (!actor.ok) return refuse(actor.problem);
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { backups } = opened.value;
  const kept = await backups.kept();
  if (!kept.ok) return refuse(kept.problem);
  let whole = 0;
  for (const revision of kept.value.revisions) {
    const judged = await backups.look(revision, true);
    if (!judged.ok) return refuse(judged.problem);
    if (judged.value?.state === "whole") whole += 1;
  }
  return answer({ whole, broken: kept.value.revisions.length - whole });
}

/** Puts an earlier revision in the place of the present one, after the caller has shown who they are. Everybody's session ends. */
export async function restoreBackup(input: unknown): Promise<Answer<null>> {
  const actor = await actionActor("vault:manage");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = restoring.safeParse(input);
  if (!parsed.success) return refuse(problem("setting-invalid", { field: "backup" }));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { audit, backups } = opened.value;
  const confirmed = await confirmOwnPassword(parsed.data.password);
  if (!confirmed.ok) return confirmed;
  const revision = await keptAt(parsed.data.place, opened.value);
  if (revision === undefined) return refuse(problem("not-found"));
  const judged = await backups.look(revision, true);
  if (!judged.ok) return refuse(judged.problem);
  const found = judged.value;
  if (found === undefined) return refuse(problem("not-found"));
  if (found.state !== "whole") return refuse(problem("vault-damaged", { reason: "content" }));
  const event = { action: "backup-restore", object: String(found.rev) } as const;
  const restored = await audit.during(await auditSubject(actor.value), event, () =>
    tellingMoves(opened.value, actor.value.id, () =>
      backups.restore(found.copy, parsed.data.base, restoredUsers),
    ),
  );
  if (!restored.ok) return refuse(restored.problem);
  // What is open with settings of before is for nobody to use.
  for (const { kind, added, changed } of found.differs) {
    if (kind === profileKind) for (const { id } of [...added, ...changed]) closeAllOf(id);
  }
  return answer(null);
}

/** Takes old secrets out of the backups, or all backups away, after the caller has shown who they are. */
export async function purgeBackups(input: unknown): Promise<Answer<{ readonly changed: number }>> {
  const actor = await actionActor("vault:manage");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = purging.safeParse(input);
  if (!parsed.success) return refuse(problem("setting-invalid", { field: "backup" }));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { audit, backups } = opened.value;
  const confirmed = await confirmOwnPassword(parsed.data.password);
  if (!confirmed.ok) return confirmed;
  const { what } = parsed.data;
  const choice = what === "all" ? ({ what } as const) : ({ what, kind: profileKind, id: null } as const);
  const purged = await audit.during(await auditSubject(actor.value), { action: "backup-purge" }, () =>
    backups.purge(choice),
  );
  if (!purged.ok) return refuse(purged.problem);
  revalidatePath("/settings/security");
  return answer({ changed: purged.value.dropped.length + purged.value.rewritten.length });
}

async function keptAt(place: string, { backups }: Workspace): Promise<EarlierRevision | undefined> {
  const kept = await backups.kept();
  return kept.ok ? kept.value.revisions.find((revision) => revision.place === place) : undefined;
}
