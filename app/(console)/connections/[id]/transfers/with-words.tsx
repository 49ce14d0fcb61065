"use client";

import type { ComponentType } from "react";
import { withOwnWords } from "#components/with-own-words.tsx";

/** The words of exports and imports, which come with what says them: the page itself weighs none of it. */
const words = {
  namespace: "transfers",
  load: {
    en: () => import("#messages/en/transfers.json"),
    fr: () => import("#messages/fr/transfers.json"),
    "zh-TW": () => import("#messages/zh-TW/transfers.json"),
  },
};

/** For `lazy`: a component, in the language of the page. */
export function withWords<P extends object>(loading: Promise<ComponentType<P>>) {
  return withOwnWords(words, loading);
}
