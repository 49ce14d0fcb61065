import { type ConnectionProfile, newDraft } from "#lib/profiles/profile.ts";
import { Secret } from "#lib/secret.ts";

/** A saved connection to a sample server, in plain text unless said otherwise. */
export function sampleProfile(
  given: Partial<ConnectionProfile> & { readonly port: number; readonly password?: string },
): ConnectionProfile {
  const { password = "secret", ...rest } = given;
  return {
    ...newDraft(),
    id: "profile-1",
    rev: 1,
    name: "Sample",
    host: "127.0.0.1",
    database: "postgres",
    user: "app",
    tls: { ...newDraft().tls, mode: "disable", trust: "own" },
    connectTimeoutMs: 10_000,
    allowWeakPassword: true,
    secrets: { password: new Secret(password) },
    createdAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
    ...rest,
  };
}
