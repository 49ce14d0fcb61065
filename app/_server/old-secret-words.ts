import "server-only";
import { getTranslations } from "next-intl/server";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import type { SecretAct, SecretField } from "#lib/settings/form-values.ts";
import { type Actor, can } from "#lib/team/access.ts";
import { isTextStore } from "#lib/vault/store.ts";
import type { Workspace } from "#lib/workspace.ts";

/**
 * What to say after a save that replaced or removed a secret: the revision before it is a backup now, and holds it.
 * Undefined where nothing did, no revisions are kept, or the caller may not take it out of them.
 */
export async function oldSecretWords(
  { store }: Workspace,
  actor: Actor,
  previous: Pick<ConnectionProfile, "secrets">,
  acts: Readonly<Record<SecretField, SecretAct>>,
): Promise<{ readonly text: string; readonly label: string } | undefined> {
  const isOld = ([field, act]: readonly [string, SecretAct]) =>
    act !== "keep" && previous.secrets[field as SecretField] !== undefined;
  if (!isTextStore(store) || !can(actor, "vault:manage") || !Object.entries(acts).some(isOld))
    return undefined;
  const t = await getTranslations("backups");
  return { text: t("stillHeld"), label: t("toBackups") };
}
