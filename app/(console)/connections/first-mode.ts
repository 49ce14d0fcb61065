import "server-only";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import type { ClientMode } from "#lib/session/pooled-session.ts";

/** How a connection is opened before anybody says otherwise: production is read first. */
export function firstMode({ environment }: Pick<ProfileDraft, "environment">): ClientMode {
  return environment === "production" ? "read-only" : "read-write";
}
