import { type CheckedFields, checksOfForm } from "#lib/settings/checks-of.ts";

/** What the form, as it stands, promises of the connection; a key of `promise` in `messages/<locale>/form.json`. */
export type Promised = "plain" | "opportunistic" | "self-signed" | "unchecked" | "chain" | "full";

/** What will be checked with these settings, as the form says it. */
export function promisedChecks(values: CheckedFields): Promised {
  const { encryption, server } = checksOfForm(values);
  if (encryption === "none") return "plain";
  if (encryption === "optional") return "opportunistic";
  if (server === "none") return values.allowSelfSigned ? "self-signed" : "unchecked";
  return server === "chain" ? "chain" : "full";
}
