"use client";

import { NextIntlClientProvider, useLocale, useMessages } from "next-intl";
import { type ReactNode, use, useMemo } from "react";
import type { Locale, Messages } from "#messages/load-messages.ts";

/** The words of changes, which a page brings only where something can be changed; around what says them. */
export function ChangesWords({ children }: { readonly children: ReactNode }) {
  const all = useMessages();
  const locale = useLocale();
  const changes = use(wordsOf(locale));
  const words = useMemo(() => ({ ...all, changes }), [all, changes]);
  return (
    <NextIntlClientProvider locale={locale} messages={words}>
      {children}
    </NextIntlClientProvider>
  );
}

const load: Readonly<Record<Locale, () => Promise<{ readonly default: Messages["changes"] }>>> = {
  en: () => import("#messages/en/changes.json"),
  fr: () => import("#messages/fr/changes.json"),
  "zh-TW": () => import("#messages/zh-TW/changes.json"),
};

const loaded = new Map<string, Promise<Messages["changes"]>>();

function wordsOf(locale: string): Promise<Messages["changes"]> {
  const kept = loaded.get(locale);
  if (kept !== undefined) return kept;
  const coming = load[(locale in load ? locale : "en") as Locale]().then((words) => words.default);
  loaded.set(locale, coming);
  // What did not come is asked for again.
  coming.catch(() => loaded.delete(locale));
  return coming;
}
