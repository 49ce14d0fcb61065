import type { Metadata } from "next";
import { getLocale } from "next-intl/server";
import { currentTheme } from "#app/_server/theme.ts";
import "./globals.css";

export const metadata: Metadata = { title: { default: "Cloak DB", template: "%s · Cloak DB" } };

export default async function RootLayout({ children }: { children: React.ReactNode }) {
  const [locale, theme] = await Promise.all([getLocale(), currentTheme()]);
  return (
    <html lang={locale} data-theme={theme}>
      <body>{children}</body>
    </html>
  );
}
