import { z } from "zod";
import { attempts } from "#app/_server/attempts.ts";
import { auditSubject, auditTarget } from "#app/_server/audit-subject.ts";
import { explainedResponse } from "#app/_server/explained-response.ts";
import { findConnection } from "#app/_server/find-connection.ts";
import { handlerActor, mayWith } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { leaderOf } from "#app/_server/leader-of.ts";
import { workspace } from "#app/_server/workspace.ts";
import type { Exportable } from "#app/(console)/settings/carry/carry-answers.ts";
import { type AgeTarget, isRecipient, passphraseFlaw } from "#lib/carry/age-file.ts";
import { type TakenOut, takeOut } from "#lib/carry/connections-file.ts";
import { mostCarried } from "#lib/carry/read-carried.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { mayLeadSecret } from "#lib/profiles/may-lead.ts";
import type { ConnectionProfile, ProfileSecrets } from "#lib/profiles/profile.ts";
import { storedSecrets } from "#lib/profiles/stored-secrets.ts";
import { Secret } from "#lib/secret.ts";
import { secretFields } from "#lib/settings/form-values.ts";
import { type Actor, levelOf } from "#lib/team/access.ts";
import type { AuditEvent } from "#lib/team/audit.ts";
import type { Workspace } from "#lib/workspace.ts";

const question = z.strictObject({
  ids: z.array(z.string().min(1).max(100)).min(1).max(mostCarried),
  /** For whom secrets are sealed; null for a file without any. */
  seal: z
    .union([
      z.strictObject({ passphrase: z.string().min(1).max(256) }),
      z.strictObject({ recipient: z.string().min(1).max(200) }),
    ])
    .nullable(),
});

const mostBytes = 512 * 1024;

/** What the caller can take out: the connections whose settings they may see. */
export async function GET(request: Request): Promise<Response> {
  const actor = await handlerActor(request, "connections:read");
  if (actor instanceof Response) return actor;
  const opened = await workspace();
  if (!opened.ok) return explainedResponse(opened.problem);
  const { profiles, grants } = opened.value;
  const [all, book] = [await profiles.list(), await grants.read()];
  if (!all.ok) return explainedResponse(all.problem);
  if (!book.ok) return explainedResponse(book.problem);
  const found = all.value.flatMap(({ id, name, stored, givenBy }): readonly Exportable[] => {
    const level = levelOf(actor, book.value.of(id));
    if (level === "none") return [];
    const mine = secretFields.filter((field) => stored[field] && givenBy?.[field] === actor.id);
    const others = secretFields.filter((field) => stored[field] && givenBy?.[field] !== actor.id);
    return [{ id, name, manages: level === "manage", mine: mine.length, others: others.length }];
  });
  const sorted = found.sort((one, other) => one.name.localeCompare(other.name));
  return Response.json({ connections: sorted.slice(0, mostCarried) }, { headers: noStore });
}

/**
 * Connections as one file: without secrets to everybody who may see their settings; with secrets, sealed, to who manages
 * them and has just shown who they are. Of those only what they gave themself leaves: nobody is handed what a colleague
 * typed, whatever their role.
 */
export async function POST(request: Request): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const counted = attempts().read(actor.id);
  if (!counted.ok) return explainedResponse(counted.problem);
  const body = await jsonBody(request, question, mostBytes);
  if (!body.ok) return explainedResponse(body.problem);
  const { ids, seal } = body.value;
  const target = seal === null ? ok(undefined) : targetOf(seal);
  if (!target.ok) return explainedResponse(target.problem);
  const opened = await workspace();
  if (!opened.ok) return explainedResponse(opened.problem);
  const found = await chosenOf(opened.value, actor, ids, seal !== null);
  if (!found.ok) return explainedResponse(found.problem);
  if (
    seal !== null &&
    mayLeadSecret(actor.id, await leaderOf(actor, opened.value.sessions), Date.now()) !== "lead"
  )
    return explainedResponse(problem("not-allowed", { reason: "confirm" }));

  const belongings = await opened.value.labels.all();
  if (!belongings.ok) return explainedResponse(belongings.problem);
  const taken = found.value.map((profile): TakenOut & { readonly profile: ConnectionProfile } => ({
    profile,
    draft: profile,
    label: belongings.value.get(profile.id),
    stored: secretFields.filter((field) => storedSecrets(profile)[field]),
    secrets: seal === null ? {} : ownSecrets(profile, actor),
  }));
  // Noted before anything leaves; what cannot be noted is not done.
  const made = await opened.value.audit.during(await auditSubject(actor), taken.map(exportOf), () =>
    takeOut(taken, new Date(), target.value),
  );
  if (!made.ok) return explainedResponse(made.problem);
  const file = `connections.${seal === null ? "json" : "age"}`;
  return new Response(made.value, {
    headers: {
      ...noStore,
      "Content-Type": "application/octet-stream",
      "Content-Disposition": `attachment; filename="${file}"`,
    },
  });
}

const noStore = { "Cache-Control": "no-store" };

function targetOf(seal: NonNullable<z.infer<typeof question>["seal"]>): Result<AgeTarget> {
  if ("recipient" in seal) {
    const recipient = seal.recipient.trim();
    return isRecipient(recipient)
      ? ok({ recipients: [recipient] })
      : failed(problem("setting-invalid", { field: "recipient" }));
  }
  const passphrase = new Secret(seal.passphrase);
  const flaw = passphraseFlaw(passphrase);
  return flaw === undefined
    ? ok({ passphrase })
    : failed(problem("setting-invalid", { field: "passphrase", reason: flaw }));
}

async function chosenOf(
  opened: Workspace,
  actor: Actor,
  ids: readonly string[],
  withSecrets: boolean,
): Promise<Result<readonly ConnectionProfile[]>> {
  const chosen: ConnectionProfile[] = [];
  for (const id of new Set(ids)) {
    const found = await findConnection(opened, actor, id);
    if (!found.ok) return found;
    if (found.value === undefined || found.value.unsaved !== undefined) return failed(problem("not-found"));
    const allowed = mayWith(actor, withSecrets ? "connection:manage" : "data:read", found.value);
    if (!allowed.ok) return allowed;
    chosen.push(found.value.profile);
  }
  return ok(chosen);
}

/** An opened key goes with its passphrase: the file has that. */
function ownSecrets({ secrets, givenBy }: ConnectionProfile, { id }: Actor): ProfileSecrets {
  const own = secretFields.filter((field) => givenBy?.[field] === id && secrets[field] !== undefined);
  return Object.fromEntries(own.map((field) => [field, secrets[field]]));
}

function exportOf({ profile, secrets = {} }: TakenOut & { readonly profile: ConnectionProfile }): AuditEvent {
  return {
    action: "connection-export",
    object: profile.id,
    target: auditTarget(profile),
    secrets: Object.keys(secrets),
  };
}
