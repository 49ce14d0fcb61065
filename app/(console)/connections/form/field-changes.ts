"use client";

import { useTranslations } from "next-intl";
import { pemBlocks } from "#lib/certificates/pem-kind.ts";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";

export type FieldName = keyof FormChange;

export interface FieldChange {
  readonly field: FieldName;
  readonly label: string;
  readonly from: string;
  readonly to: string;
}

/** Says what a change does to the form, field by field, in words; secrets only as given or empty. */
export function useFieldChanges(): {
  readonly changes: (change: FormChange, before: FormValues) => readonly FieldChange[];
  readonly value: (field: FieldName, values: FormChange) => string;
  readonly label: (field: FieldName) => string;
} {
  const t = useTranslations("form");

  const label = (field: FieldName) => t(`labels.${field}`);

  function value(field: FieldName, values: FormChange): string {
    const given = values[field];
    if (typeof given === "boolean") return t(given ? "choices.on" : "choices.off");
    if (given === undefined || given === "") return t("choices.empty");
    switch (field) {
      case "mode":
        return t(`modes.${given}.title`);
      case "trust":
        return t(`trusts.${given}.title`);
      case "environment":
      case "signIn":
      case "negotiation":
      case "channelBinding":
      case "tokenCredentials":
        return t(`choices.${field}.${given}`);
      case "minVersion":
      case "maxVersion":
        return t(`choices.version.${given.replace(".", "_")}`);
      case "ca":
      case "clientCertificate":
        return t("choices.certificates", { count: pemBlocks(given).length });
      case "crl":
      case "password":
      case "clientKey":
      case "keyPassphrase":
      case "tokenSecret":
        return t("choices.given");
      default:
        return given;
    }
  }

  function changes(change: FormChange, before: FormValues): readonly FieldChange[] {
    return (Object.keys(change) as FieldName[])
      .filter((field) => change[field] !== before[field])
      .map((field) => ({ field, label: label(field), from: value(field, before), to: value(field, change) }));
  }

  return { changes, value, label };
}
