import { type CheckedFields, type Checks, checksOfForm } from "#lib/settings/checks-of.ts";
import type { FormValues, SslMode } from "#lib/settings/form-values.ts";

/** What a connection's TLS settings come to, in libpq's words. */
export interface TlsIntent {
  /** libpq's word, with what "Allow self-signed certificates" makes of it. */
  readonly mode: SslMode;
  /** What is proved of the server before anything secret is sent. */
  readonly checks: Checks["server"];
  /** Where the roots come from; `none` where nothing is checked. */
  readonly roots: Checks["roots"];
}

/** What a client of libpq is told, so that it does what the console's own handshake does (`checksOf`). */
export function tlsIntent(values: CheckedFields): TlsIntent {
  const { encryption, server, roots } = checksOfForm(values);
  return { mode: wordFor(encryption, server, values.mode), checks: server, roots };
}

/** A verify mode that verifies nothing is `require`. */
function wordFor(
  encryption: Checks["encryption"],
  server: Checks["server"],
  mode: FormValues["mode"],
): SslMode {
  if (encryption === "none") return "disable";
  return encryption === "always" && server === "none" ? "require" : mode;
}
