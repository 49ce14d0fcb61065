import "server-only";
import { headers } from "next/headers";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { secretFields } from "#lib/settings/form-values.ts";
import type { Actor } from "#lib/team/access.ts";
import type { AuditEvent, AuditSubject } from "#lib/team/audit.ts";
import { requestSource, site } from "./request-origin.ts";

/** Whoever is behind this request, as the audit log names them. */
export async function auditSubject(actor: Actor): Promise<AuditSubject> {
  const source = requestSource(await headers(), site());
  return { actor: actor.id, sessionId: actor.sessionId, source };
}

/** The same before anybody is signed in. */
export function stranger(sent: Headers): AuditSubject {
  return { actor: null, source: requestSource(sent, site()) };
}

/** What is dialled, as the audit log names it. */
export function auditTarget(draft: ProfileDraft): string {
  return `${draft.networkAddress ?? draft.host}:${draft.port}`;
}

/** A new connection, as the audit log tells of it. */
export function creationOf(draft: ProfileDraft): AuditEvent {
  const secrets = secretFields.filter((field) => draft.secrets[field] !== undefined);
  return { action: "connection-create", object: draft.name, target: auditTarget(draft), secrets };
}
