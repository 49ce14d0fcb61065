"use client";

import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { Button } from "#components/ui/button.tsx";
import type { Provider, ProviderId } from "#lib/providers/list.ts";
import { notesFor } from "#lib/providers/recognise-provider.ts";
import { useFieldChanges } from "./field-changes.ts";
import { ProviderOffer } from "./provider-offer.tsx";
import { RootsHere } from "./roots-here.tsx";
import { useProviderDefaults } from "./use-provider-defaults.ts";

interface Props {
  /** The provider that the form was opened for. */
  readonly chosen: ProviderId | undefined;
  /** Told of the provider whenever the host belongs to another one. */
  readonly onProvider: (provider: Provider | undefined) => void;
}

/** What is known of the host's provider; its defaults are set once, as the host is recognised, and can be undone. */
export function ProviderNotes({ chosen, onProvider }: Props) {
  const t = useTranslations("form.provider");
  const words = useTranslations("providers");
  const { changes } = useFieldChanges();
  const { host, provider, applied, undo, take } = useProviderDefaults(chosen);

  useEffect(() => onProvider(provider), [provider, onProvider]);

  if (provider === undefined) return null;
  const set = applied === undefined ? [] : changes(applied.change, applied.before);
  return (
    <section
      data-focus-home
      tabIndex={-1}
      aria-label={t("title", { provider: provider.name })}
      className="animate-appear rounded-lg border border-line bg-surface px-4 py-3.5 shadow-card sm:px-6"
    >
      <h2 className="text-[0.9375rem] font-semibold">{t("title", { provider: provider.name })}</h2>
      {applied !== undefined && set.length > 0 && (
        <p className="mt-1.5 rounded-md bg-accent-soft px-2.5 py-1.5 text-xs">
          {t("changed", { list: set.map(({ label, to }) => `${label}: ${to}`).join(", ") })}{" "}
          <Button look="quiet" size="sm" className="-my-1" onClick={undo}>
            {t("undo")}
          </Button>
        </p>
      )}
      <ProviderOffer host={host} onTake={take} />
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
