import type { CertificateFacts, KeyFacts } from "#lib/certificates/material.ts";
import type { FormValues, SecretField } from "#lib/settings/form-values.ts";
import type { ImportNote } from "./profile.ts";

/** A connection as the browser may see it. It has no field that could hold a secret. */
export interface ProfileView {
  readonly id: string;
  readonly rev: number;
  /** What the form starts with; its secret fields are empty. */
  readonly values: FormValues;
  /** Which secrets are stored. */
  readonly stored: Readonly<Record<SecretField, boolean>>;
  /** Which of them whoever looks has given, and may therefore lead on. */
  readonly yours: Readonly<Record<SecretField, boolean>>;
  readonly caCertificates: readonly CertificateFacts[];
  readonly clientCertificates: readonly CertificateFacts[];
  readonly clientKey?: KeyFacts;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly imported?: ImportNote;
  /** It is used without being saved. */
  readonly unsaved?: boolean;
}
