import "server-only";
import type { Result } from "#lib/problems/result.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import type { Label, Labels } from "#lib/saved/labels.ts";
import type { Moves } from "#lib/saved/moves.ts";
import { type ProfileStore, type SavedProfile, together } from "#lib/saved/profile-store.ts";
import { secretFields } from "#lib/settings/form-values.ts";
import type { Audit, AuditEvent, AuditSubject } from "#lib/team/audit.ts";
import { settingChanges } from "#lib/team/audit-changes.ts";
import type { Grants } from "#lib/team/grants.ts";
import type { ImportPlan } from "./import-plan.ts";
import { movesOf } from "./told-moves.ts";

/** What an import writes to. */
export interface Kept {
  readonly profiles: Pick<ProfileStore, "createAll">;
  readonly labels: Pick<Labels, "bringing">;
  readonly grants: Pick<Grants, "starting">;
  readonly moves: Pick<Moves, "note" | "drop">;
  readonly audit: Pick<Audit, "during">;
}

/**
 * Does what a plan says in one write: all of it or nothing. Whoever imports manages what is new; what was there keeps its
 * grants. It is noted first, one line a connection.
 * @param by the user who imports: maker of what is new and giver of its secrets; null for whoever runs the command line
 * @returns the new ones; `vault-changed-meanwhile` where one that is replaced is no longer what it was
 */
export async function bringIn(
  plan: ImportPlan,
  { profiles, labels, grants, moves, audit }: Kept,
  subject: AuditSubject,
  by: string | null,
): Promise<Result<readonly SavedProfile[]>> {
  const { create, over } = plan;
  const belongings = (ids: readonly string[]): ReadonlyMap<string, Label> =>
    new Map([
      ...create.flatMap(({ label }, index) => pair(ids[index], label)),
      ...over.flatMap(({ id, label }) => pair(id, label)),
    ]);
  const also = together(grants.starting(by), labels.bringing(belongings));
  const events = [...create.map(({ draft }) => creation(draft)), ...over.map(change)];
  return audit.during(subject, events, async () => {
    const noted: { readonly id: string; readonly rev: number }[] = [];
    const write = async (): Promise<Result<readonly SavedProfile[]>> => {
      // Told before it is saved, so that no move goes untold.
      for (const { id, baseRev, draft, previous } of over) {
        const changes = movesOf(draft, previous);
        if (changes.length === 0) continue;
        const [at, rev] = [new Date().toISOString(), baseRev + 1];
        const told = await moves.note({ connectionId: id, by: by ?? "command-line", at, rev, changes });
        if (!told.ok) return told;
        noted.push({ id, rev });
      }
      return profiles.createAll(
        create.map(({ draft }) => draft),
        by ?? undefined,
        also,
        over,
      );
    };
    const written = await write();
    if (written.ok) return written;
    for (const { id, rev } of noted) {
      const dropped = await moves.drop(id, rev);
      if (!dropped.ok) return dropped;
    }
    return written;
  });
}

function pair(id: string | undefined, label: Label | undefined): readonly (readonly [string, Label])[] {
  return id === undefined || label === undefined ? [] : [[id, label]];
}

function creation(draft: ProfileDraft): AuditEvent {
  const secrets = secretFields.filter((field) => draft.secrets[field] !== undefined);
  return { action: "connection-create", object: draft.name, target: targetOf(draft), secrets };
}

function change({ id, draft, acts, previous }: ImportPlan["over"][number]): AuditEvent {
  const secrets = secretFields.filter(
    (field) => acts[field] !== "keep" && (previous.secrets[field] ?? draft.secrets[field]) !== undefined,
  );
  const changes = settingChanges(previous, draft);
  return { action: "connection-change", object: id, target: targetOf(draft), secrets, changes };
}

function targetOf({ networkAddress, host, port }: ProfileDraft): string {
  return `${networkAddress ?? host}:${port}`;
}
