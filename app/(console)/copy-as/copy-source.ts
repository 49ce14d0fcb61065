import type { FormValues } from "#lib/settings/form-values.ts";

/** The connection to write: a saved one, or a form as it stands. */
export type CopySource = { readonly id: string } | { readonly form: () => FormValues };
