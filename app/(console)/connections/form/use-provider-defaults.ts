import { useEffect, useRef, useState } from "react";
import { useFormContext, useFormState, useWatch } from "react-hook-form";
import type { Provider, ProviderId } from "#lib/providers/list.ts";
import { providerChange } from "#lib/providers/merge-defaults.ts";
import { findProvider, recogniseProvider } from "#lib/providers/recognise-provider.ts";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";
import { useFormSetting } from "./form-setting.tsx";

/** What was set for a host, and what stood there before. */
interface Applied {
  readonly change: FormChange;
  readonly before: FormValues;
}

export interface ProviderDefaults {
  readonly host: string;
  readonly provider: Provider | undefined;
  /** What was set as the host was recognised; undefined when nothing was, or when it was taken back. */
  readonly applied: Applied | undefined;
  readonly undo: () => void;
  readonly take: (change: FormChange) => void;
}

/**
 * Sets a provider's defaults once, as the host is recognised; they can be undone.
 * @param chosen whose form it is while the host tells of no other; its defaults stand in the form from the start
 */
export function useProviderDefaults(chosen: ProviderId | undefined): ProviderDefaults {
  const { control, getValues, setValue } = useFormContext<FormValues>();
  const { givenRoots, restoredHost } = useFormSetting();
  const [host, port] = useWatch({ control, name: ["host", "port"] });
  const provider = recogniseProvider(host, port) ?? (chosen && findProvider(chosen));
  const { defaultValues } = useFormState({ control });
  /** A connection that is only opened for editing keeps what it was saved with. */
  const known = useRef(recogniseProvider(defaultValues?.host ?? "", defaultValues?.port)?.id ?? chosen);
  const [applied, setApplied] = useState<Applied>();

  useEffect(() => {
    if (provider?.id === known.current) return;
    known.current = provider?.id;
    const cameBack = restoredHost.current === host;
    restoredHost.current = undefined;
    if (cameBack) return;
    // What only the last provider knows what to do with goes with it, where nobody has touched it since.
    if (applied !== undefined) take(leftovers(applied, getValues()));
    setApplied(undefined);
    if (provider === undefined) return;
    const before = structuredClone(getValues());
    const change = providerChange(provider, before, givenRoots);
    if (Object.keys(change).length === 0) return;
    take(change);
    setApplied({ change, before });
  });

  function take(change: FormChange): void {
    for (const [name, value] of Object.entries(change)) {
      setValue(name as keyof FormValues, value, { shouldDirty: true, shouldValidate: true });
    }
  }

  function undo(): void {
    if (applied !== undefined) take(undoing(applied));
    setApplied(undefined);
  }

  return { host, provider, applied, undo, take };
}

const peculiar = ["signIn", "negotiation", "channelBinding"] as const;

function leftovers({ change, before }: Applied, now: FormValues): FormChange {
  const left = peculiar.filter((name) => change[name] !== undefined && change[name] === now[name]);
  return Object.fromEntries(left.map((name) => [name, before[name]]));
}

function undoing({ change, before }: Applied): FormChange {
  return Object.fromEntries(
    (Object.keys(change) as (keyof FormChange)[]).map((name) => [name, before[name]]),
  );
}
