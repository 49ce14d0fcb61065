import localFont from "next/font/local";

/*
 * Geist and Geist Mono (SIL Open Font License, whose text comes with their packages), sent by the console itself. The
 * framework reads these calls while it builds, so that every value in them is written out. The first 256 letters are
 * asked for with the page; the rest of Latin only where such a letter stands, and other scripts are the system's.
 */

/** `optional`: a page never changes its letters under the reader's eyes; it was asked for first, so it is nearly always there. */
const sans = localFont({
  src: "../node_modules/@fontsource-variable/geist/files/geist-latin-wght-normal.woff2",
  weight: "100 900",
  display: "optional",
  variable: "--font-latin",
});

const sansMore = localFont({
  src: "../node_modules/@fontsource-variable/geist/files/geist-latin-ext-wght-normal.woff2",
  weight: "100 900",
  display: "swap",
  preload: false,
  adjustFontFallback: false,
  variable: "--font-more-latin",
  declarations: [
    {
      prop: "unicode-range",
      value:
        "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF",
    },
  ],
});

/** As wide as the systems' own (0.6 of its height), so that its coming moves nothing. */
const mono = localFont({
  src: "../node_modules/@fontsource-variable/geist-mono/files/geist-mono-latin-wght-normal.woff2",
  weight: "100 900",
  display: "swap",
  preload: false,
  adjustFontFallback: false,
  variable: "--font-latin-mono",
});

/** Class names for `<html>`, which give tokens.css its families. */
export const fontClasses = `${sans.variable} ${sansMore.variable} ${mono.variable}`;
