import "server-only";
import type { SecretField } from "#lib/settings/form-values.ts";
import { changeEffects, secretsLed } from "./change-effects.ts";
import type { ConnectionProfile, ProfileDraft } from "./profile.ts";
import { formValues } from "./profile-view.ts";

/**
 * The stored secrets that a save would keep although they would then go to another server, as another user, or
 * over a connection that is weaker than the one they were given for. Whoever edits a connection must not be able
 * to have its password sent to a server of their own. A passphrase never leaves the host and goes with its key.
 */
export function secretsAtRisk(draft: ProfileDraft, previous: ConnectionProfile): readonly SecretField[] {
  return secretsLed(formValues(draft), formValues(previous)).filter(
    (field) => draft.secrets[field] !== undefined && draft.secrets[field] === previous.secrets[field],
  );
}

/**
 * Whether a save or a test would have the host's own cloud credentials sign in anywhere but where a saved connection has
 * them do so already. What they make lets its bearer in, and they are given to the host, not to whoever edits.
 */
export function hostCredentialsAtRisk(draft: ProfileDraft, previous: ConnectionProfile | undefined): boolean {
  if (!usesHost(draft)) return false;
  if (previous === undefined || !usesHost(previous)) return true;
  return changeEffects(formValues(draft), formValues(previous)).size > 0;
}

function usesHost({ token }: ProfileDraft): boolean {
  return token !== undefined && token.credentials !== "keys";
}
