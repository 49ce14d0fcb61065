"use client";

import { NextIntlClientProvider, useLocale, useMessages } from "next-intl";
import { type ComponentType, use } from "react";

/** The words of one namespace, by language, each in a file of its own. */
export interface OwnWords {
  readonly namespace: string;
  readonly load: Readonly<Record<string, () => Promise<{ default: object }>>>;
}

/**
 * Gives a component that loads late the words that load with it, in the language of the page. For `lazy`; the server may
 * draw it, too.
 * @param own made once, in its module: what was loaded is remembered with it
 */
export async function withOwnWords<P extends object>(
  own: OwnWords,
  loading: Promise<ComponentType<P>>,
): Promise<{ default: ComponentType<P> }> {
  // A browser loads both at once. A server, which has no document, learns the language when it draws.
  if (typeof document !== "undefined") void wordsIn(own, document.documentElement.lang);
  const Shown = await loading;
  // biome-ignore lint/correctness/noComponentHookFactories: made once, by `lazy`
  function Worded(props: P) {
    const outside = useMessages();
    const locale = useLocale();
    const words = use(wordsIn(own, locale));
    return (
      <NextIntlClientProvider
        locale={locale}
        messages={{ ...outside, [own.namespace]: words } as typeof outside}
      >
        <Shown {...props} />
      </NextIntlClientProvider>
    );
  }
  return { default: Worded };
}

const loaded = new WeakMap<OwnWords, Map<string, Promise<object | undefined>>>();

/** The same promise each time, as `use` needs it. */
function wordsIn(own: OwnWords, locale: string): Promise<object | undefined> {
  const known = loaded.get(own) ?? new Map<string, Promise<object | undefined>>();
  loaded.set(own, known);
  const before = known.get(locale);
  if (before !== undefined) return before;
  const load = own.load[locale] ?? own.load.en;
  const words = Promise.resolve(load?.()).then((file) => file?.default);
  known.set(locale, words);
  return words;
}
