import type { FormValues } from "#lib/profiles/form-values.ts";
import { writeKeywords } from "./keywords.ts";
import { libpqParameters } from "./write-connection-string.ts";

/**
 * The `psql` command that does the same, for a POSIX shell; it asks for the password itself.
 *
 * psql takes certificates from files: the command names `ca.pem`, `client.crt`, `client.key` and `revoked.crl`
 * where the form holds such content, to be saved beside it under these names.
 * @returns "" while there is no host to speak of
 */
export function psqlCommand(values: FormValues): string {
  if (values.host === "" && values.networkAddress === "") return "";
  const parameters = libpqParameters(values);
  if (values.ssl) {
    // Nothing is verified then (C8), whatever the mode: libpq's word for that is `require` without a root.
    if (values.allowSelfSigned && values.mode !== "prefer" && values.mode !== "allow") {
      parameters.set("sslmode", "require");
      parameters.delete("sslrootcert");
    } else {
      const root = rootFor(values);
      if (root !== undefined) parameters.set("sslrootcert", root);
      if (root !== undefined && values.crl !== "") parameters.set("sslcrl", "revoked.crl");
    }
    if (values.clientCertificate !== "") {
      parameters.set("sslcert", "client.crt");
      parameters.set("sslkey", "client.key");
    }
  }
  return `psql ${quoteForShell(writeKeywords(parameters))}`;
}

function rootFor(values: FormValues): string | undefined {
  if (values.trust === "own") return values.ca === "" ? undefined : "ca.pem";
  if (values.mode === "verify-full") {
    // psql has no Mozilla store of its own; the system's holds the same public roots.
    return values.trust === "provider" ? "ca.pem" : "system";
  }
  // libpq takes `system` with verify-full only.
  return values.mode === "verify-ca" ? "ca.pem" : undefined;
}

/** Single quotes keep everything as it is, but themselves (POSIX shell, "Quoting"). */
function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
