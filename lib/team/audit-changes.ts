import "server-only";
import { createHash } from "node:crypto";
import type { ConnectionProfile, ProfileDraft } from "#lib/profiles/profile.ts";
import { formValues } from "#lib/profiles/profile-view.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { AuditChange } from "#lib/team/audit.ts";

/**
 * The settings that a save changes, as the audit log tells them: in the words of the form, which holds no stored secret.
 * A certificate is told by the beginning of its text's hash; startup options, in which somebody may have written a
 * secret, by their name alone.
 */
export function settingChanges(previous: ConnectionProfile, draft: ProfileDraft): readonly AuditChange[] {
  const before = formValues(previous);
  const after = formValues(draft);
  return (Object.keys(before) as (keyof FormValues)[])
    .filter((field) => field !== "secretActs" && before[field] !== after[field])
    .map((field) => ({ field, from: told(field, before[field]), to: told(field, after[field]) }));
}

function told(field: keyof FormValues, value: FormValues[keyof FormValues]): string {
  const text = String(value);
  if (text === "") return "";
  if (field === "options") return "…";
  if (!material.has(field)) return text;
  return `sha256 ${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}

const material: ReadonlySet<keyof FormValues> = new Set(["ca", "clientCertificate", "crl"]);
