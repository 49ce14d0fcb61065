import "server-only";
import { headers } from "next/headers";
import { cache } from "react";
import { type Locale, locales } from "#messages/load-messages.ts";
import { ownPreferences } from "./own-preferences.ts";
import { preferredLocale } from "./preferred-locale.ts";
import { cookieValue } from "./request-origin.ts";

/** The cookie that remembers a language before anybody is signed in. */
export const languageCookie = "cloak_language";

/** The language of this answer: what the user chose, else this browser's cookie, else what the browser asks for. */
export const currentLocale = cache(async (): Promise<Locale> => {
  const { language } = await ownPreferences();
  return localeOf(language, await headers());
});

/** The same from its parts. @param language what the user chose */
export function localeOf(language: string | null, sent: Headers): Locale {
  return (
    asLocale(language) ??
    asLocale(cookieValue(sent.get("cookie"), languageCookie)) ??
    preferredLocale(sent.get("accept-language"), locales) ??
    "en"
  );
}

/** The zone in which times are shown: what the user chose, else UTC, which is said beside each time. */
export const currentTimeZone = cache(async (): Promise<string> => {
  return (await ownPreferences()).timeZone ?? "UTC";
});

function asLocale(text: string | null | undefined): Locale | undefined {
  return locales.find((locale) => locale === text);
}
