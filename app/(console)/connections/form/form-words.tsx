import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { copyAsOutside } from "#app/(console)/copy-as/copy-as-outside.ts";
import { catalogue, type ProblemCode } from "#lib/problems/catalogue.ts";

/** The words that the connection form needs in the browser, and no others. */
export async function FormWords({ children }: { readonly children: ReactNode }) {
  const messages = await getMessages();
  const {
    form,
    material,
    fixes,
    steps,
    providers,
    problems,
    roots,
    session,
    strings,
    sessionTraits,
    copyAs,
    toasts,
    waiting,
    outcome,
  } = messages;
  // What the browser finds by itself; everything else comes with its words.
  const found = Object.entries(problems).filter(([code]) => catalogue[code as ProblemCode]?.step === "input");
  return (
    <NextIntlClientProvider
      messages={{
        form,
        material,
        fixes,
        steps,
        providers,
        strings,
        sessionTraits,
        toasts,
        waiting,
        problems: Object.fromEntries(found),
        roots: { form: roots.form },
        session: { tls: session.tls },
        copyAs: copyAsOutside(copyAs),
        outcome,
      }}
    >
      {children}
    </NextIntlClientProvider>
  );
}
