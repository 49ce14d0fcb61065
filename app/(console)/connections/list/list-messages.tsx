import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import type { Messages } from "#messages/load-messages.ts";
import { copyAsOutside } from "../../copy-as/copy-as-outside.ts";

/** The words that the list needs in the browser, and no others. */
export async function ListMessages({ children }: { readonly children: ReactNode }) {
  const { list, copyAs } = (await getMessages()) as Messages;
  return (
    <NextIntlClientProvider messages={{ list, copyAs: copyAsOutside(copyAs) }}>
      {children}
    </NextIntlClientProvider>
  );
}
