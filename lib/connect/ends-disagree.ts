import type { ServerReport, TlsReport } from "#lib/wire/report.ts";

/** Where our own socket and the server's view of the session differ. */
export type Disagreement = "server-plaintext" | "server-encrypted" | "protocol" | "cipher";

/**
 * Compares both ends of the session.
 *
 * Behind a pooler or a TLS-terminating proxy, `pg_stat_ssl` describes the leg between it and the server, so the
 * two may differ without any fault of ours: our own socket is what we vouch for.
 * @returns every difference; empty when they agree or the server does not tell
 */
export function endsDisagree(
  tls: TlsReport | null,
  sees: ServerReport["sees"] | undefined,
): readonly Disagreement[] {
  if (sees === null || sees === undefined) return [];
  if (tls !== null && !sees.ssl) return ["server-plaintext"];
  if (tls === null) return sees.ssl ? ["server-encrypted"] : [];
  const found: Disagreement[] = [];
  if (sees.version !== null && sees.version !== tls.protocol) found.push("protocol");
  if (sees.cipher !== null && cipherParts(sees.cipher) !== cipherParts(tls.cipher)) found.push("cipher");
  return found;
}

/**
 * OpenSSL's and IANA's names of one suite, made comparable: `ECDHE-RSA-AES256-GCM-SHA384` is
 * `TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384`.
 */
function cipherParts(name: string): string {
  return name
    .toUpperCase()
    .replace(/^TLS_/, "")
    .replace(/_WITH_/, "-")
    .replace(/AES_(\d+)/, "AES$1")
    .replaceAll("_", "-")
    .replace(/(CHACHA20-POLY1305)-SHA256$/, "$1")
    .replace(/^(ECDHE|DHE)-/, "$1-");
}
