import type { SslMode } from "#lib/settings/form-values.ts";
import { type Draft, remark } from "./copy-form.ts";
import type { TlsIntent } from "./tls-intent.ts";

/**
 * The mode for a client that checks nothing below verify-ca, whatever root it is given: as strong as the connection,
 * or stronger where it may also fall back to plain text.
 */
export function raisedMode(draft: Draft, { mode, checks }: TlsIntent): SslMode {
  if (checks !== "chain") return mode;
  if (mode === "prefer" || mode === "allow") remark(draft, "prefer-raised", { mode, written: "verify-ca" });
  return "verify-ca";
}
