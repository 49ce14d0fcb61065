import * as englishWords from "./english.ts";

/** Every namespace and its words, as English has them: a language that lacks one does not compile below. */
export type Messages = typeof englishWords;

/** The English words, as a plain object: a module is none, and cannot be sent to the browser. */
export const english: Messages = { ...englishWords };

/** The languages of the console, as BCP 47 tags. */
export const locales = ["en", "fr", "zh-TW"] as const;
export type Locale = (typeof locales)[number];

/** All words of a language, a namespace a key. A language is read when somebody wants it. */
export async function loadMessages(locale: Locale): Promise<Messages> {
  switch (locale) {
    case "en":
      return english;
    case "fr":
      return { ...(await import("./french.ts")) };
    case "zh-TW":
      return { ...(await import("./traditional-chinese.ts")) };
  }
}
