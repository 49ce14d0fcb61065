import { newDraft, type ProfileDraft } from "#lib/profiles/profile.ts";
import { Secret } from "#lib/secret.ts";

export interface WireSettings {
  readonly port: number;
  readonly host?: string;
  readonly address?: string;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly tls?: Partial<ProfileDraft["tls"]>;
  readonly clientKey?: string;
  readonly keyPassphrase?: string;
  readonly more?: Partial<ProfileDraft>;
}

/** A connection to try: Verify Full by default, with the few things that a test is about set apart. */
export function wireProfile(settings: WireSettings): ProfileDraft {
  const { port, host = "127.0.0.1", address, user = "app", database = "postgres" } = settings;
  return {
    ...newDraft(),
    name: "Sample",
    host,
    port,
    database,
    user,
    ...(address === undefined ? {} : { networkAddress: address }),
    tls: { ...newDraft().tls, trust: "own", ...settings.tls },
    connectTimeoutMs: 10_000,
    secrets: {
      ...(settings.password === undefined ? {} : { password: new Secret(settings.password) }),
      ...(settings.clientKey === undefined ? {} : { clientKey: new Secret(settings.clientKey) }),
      ...(settings.keyPassphrase === undefined ? {} : { keyPassphrase: new Secret(settings.keyPassphrase) }),
    },
    ...settings.more,
  };
}
