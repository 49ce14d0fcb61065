import "server-only";
import { type AbstractIntlMessages, createTranslator } from "use-intl/core";
import type { Translate } from "#lib/problems/words.ts";
import { english } from "#messages/load-messages.ts";

/** The words of the command line and of every problem; `say("cli.check.passed")`. */
export const say: Translate = createTranslator({
  locale: "en",
  timeZone: "UTC",
  // As plain text by key: the codes and ids that make up many keys are known at run time only.
  messages: english as AbstractIntlMessages,
}) as Translate;
