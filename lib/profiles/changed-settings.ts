import { pemBlocks } from "#lib/certificates/pem-kind.ts";
import { fieldNames, fields } from "#lib/settings/fields.ts";
import type { FormValues } from "#lib/settings/form-values.ts";

/** A setting that changes, in words that may be kept: never a secret, and of a certificate only how many there are. */
export interface ChangedSetting {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

/** What a change of a connection changes of its settings, in the order of the form. */
export function changedSettings(next: FormValues, before: FormValues): readonly ChangedSetting[] {
  return fieldNames.flatMap((field) => {
    if (fields[field].kept !== "shown" || next[field] === before[field]) return [];
    const said = (values: FormValues) =>
      fields[field].takes.kind === "pem"
        ? `${pemBlocks(String(values[field])).length} PEM`
        : String(values[field]);
    return [{ field, from: said(before), to: said(next) }];
  });
}
