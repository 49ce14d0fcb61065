"use client";

import { NextIntlClientProvider, useLocale } from "next-intl";
import { type ReactNode, use } from "react";

/** Words of panes that are seldom opened, by language: each comes with its pane, not with the page. */
const words = {
  plan: {
    en: () => import("#messages/en/plan.json"),
    fr: () => import("#messages/fr/plan.json"),
    "zh-TW": () => import("#messages/zh-TW/plan.json"),
  },
  activity: {
    en: () => import("#messages/en/activity.json"),
    fr: () => import("#messages/fr/activity.json"),
    "zh-TW": () => import("#messages/zh-TW/activity.json"),
  },
} as const;

type Namespace = keyof typeof words;
type Loaded = Promise<{ readonly default: object }>;

const loaded = new Map<string, Loaded>();

/** Gives a pane its own words and no others; waits for them. */
export function PaneWords({ of, children }: { readonly of: Namespace; readonly children: ReactNode }) {
  const locale = useLocale();
  const { default: found } = use(load(of, locale));
  return (
    <NextIntlClientProvider locale={locale} messages={{ [of]: found }}>
      {children}
    </NextIntlClientProvider>
  );
}

function load(of: Namespace, locale: string): Loaded {
  const key = `${of} ${locale}`;
  const before = loaded.get(key);
  if (before !== undefined) return before;
  const languages: Readonly<Record<string, () => Loaded>> = words[of];
  const coming = (languages[locale] ?? words[of].en)();
  loaded.set(key, coming);
  // What did not come is asked for again.
  coming.catch(() => loaded.delete(key));
  return coming;
}
