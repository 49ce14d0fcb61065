import { useEffect, useEffectEvent, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import type { FormSetting } from "./form-setting.tsx";
import { type EntriesPlace, forgetEntries, keepEntries, readEntries } from "./kept-entries.ts";

export interface KeptEntries {
  /** Whether what is shown came back from an earlier visit. */
  readonly restored: boolean;
  /** Takes them away, and the form back to what is saved. */
  readonly discard: () => void;
  /** They are saved, and need not be kept. */
  readonly forget: () => void;
}

interface Around {
  readonly form: UseFormReturn<FormValues>;
  /** Undefined: nothing is kept. */
  readonly place: EntriesPlace | undefined;
  readonly setting: Pick<FormSetting, "pieces" | "restoredHost">;
  readonly onRestored: (fields: readonly (keyof FormValues)[]) => void;
}

/** Brings back what was typed and not saved, and keeps it whenever a field or the page is left. */
export function useKeptEntries({ form, place, setting, onRestored }: Around): KeptEntries {
  const [restored, setRestored] = useState(false);

  const restore = useEffectEvent(() => {
    const entries = place && readEntries(place);
    if (entries === undefined) return;
    setting.restoredHost.current = entries.host;
    for (const [name, value] of Object.entries(entries)) {
      form.setValue(name as keyof FormValues, value, { shouldDirty: true });
    }
    onRestored(Object.keys(entries) as (keyof FormValues)[]);
    setRestored(true);
  });

  const keep = useEffectEvent(() => {
    if (place === undefined) return;
    const saved = { ...newFormValues, ...(form.formState.defaultValues as Partial<FormValues>) };
    keepEntries(
      place,
      form.getValues(),
      saved,
      (field) => setting.pieces.current.has(field) || form.getFieldState(field).invalid,
    );
  });

  function forget(): void {
    if (place !== undefined) forgetEntries(place);
    setRestored(false);
  }

  useEffect(() => {
    restore();
    const onLeave = () => keep();
    window.addEventListener("pagehide", onLeave);
    document.addEventListener("focusout", onLeave);
    return () => {
      window.removeEventListener("pagehide", onLeave);
      document.removeEventListener("focusout", onLeave);
      keep();
    };
  }, []);

  return {
    restored,
    discard: () => {
      forget();
      form.reset();
    },
    forget,
  };
}
