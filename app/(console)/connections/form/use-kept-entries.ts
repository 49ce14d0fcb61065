import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { type EntriesPlace, forgetEntries } from "./entries-place.ts";
import type { FormSetting } from "./form-setting.tsx";

let keeper: typeof import("./kept-entries.ts") | undefined;

/** What reads and keeps entries; fetched once the form stands. */
export async function loadKeeper(): Promise<typeof import("./kept-entries.ts")> {
  keeper ??= await import("./kept-entries.ts");
  return keeper;
}

export interface KeptEntries {
  /** Whether entries came back from an earlier visit, or can be brought back. */
  readonly state: "none" | "restored" | "offered";
  readonly bringBack: () => void;
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
  /** The form opens with a text that was just pasted: what was typed before does not mix with it. */
  readonly isGiven: boolean;
  readonly onRestored: (fields: readonly (keyof FormValues)[]) => void;
}

/** Brings back what was typed and not saved, and keeps it whenever a field or the page is left. */
export function useKeptEntries({ form, place, setting, isGiven, onRestored }: Around): KeptEntries {
  const [state, setState] = useState<KeptEntries["state"]>("none");
  const opensTab = useRef<boolean>(undefined);

  const restore = useEffectEvent(() => {
    if (place === undefined || keeper?.readEntries(place) === undefined) return;
    // Whoever opens the form by its address may want an empty one; by Back, a reload or a link it is the same visit.
    // What was typed while they were on their way stays.
    if (opensTab.current || isGiven || form.formState.isDirty) setState("offered");
    else bringBack();
  });

  function bringBack(): void {
    const entries = place && keeper?.readEntries(place);
    if (entries === undefined) return;
    setting.restoredHost.current = entries.host;
    for (const [name, value] of Object.entries(entries)) {
      form.setValue(name as keyof FormValues, value, { shouldDirty: true });
    }
    onRestored(Object.keys(entries) as (keyof FormValues)[]);
    setState("restored");
  }

  const keep = useEffectEvent(() => {
    if (place === undefined) return;
    if (state === "offered" && !form.formState.isDirty) return;
    const saved = { ...newFormValues, ...(form.formState.defaultValues as Partial<FormValues>) };
    keeper?.keepEntries(
      place,
      form.getValues(),
      saved,
      (field) => setting.pieces.current.has(field) || form.getFieldState(field).invalid,
    );
  });

  function forget(): void {
    if (place !== undefined) forgetEntries(place);
    setState("none");
  }

  const isKept = place !== undefined;
  useEffect(() => {
    let isGone = false;
    opensTab.current ??= isOpenedByAddress();
    if (keeper !== undefined) restore();
    else if (isKept) {
      const begin = () => {
        if (!isGone) restore();
      };
      // Without it the form works on, and keeps nothing.
      loadKeeper().then(begin, () => undefined);
    }
    const onLeave = () => keep();
    window.addEventListener("pagehide", onLeave);
    document.addEventListener("focusout", onLeave);
    return () => {
      isGone = true;
      window.removeEventListener("pagehide", onLeave);
      document.removeEventListener("focusout", onLeave);
      keep();
    };
  }, [isKept]);

  return {
    state,
    bringBack,
    discard: () => {
      forget();
      form.reset();
    },
    forget,
  };
}

/** Whether this very page was loaded by its address: typed, or from a bookmark. Answers so once for each load. */
function isOpenedByAddress(): boolean {
  const [load] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const first = !asked;
  asked = true;
  return first && load?.type === "navigate" && new URL(load.name).pathname === window.location.pathname;
}

let asked = false;
