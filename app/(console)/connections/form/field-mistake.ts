import type { FieldMessage } from "#lib/problems/field-messages.ts";
import type { FormValues } from "#lib/settings/form-values.ts";

/** A field that keeps the form from being used, in words. */
export interface FieldMistake {
  readonly field: keyof FormValues;
  readonly label: string;
  readonly words: string;
  readonly code: string;
  readonly message: FieldMessage;
}
