import "server-only";
import { eachSecret } from "#lib/settings/fields.ts";
import type { StoredSecrets } from "./form-schema.ts";
import type { ConnectionProfile } from "./profile.ts";

/** Which secrets a saved connection holds; none of a new one. */
export function storedSecrets(profile: ConnectionProfile | undefined): StoredSecrets {
  return eachSecret((field) => profile?.secrets[field] !== undefined);
}
