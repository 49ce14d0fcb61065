import "server-only";
import { eachSecret } from "#lib/settings/fields.ts";
import type { SecretAct, SecretField } from "#lib/settings/form-values.ts";
import type { ConnectionProfile, ProfileDraft } from "./profile.ts";

/**
 * What a save does with each secret. By what the draft holds, not by what the form said: a passphrase leaves together
 * with its key.
 * @param previous what the draft was made of; undefined for a new connection
 * @param before   what a save of that one would have done; left out where it is saved as it is
 */
export function secretActs(
  draft: ProfileDraft,
  previous: ConnectionProfile | undefined,
  before?: Readonly<Record<SecretField, SecretAct>>,
): Record<SecretField, SecretAct> {
  return eachSecret((field) => {
    const secret = draft.secrets[field];
    if (secret === undefined) return "remove";
    return secret === previous?.secrets[field] ? (before?.[field] ?? "keep") : "replace";
  });
}
