import "server-only";
import { normalisePem, pemBlocks } from "#lib/certificates/pem-kind.ts";
import { Secret } from "#lib/secret.ts";
import { type FormValues, isTokenSignIn } from "#lib/settings/form-values.ts";
import type { ProfileSecrets } from "./profile.ts";

/**
 * The secrets that a connection has after a save: typed now, or kept where the form says so. A passphrase belongs to
 * its key: it leaves with the key, is never used for another, and a key that is not encrypted has none.
 * @param kept what the saved connection holds
 */
export function secretsOf(values: FormValues, kept: ProfileSecrets): ProfileSecrets {
  const password = secretOf(values.secretActs.password, values.password, kept.password);
  const clientKey = secretOf(values.secretActs.clientKey, keyText(values.clientKey), kept.clientKey);
  const keptPassphrase = clientKey === kept.clientKey ? kept.keyPassphrase : undefined;
  const passphrase = secretOf(values.secretActs.keyPassphrase, values.keyPassphrase, keptPassphrase);
  const usesKeys = isTokenSignIn(values.signIn) && values.tokenCredentials === "keys";
  const tokenSecret = usesKeys
    ? secretOf(values.secretActs.tokenSecret, values.tokenSecret, kept.tokenSecret)
    : undefined;
  const locked = clientKey !== undefined && pemBlocks(clientKey.reveal()).some((block) => block.encrypted);
  return {
    ...(password ? { password } : {}),
    ...(clientKey ? { clientKey } : {}),
    ...(passphrase && locked ? { keyPassphrase: passphrase } : {}),
    ...(tokenSecret ? { tokenSecret } : {}),
  };
}

function secretOf(
  act: FormValues["secretActs"]["password"],
  typed: string,
  kept: Secret | undefined,
): Secret | undefined {
  if (act === "remove") return undefined;
  return typed === "" ? kept : new Secret(typed);
}

/** Of a bundle the first private key alone; text that holds none stays, for `readMaterial` to refuse. */
function keyText(text: string): string {
  if (text.trim() === "") return "";
  const clean = normalisePem(text);
  const blocks = pemBlocks(clean);
  const keys = blocks.filter((block) => block.kind === "private-key");
  return blocks.length > 1 && keys[0] ? keys[0].pem : clean;
}
