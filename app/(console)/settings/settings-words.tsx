import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import { copyAsOutside } from "../copy-as/copy-as-outside.ts";

/** The words that the parts of Settings need in the browser, and no others. */
export async function SettingsWords({ children }: { readonly children: React.ReactNode }) {
  const { settings, connections, copyAs, roots } = await getMessages();
  return (
    <NextIntlClientProvider
      messages={{
        settings: {
          connections: settings.connections,
          preferences: settings.preferences,
          security: settings.security,
          team: settings.team,
          trust: settings.trust,
        },
        connections,
        roots,
        copyAs: copyAsOutside(copyAs),
      }}
    >
      {children}
    </NextIntlClientProvider>
  );
}
