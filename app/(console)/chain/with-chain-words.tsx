"use client";

import { NextIntlClientProvider, useLocale, useMessages } from "next-intl";
import type { ComponentType } from "react";

/** The words of chains, which come with what draws them: the page itself weighs none of it. */
const words: Readonly<Record<string, () => Promise<{ default: object }>>> = {
  en: () => import("#messages/en/chain.json"),
  fr: () => import("#messages/fr/chain.json"),
  "zh-TW": () => import("#messages/zh-TW/chain.json"),
};

/** For `lazy`: a component, in the language of the page. */
export async function withChainWords<P extends object>(
  loading: Promise<ComponentType<P>>,
): Promise<{ default: ComponentType<P> }> {
  const load = words[document.documentElement.lang] ?? words.en;
  const [Shown, loaded] = await Promise.all([loading, load?.()]);
  // biome-ignore lint/correctness/noComponentHookFactories: made once, by `lazy`
  function Worded(props: P) {
    const outside = useMessages();
    const locale = useLocale();
    return (
      <NextIntlClientProvider
        locale={locale}
        messages={{ ...outside, chain: loaded?.default } as typeof outside}
      >
        <Shown {...props} />
      </NextIntlClientProvider>
    );
  }
  return { default: Worded };
}
