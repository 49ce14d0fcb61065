import { clientFiles, crlFile, hasCrl, rootsFile, typedPassphrase } from "./copy-files.ts";
import { type Draft, remark } from "./copy-form.ts";
import { libpqParameters } from "./libpq-words.ts";
import { type TlsIntent, tlsIntent } from "./tls-intent.ts";

/**
 * The parameters that make a libpq client do what the connection does, with the files they name put into the draft.
 * @param systemStore whether this libpq has one: psql on Windows answers `sslrootcert=system` with "unregistered
 *   scheme" (D9), so it is given the roots as a file
 */
export function libpqWriting(
  draft: Draft,
  { systemStore = true }: { readonly systemStore?: boolean } = {},
): Map<string, string> {
  const { values } = draft;
  const intent = tlsIntent(values);
  const parameters = libpqParameters(values);
  parameters.set("sslmode", intent.mode);
  parameters.delete("sslrootcert");
  const root = rootFor(draft, intent, systemStore);
  const crl = crlFile(draft, intent);
  if (root !== undefined) parameters.set("sslrootcert", root);
  if (crl !== undefined) parameters.set("sslcrl", crl);
  const client = clientFiles(draft);
  if (client !== undefined) {
    parameters.set("sslcert", client.cert);
    parameters.set("sslkey", client.key);
    remark(draft, "key-permissions", { command: `chmod 600 ${client.key}` });
    const passphrase = typedPassphrase(draft);
    if (passphrase !== undefined) parameters.set("sslpassword", passphrase);
  }
  if (parameters.get("sslnegotiation") === "direct") remark(draft, "needs-libpq-17");
  return parameters;
}

function rootFor(draft: Draft, intent: TlsIntent, systemStore: boolean): string | undefined {
  if (intent.checks === "none") return undefined;
  if (intent.roots === "system" && intent.checks === "chain-and-name") {
    // libpq looks for a revocation list only where it loads a root file (fe-secure-openssl.c, initialize_SSL).
    if (hasCrl(draft, intent)) remark(draft, "crl-needs-file");
    else if (systemStore) {
      remark(draft, "system-store-libpq-16");
      return "system";
    } else remark(draft, "windows-no-system-store");
  }
  // Without its file libpq checks nothing in these modes, and says nothing.
  if (intent.mode !== "verify-ca" && intent.mode !== "verify-full") remark(draft, "root-file-required");
  return rootsFile(draft, intent);
}
