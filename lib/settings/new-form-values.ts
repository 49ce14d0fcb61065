import { fieldNames, fields } from "./fields.ts";
import type { FormValues } from "./form-values.ts";

/** A new connection: SSL on, Verify Full, the system's trust. */
export const newFormValues = Object.fromEntries(
  fieldNames.map((name) => [name, fields[name].default]),
) as unknown as FormValues;
