import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { Secret } from "#lib/secret.ts";

/** A saved connection to a sample server, in plain text unless said otherwise. */
export function sampleProfile(
  given: Partial<ConnectionProfile> & { readonly port: number; readonly password?: string },
): ConnectionProfile {
  const { password = "secret", ...rest } = given;
  return {
    id: "profile-1",
    rev: 1,
    name: "Sample",
    environment: "none",
    host: "127.0.0.1",
    database: "postgres",
    user: "app",
    signIn: "password",
    tls: {
      mode: "disable",
      trust: "own",
      allowSelfSigned: false,
      minVersion: "TLSv1.2",
      maxVersion: "TLSv1.3",
      negotiation: "postgres",
      channelBinding: "prefer",
      sni: true,
    },
    connectTimeoutMs: 10_000,
    applicationName: "",
    options: "",
    allowWeakPassword: true,
    secrets: { password: new Secret(password) },
    createdAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
    ...rest,
  };
}
