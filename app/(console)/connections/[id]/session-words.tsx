import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { copyAsOutside } from "../../copy-as/copy-as-outside.ts";

/** The words that the connected view needs in the browser, and no others. */
export async function SessionWords({ children }: { readonly children: ReactNode }) {
  const { session, rungs, form, copyAs } = await getMessages();
  const { result } = form;
  return (
    <NextIntlClientProvider messages={{ session, rungs, form: { result }, copyAs: copyAsOutside(copyAs) }}>
      {children}
    </NextIntlClientProvider>
  );
}
