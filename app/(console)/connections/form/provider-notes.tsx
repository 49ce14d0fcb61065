"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { useFormContext, useFormState, useWatch } from "react-hook-form";
import { Button } from "#components/ui/button.tsx";
import { providerChange } from "#lib/providers/merge-defaults.ts";
import type { Provider } from "#lib/providers/provider.ts";
import { notesFor, recogniseProvider } from "#lib/providers/recognise-provider.ts";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";
import { useFieldChanges } from "./field-changes.ts";
import { useFormSetting } from "./form-setting.tsx";
import { ProviderOffer } from "./provider-offer.tsx";
import { RootsHere } from "./roots-here.tsx";

interface Applied {
  readonly change: FormChange;
  readonly before: FormValues;
}

interface Props {
  /** Told of the provider whenever the host belongs to another one. */
  readonly onProvider: (provider: Provider | undefined) => void;
}

/** What is known of the host's provider; its defaults are set once, as the host is recognised, and can be undone. */
export function ProviderNotes({ onProvider }: Props) {
  const t = useTranslations("form.provider");
  const words = useTranslations("providers");
  const { control, getValues, setValue } = useFormContext<FormValues>();
  const { changes } = useFieldChanges();
  const { givenRoots } = useFormSetting();
  const [host, port] = useWatch({ control, name: ["host", "port"] });
  const provider = recogniseProvider(host, port);
  const { defaultValues } = useFormState({ control });
  /** A connection that is only opened for editing keeps what it was saved with. */
  const known = useRef(recogniseProvider(defaultValues?.host ?? "", defaultValues?.port)?.id);
  const [applied, setApplied] = useState<Applied>();

  useEffect(() => onProvider(provider), [provider, onProvider]);

  useEffect(() => {
    if (provider?.id === known.current) return;
    known.current = provider?.id;
    // What only the last provider knows what to do with goes with it, where nobody has touched it since.
    if (applied !== undefined) write(leftovers(applied, getValues()));
    setApplied(undefined);
    if (provider === undefined) return;
    const before = structuredClone(getValues());
    const change = providerChange(provider, before, givenRoots);
    if (Object.keys(change).length === 0) return;
    write(change);
    setApplied({ change, before });
  });

  function write(change: FormChange): void {
    for (const [name, value] of Object.entries(change)) {
      setValue(name as keyof FormValues, value, { shouldDirty: true, shouldValidate: true });
    }
  }

  if (provider === undefined) return null;
  const set = applied === undefined ? [] : changes(applied.change, applied.before);
  return (
    <section
      aria-label={t("title", { provider: provider.name })}
      className="animate-appear rounded-lg border border-line bg-surface px-4 py-3.5 shadow-card"
    >
      <h2 className="text-[0.9375rem] font-semibold">{t("title", { provider: provider.name })}</h2>
      {applied !== undefined && set.length > 0 && (
        <p className="mt-1.5 rounded-md bg-accent-soft px-2.5 py-1.5 text-xs">
          {t("changed", { list: set.map(({ label, to }) => `${label}: ${to}`).join(", ") })}{" "}
          <Button
            look="quiet"
            size="sm"
            className="-my-1"
            onClick={() => {
              write(undoing(applied));
              setApplied(undefined);
            }}
          >
            {t("undo")}
          </Button>
        </p>
      )}
      <ProviderOffer host={host} onTake={write} />
      <ul className="mt-1.5 flex flex-col gap-1.5 text-[0.8125rem] text-muted">
        {notesFor(provider, host).map((id) => (
          <li key={id}>{words(id)}</li>
        ))}
        {provider.rootsSource === "mozilla" && <RootsHere provider={provider} />}
      </ul>
      <p className="mt-2 text-[0.8125rem]">
        <a
          href={`/help/providers/${provider.id}`}
          className="rounded-sm text-accent underline-offset-2 hover:underline"
        >
          {t("guide", { provider: provider.name })}
        </a>
      </p>
    </section>
  );
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
