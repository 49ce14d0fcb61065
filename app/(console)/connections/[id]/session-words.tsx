import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { copyAsOutside } from "../../copy-as/copy-as-outside.ts";

/** The words that the connected view needs in the browser, and no others. */
export async function SessionWords({ children }: { readonly children: ReactNode }) {
  const { session, browse, statements, steps, form, copyAs, advice, citus, unlock, notebook } =
    await getMessages();
  const { result } = form;
  const words = {
    session,
    browse,
    statements,
    steps,
    advice,
    citus,
    unlock,
    notebook,
    form: { result },
    copyAs: copyAsOutside(copyAs),
  };
  return <NextIntlClientProvider messages={words}>{children}</NextIntlClientProvider>;
}
