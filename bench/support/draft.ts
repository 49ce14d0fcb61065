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

/** A connection to a server of the bench's own, without TLS. */
export function draftTo(port: number, name: string): ProfileDraft {
  return {
    ...newDraft(),
    name,
    host: "127.0.0.1",
    port,
    database: "postgres",
    user: "app",
    tls: { ...newDraft().tls, mode: "disable" },
    allowWeakPassword: true,
    secrets: { password: new Secret("secret") },
  };
}
