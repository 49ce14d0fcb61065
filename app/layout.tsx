import type { Metadata, Viewport } from "next";
import { getLocale } from "next-intl/server";
import { currentTheme } from "#app/_server/theme.ts";
import { fontClasses } from "./fonts.ts";
import "./globals.css";

export const metadata: Metadata = { title: { default: "Cloak DB", template: "%s · Cloak DB" } };

/** As `--color-canvas` in tokens.css: a browser's own frame does not read it. */
export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f3f7f8" },
    { media: "(prefers-color-scheme: dark)", color: "#091114" },
  ],
};

export default async function RootLayout({ children }: { children: React.ReactNode }) {
  const [locale, theme] = await Promise.all([getLocale(), currentTheme()]);
  return (
    <html lang={locale} data-theme={theme} className={fontClasses}>
      <body>{children}</body>
    </html>
  );
}
