"use client";

import { useFormContext } from "react-hook-form";
import type { FormValues, SecretField } from "#lib/settings/form-values.ts";
import { useFormSetting } from "./form-setting.tsx";

/** Puts a value into a secret's field; a stored one is thereby replaced. */
export function useSetSecret(): (field: SecretField, value: string) => void {
  const { setValue } = useFormContext<FormValues>();
  const { stored } = useFormSetting();
  return (field, value) => {
    setValue(field, value, { shouldDirty: true, shouldValidate: true });
    if (stored[field]) setValue(`secretActs.${field}`, "replace", { shouldDirty: true });
  };
}
