"use client";

import { createContext } from "react";

/** What the error page says; `{reference}` stands where the reference goes. */
export interface ErrorText {
  readonly title: string;
  readonly body: string;
  readonly action: string;
}

const nothing: ErrorText = { title: "", body: "{reference}", action: "" };

/** The words of the error page. They come with the frame of the page: no translator is sent for three sentences. */
export const ErrorWords = createContext(nothing);

export function ErrorWordsProvider({
  words,
  children,
}: {
  readonly words: ErrorText;
  readonly children: React.ReactNode;
}) {
  return <ErrorWords value={words}>{children}</ErrorWords>;
}
