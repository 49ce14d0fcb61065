import { typedPassphrase } from "./copy-files.ts";
import { type Draft, remark } from "./copy-form.ts";

/** Where code finds the passphrase of the client's key: in the text when it was asked for, else the environment. */
export function passphraseSource(draft: Draft): "text" | "environment" | "nowhere" {
  if (!draft.values.ssl || draft.values.clientCertificate.trim() === "") return "nowhere";
  if (typedPassphrase(draft) !== undefined) return "text";
  remark(draft, "passphrase-from-environment");
  return "environment";
}
