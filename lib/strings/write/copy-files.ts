import { normalisePem } from "#lib/certificates/pem-kind.ts";
import { type Draft, type FileName, remark } from "./copy-form.ts";
import type { TlsIntent } from "./tls-intent.ts";

/** The file that holds the roots, when the intent needs one; its content is the own CA, or the roots at hand. */
export function rootsFile(draft: Draft, intent: TlsIntent): FileName {
  const { values, options } = draft;
  if (intent.roots === "own") {
    draft.files.set("ca.pem", clean(values.ca));
    if (options.pinned === true) remark(draft, "pinned-needs-partial-chain");
  } else {
    draft.files.set("ca.pem", options.roots === undefined ? undefined : clean(options.roots));
    remark(draft, "roots-as-file", { source: intent.roots });
  }
  return "ca.pem";
}

/** The revocation list's file; undefined when there is none, or nothing is checked that it could speak of. */
export function crlFile(draft: Draft, intent: TlsIntent): FileName | undefined {
  if (!hasCrl(draft, intent)) return undefined;
  draft.files.set("revoked.crl", clean(draft.values.crl));
  return "revoked.crl";
}

/** Whether a revocation list takes part. */
export function hasCrl({ values }: Draft, { checks }: TlsIntent): boolean {
  return checks !== "none" && values.crl.trim() !== "";
}

/** The client certificate's files. The key's content goes along only where secrets were asked for and one was typed. */
export function clientFiles(draft: Draft): { readonly cert: FileName; readonly key: FileName } | undefined {
  const { values, options } = draft;
  if (!values.ssl || values.clientCertificate.trim() === "") return undefined;
  draft.files.set("client.crt", clean(values.clientCertificate));
  const key = options.withSecrets === true && values.clientKey.trim() !== "" ? values.clientKey : undefined;
  draft.files.set("client.key", key === undefined ? undefined : clean(key));
  if (key === undefined) remark(draft, "key-beside");
  return { cert: "client.crt", key: "client.key" };
}

/** Whether a passphrase for the client's key was typed, and may be written. */
export function typedPassphrase({ values, options }: Draft): string | undefined {
  if (options.withSecrets !== true || values.keyPassphrase === "") return undefined;
  return values.clientCertificate.trim() === "" || !values.ssl ? undefined : values.keyPassphrase;
}

function clean(pem: string): string {
  return `${normalisePem(pem).trim()}\n`;
}
