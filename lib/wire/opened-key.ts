import "server-only";
import { KeyOpener, plainPemOf } from "#lib/certificates/unlock-key.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { WireProblem } from "./evidence.ts";

/**
 * The profile with its client key open, where it is encrypted and TLS will show it. A saved one was opened when it was
 * saved; another is opened here, off the thread that answers everybody, and once for each profile.
 * @throws `WireProblem` with the reason why the key does not open
 */
export function withOpenedKey(profile: ProfileDraft): Promise<ProfileDraft> {
  const opening = openings.get(profile) ?? open(profile);
  openings.set(profile, opening);
  return opening;
}

const openings = new WeakMap<ProfileDraft, Promise<ProfileDraft>>();

async function open(profile: ProfileDraft): Promise<ProfileDraft> {
  const { secrets, tls } = profile;
  if (!tls.clientCertificate?.trim() || secrets.openedKey !== undefined) return profile;
  const opened = await new KeyOpener().openText(secrets.clientKey, secrets.keyPassphrase);
  if (opened === undefined || !opened.facts.encrypted) return profile;
  if (opened.problem !== undefined) throw new WireProblem(opened.problem.code, opened.problem.facts);
  const openedKey = plainPemOf(opened);
  return openedKey === undefined ? profile : { ...profile, secrets: { ...secrets, openedKey } };
}
