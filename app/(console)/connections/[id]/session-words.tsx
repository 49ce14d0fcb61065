import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";

/** The words that the connected view needs in the browser, and no others. */
export async function SessionWords({ children }: { readonly children: ReactNode }) {
  const { session, rungs, form, advice, citus } = await getMessages();
  const { result } = form;
  return (
    <NextIntlClientProvider messages={{ session, rungs, advice, citus, form: { result } }}>
      {children}
    </NextIntlClientProvider>
  );
}
