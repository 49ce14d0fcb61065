import type { Metadata, Viewport } from "next";
import { getLocale } from "next-intl/server";
import { ownPreferences } from "#app/_server/own-preferences.ts";
import { fontClasses } from "./fonts.ts";
import "./globals.css";
// In the file of this frame, where they cost their few lines; in files of their own, the headers of a file as well. The
// frame of the console is here too: whoever signs in has it already, and each of its pages comes with a file less.
import "./(console)/error.tsx";
import "./(console)/error-words.tsx";
import "./(console)/palette/palette-button.tsx";
import "./(console)/place-nav.tsx";
import "./(console)/soft-link.tsx";
import "./(console)/store-bar.tsx";
import "./(console)/toasts.tsx";
import "./(console)/user-menu.tsx";
import "./global-error.tsx";

export const metadata: Metadata = { title: { default: "Cloak DB", template: "%s · Cloak DB" } };

/** As `--color-canvas` in tokens.css: a browser's own frame does not read it. */
export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f3f7f8" },
    { media: "(prefers-color-scheme: dark)", color: "#091114" },
  ],
};

export default async function RootLayout({ children }: { children: React.ReactNode }) {
  // Set by the server, so that no page flashes in another look.
  const [locale, { theme, density }] = await Promise.all([getLocale(), ownPreferences()]);
  return (
    <html lang={locale} data-theme={theme} data-density={density} className={fontClasses}>
      <body>{children}</body>
    </html>
  );
}
