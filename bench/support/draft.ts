import { newDraft, type ProfileDraft, type TlsSettings } from "#lib/profiles/profile.ts";
import { Secret } from "#lib/secret.ts";

/** A connection to be kept, never dialled. */
export function draft(name: string, tls: Partial<TlsSettings>): ProfileDraft {
  return {
    ...newDraft(),
    name,
    host: "db.example.com",
    database: "shop",
    user: "app",
    tls: { ...newDraft().tls, ...tls },
    secrets: { password: new Secret("a password of the bench") },
  };
}
