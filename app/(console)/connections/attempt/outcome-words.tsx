import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";

/** The words that an outcome with its fixes needs in the browser, where the form is not. */
export async function OutcomeWords({ children }: { readonly children: ReactNode }) {
  const { form, material, outcome, session, steps } = await getMessages();
  const { actions, choices, confirm, demo, labels, lead, modes, provider, result, trusts } = form;
  const words = {
    form: { actions, choices, confirm, demo, labels, lead, modes, provider, result, trusts },
    material: { fields: material.fields },
    outcome,
    session: { tls: session.tls },
    steps,
  };
  return <NextIntlClientProvider messages={words}>{children}</NextIntlClientProvider>;
}
