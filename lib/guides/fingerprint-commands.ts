import { powershell, sh } from "./platform-guide.ts";

/*
 * How a server's own machine prints the SHA-256 fingerprint of its certificate. A file with a whole chain begins with
 * the server's own.
 */

/** From the file that `ssl_cert_file` names. */
export const printOnServer = sh("openssl x509 -in server.crt -noout -fingerprint -sha256");

/** For whoever has only a shell: PostgreSQL says which file it is; a path that is not absolute begins at its data. */
export const printBySettings = sh(
  [
    `cd "$(psql -XAtc 'show data_directory')"`,
    `openssl x509 -in "$(psql -XAtc 'show ssl_cert_file')" -noout -fingerprint -sha256`,
  ].join(" && "),
);

/** Without OpenSSL, which Windows does not have. */
export const printOnWindows = powershell(
  `$c = [Security.Cryptography.X509Certificates.X509Certificate2]::new("$(Resolve-Path server.crt)")`,
  "[BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($c.RawData))",
);
