import type { FormValues, SslMode } from "#lib/settings/form-values.ts";

/** What a connection's TLS settings come to, whoever carries them out. */
export interface TlsIntent {
  /** libpq's word, with what "Allow self-signed certificates" makes of it (C8). */
  readonly mode: SslMode;
  /** What is proved of the server before anything secret is sent. */
  readonly checks: "none" | "chain" | "chain-and-name";
  /** Where the roots come from; `none` where nothing is checked. */
  readonly roots: "none" | "system" | "mozilla" | "provider" | "own";
}

/**
 * What a connection's settings come to, by the same rules as the console's own handshake: only a CA given by content
 * makes Require, Prefer and Allow check the chain; Allow self-signed switches every check off.
 */
export function tlsIntent(values: FormValues): TlsIntent {
  if (!values.ssl) return { mode: "disable", checks: "none", roots: "none" };
  const mayFallBack = values.mode === "prefer" || values.mode === "allow";
  if (values.allowSelfSigned) {
    return { mode: mayFallBack ? values.mode : "require", checks: "none", roots: "none" };
  }
  const { mode, trust } = values;
  if (mode === "verify-full") return { mode, checks: "chain-and-name", roots: trust };
  if (mode === "verify-ca") return { mode, checks: "chain", roots: trust };
  return trust === "own" && values.ca.trim() !== ""
    ? { mode, checks: "chain", roots: "own" }
    : { mode, checks: "none", roots: "none" };
}
