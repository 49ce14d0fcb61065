import { english, type Messages } from "./english.ts";

export type { Messages };
export { english };

/** The languages of the console, as BCP 47 tags. */
export const locales = ["en", "fr", "zh-TW"] as const;
export type Locale = (typeof locales)[number];

/** All words of a language, a namespace a key. A language is read when somebody wants it. */
export async function loadMessages(locale: Locale): Promise<Messages> {
  switch (locale) {
    case "en":
      return english;
    case "fr":
      return (await import("./french.ts")).french;
    case "zh-TW":
      return (await import("./traditional-chinese.ts")).traditionalChinese;
  }
}
