import "server-only";
import type { Locale } from "#messages/load-messages.ts";

/**
 * The language of a terminal, as POSIX finds it: the first of LC_ALL, LC_MESSAGES and LANG that is set and not empty.
 * bin/words.js does the same for `start`, which loads no TypeScript.
 * @returns `en` where it is none of the console's
 */
export function terminalLocale(environment: NodeJS.ProcessEnv): Locale {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  const named = (LC_ALL || LC_MESSAGES || LANG || "").toLowerCase().replace(/[.@].*$/, "");
  if (/^fr(?:[_-]|$)/.test(named)) return "fr";
  if (/^zh[_-](?:hant|tw|hk|mo)(?:[_-]|$)/.test(named)) return "zh-TW";
  return "en";
}
