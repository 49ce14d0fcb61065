"use client";

import { useFormContext, useWatch } from "react-hook-form";
import type { FormValues } from "#lib/settings/form-values.ts";
import { CopyAsButton } from "../../copy-as/copy-as-button.tsx";

/** The form as code and commands. There is nothing to copy before there is a host. */
export function CopyFormAs() {
  const { control, getValues } = useFormContext<FormValues>();
  const host = useWatch({ control, name: "host" });
  if (host === "") return null;
  return (
    <div className="-mx-2.5 mt-1">
      <CopyAsButton source={{ form: getValues }} look="quiet" size="sm" />
    </div>
  );
}
