import type { FormValues } from "#lib/settings/form-values.ts";

/** What the form, as it stands, promises of the connection; a key of `promise` in `messages/<locale>/form.json`. */
export type Promised = "plain" | "opportunistic" | "self-signed" | "unchecked" | "chain" | "full";

type Settings = Pick<FormValues, "ssl" | "mode" | "trust" | "ca" | "allowSelfSigned">;

/**
 * What will be checked with these settings. The wire decides by `checksOf`; a test holds the two together, so that
 * the form never promises what the wire does not do.
 */
export function promisedChecks(values: Settings): Promised {
  if (!values.ssl) return "plain";
  if (values.mode === "prefer" || values.mode === "allow") return "opportunistic";
  if (values.allowSelfSigned) return "self-signed";
  if (values.mode === "verify-full") return "full";
  if (values.mode === "verify-ca") return "chain";
  return values.trust === "own" && values.ca.trim() !== "" ? "chain" : "unchecked";
}
