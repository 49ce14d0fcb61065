import type { FormValues } from "#lib/settings/form-values.ts";
import { shapeReasons } from "#lib/settings/shape-reasons.ts";
import { fieldCodes } from "./field-codes.ts";
import type { Problem } from "./problem.ts";

/** What is wrong with a form: at most one problem a field, and one of the form as a whole. */
export interface FieldProblems {
  readonly fields: Partial<Record<keyof FormValues, Problem>>;
  readonly form?: Problem;
}

/**
 * Mistakes that only a field of the form can have. They travel as `setting-invalid` with the id as the fact
 * `reason`, and the schema gives the id as its message. Their words stand in `messages/<locale>/material.json`
 * under `fields`.
 */
export const fieldReasons = [
  ...shapeReasons,
  "too-many-certificates",
  "self-signed-needs-ssl",
  "provider-needs-ssl",
  "provider-needs-require",
  "provider-needs-sni",
  "provider-refuses-options",
  "certificate-sign-in-needs-ssl",
  "certificate-sign-in-needs-certificate",
  "token-needs-ssl",
  "token-needs-verify-full",
  "token-needs-checks",
  "token-region-malformed",
  "token-region-needed",
  "token-credentials-of-aws",
  "token-credentials-of-host",
  "token-credentials-confirm",
  "token-profile-needed",
  "token-profile-malformed",
  "token-role-malformed",
  "token-key-malformed",
  "token-secret-needed",
  "token-tenant-malformed",
  "token-client-malformed",
  "direct-needs-require",
  "channel-binding-needs-ssl",
  "secret-empty",
  "secret-again",
  "secret-confirm",
] as const;

export type FieldReason = (typeof fieldReasons)[number];

/** What the schema gives as a message, and a key of `fields` in `messages/<locale>/material.json`. */
export type FieldMessage = FieldReason | (typeof fieldCodes)[number];

export const fieldMessages: readonly FieldMessage[] = [...fieldReasons, ...fieldCodes];

/** The key, under `fields` of `messages/<locale>/material.json`, of the line to show beside the field. */
export function fieldMessage(problem: Problem): FieldMessage {
  const reason = problem.code === "setting-invalid" ? problem.facts.reason : problem.code;
  return fieldMessages.find((known) => known === reason) ?? "form-unreadable";
}
