import { getRequestConfig } from "next-intl/server";
import { loadMessages } from "#messages/load-messages.ts";
import { currentLocale, currentTimeZone } from "./locale.ts";

/** What next-intl asks for once a request: the language, its words, and the zone times are shown in. */
export default getRequestConfig(async () => {
  const [locale, timeZone] = await Promise.all([currentLocale(), currentTimeZone()]);
  return { locale, timeZone, messages: await loadMessages(locale) };
});
