import "server-only";
import { changedSettings } from "#lib/profiles/changed-settings.ts";
import type { ConnectionProfile, ProfileDraft } from "#lib/profiles/profile.ts";
import { formValues } from "#lib/profiles/profile-view.ts";
import { secretFields } from "#lib/settings/form-values.ts";
import type { Actor } from "#lib/team/access.ts";
import type { AuditEvent, AuditSubject } from "#lib/team/audit.ts";
import { requestSource, site } from "./request-origin.ts";
import { sentHeaders } from "./sent-headers.ts";

/** Whoever is behind this request, as the audit log names them. */
export async function auditSubject(actor: Actor): Promise<AuditSubject> {
  const source = requestSource(await sentHeaders(), site());
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

/**
 * Stored secrets that their giver leads on, as the audit log tells of it: which connection's, and from what to what.
 * @param led the secrets; none makes no event
 */
export function leadOf(
  draft: ProfileDraft,
  previous: ConnectionProfile | undefined,
  led: readonly string[],
): readonly AuditEvent[] {
  if (led.length === 0) return [];
  const changes = previous === undefined ? [] : changedSettings(formValues(draft), formValues(previous));
  const object = previous?.id ?? draft.name;
  return [{ action: "connection-lead", object, target: auditTarget(draft), secrets: led, changes }];
}

/** A new connection, as the audit log tells of it. */
export function creationOf(draft: ProfileDraft): AuditEvent {
  const secrets = secretFields.filter((field) => draft.secrets[field] !== undefined);
  return { action: "connection-create", object: draft.name, target: auditTarget(draft), secrets };
}
