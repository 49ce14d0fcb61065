import "server-only";
import { type AbstractIntlMessages, createTranslator } from "use-intl/core";
import type { Translate } from "#lib/problems/words.ts";
import { type Locale, loadMessages, type Messages } from "#messages/load-messages.ts";
import { terminalLocale } from "./terminal-locale.ts";

/** The words of the command line and of every problem, in the terminal's language; `say("cli.check.passed")`. */
export const say: Translate = await translatorOf(terminalLocale(process.env));

/** The words of the command line in a language. Where the console names its buttons, these name libpq's options. */
export async function translatorOf(locale: Locale): Promise<Translate> {
  return createTranslator({
    locale,
    timeZone: "UTC",
    // As plain text by key: the codes and ids that make up many keys are known at run time only.
    messages: withOwnNames(await loadMessages(locale)) as AbstractIntlMessages,
  }) as Translate;
}

function withOwnNames(messages: Messages): Messages {
  const { fixes, advice } = messages.cli;
  const problems: Record<string, { readonly fix: string }> = { ...messages.problems };
  for (const [code, fix] of Object.entries(advice)) {
    const words = problems[code];
    if (words !== undefined) problems[code] = { ...words, fix };
  }
  return {
    ...messages,
    fixes: { ...messages.fixes, ...fixes },
    problems: problems as unknown as Messages["problems"],
  };
}
