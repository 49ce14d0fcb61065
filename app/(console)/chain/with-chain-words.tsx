"use client";

import type { ComponentType } from "react";
import { withOwnWords } from "#components/with-own-words.tsx";

/** The words of chains, which come with what draws them: the page itself weighs none of it. */
const words = {
  namespace: "chain",
  load: {
    en: () => import("#messages/en/chain.json"),
    fr: () => import("#messages/fr/chain.json"),
    "zh-TW": () => import("#messages/zh-TW/chain.json"),
  },
};

/** For `lazy`: a component, in the language of the page. */
export function withChainWords<P extends object>(loading: Promise<ComponentType<P>>) {
  return withOwnWords(words, loading);
}
