import { useState } from "react";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { advancedNames } from "./advanced-fields.tsx";

export interface Advanced {
  readonly open: boolean;
  readonly toggle: () => void;
  /** Opens it when one of these fields stands there. */
  readonly showWith: (fields: readonly (keyof FormValues)[]) => void;
}

/** Whether "Advanced" is open: at first when a saved connection has something there that should be in sight. */
export function useAdvanced(saved: FormValues | undefined): Advanced {
  const [open, setOpen] = useState(() => hasAdvanced(saved));
  return {
    open,
    toggle: () => setOpen(!open),
    showWith: (fields) => {
      if (fields.some(isAdvanced)) setOpen(true);
    },
  };
}

function hasAdvanced(values: FormValues | undefined): boolean {
  if (values === undefined) return false;
  return advancedNames.some((name) => values[name] !== newFormValues[name]);
}

function isAdvanced(field: keyof FormValues): boolean {
  return (advancedNames as readonly string[]).includes(field);
}
