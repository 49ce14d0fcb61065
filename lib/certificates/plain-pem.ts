/**
 * The text as it was before editors, mails, web pages, logs and environment files changed it: escapes of every kind
 * become the signs that they stand for, every dash a hyphen, every blank a blank; signs that nobody sees go. Wrappings
 * in each other (HTML in JSON, JSON in a query) are taken off one after the other. Nothing of this occurs in base64.
 */
export function plainPem(text: string): string {
  if (!changed.test(text)) return text;
  let plain = text;
  for (let round = 0; round < 4; round += 1) {
    const before = plain;
    plain = unescaped(plain);
    if (plain === before) break;
  }
  return withPlainSigns(plain);
}

/** Any sign that clean PEM, with text around it, would not have. */
const changed = /[^\n\w +/=:.(){}*-]/;

function unescaped(text: string): string {
  return ofMails(ofQueries(text))
    .replace(/&(?:amp;)*(?:#x([\da-f]{1,5})|#(\d{1,6})|([a-z]{2,8}));/gi, (whole, hex, decimal, name) => {
      if (name !== undefined) return entities[String(name).toLowerCase()] ?? whole;
      return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
    })
    .replace(/(?<!\\)\\+(?:u([\da-f]{4})|u\{([\da-f]{1,5})\}|x([\da-f]{2}))/gi, (_, four, braced, two) =>
      String.fromCodePoint(Number.parseInt(four ?? braced ?? two, 16)),
    )
    .replace(/(?<!\\)\\+(?:r(?:\\+n)?|n|01[25])|#01[25]|\^[MJ]|(?<=[-=\w+/])`r?`?n/g, "\n")
    .replace(/(?<!\\)\\+(?:t|040)/g, " ")
    .replace(/(?<!\\)\\+\//g, "/")
    .replace(/<(?:br|\/?(?:p|div|li|tr|pre))\b[^<>]{0,200}>/gi, "\n")
    .replace(/<\/?(?:a|b|i|em|strong|font|span|code|td|ul|ol|wbr)\b[^<>]{0,200}>/gi, "");
}

/** Query strings and forms; a form writes a blank as `+`, which shows in the frame. */
function ofQueries(text: string): string {
  const spaced = /BEGIN\+[A-Z]/i.test(text) ? text.replaceAll("+", " ") : text;
  return spaced.replace(/(?:%(?:25)*[\da-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run.replace(/%(?:25)+(?=[\da-f]{2})/gi, "%"));
    } catch {
      return run;
    }
  });
}

/** Quoted-printable, where the signs that fill up base64 show it. */
function ofMails(text: string): string {
  if (!text.includes("=3D")) return text;
  return text
    .replace(/=\r?\n/g, "")
    .replace(/=3D/g, "=")
    .replace(/=20$/gm, "");
}

const entities: Readonly<Record<string, string>> = {
  nbsp: " ",
  newline: "\n",
  tab: " ",
  quot: '"',
  apos: "'",
  amp: "&",
  lt: "<",
  gt: ">",
  plus: "+",
  sol: "/",
  equals: "=",
  hyphen: "-",
  dash: "-",
  shy: "",
  minus: "-",
  ndash: "-",
  mdash: "--",
};

function withPlainSigns(text: string): string {
  return (
    text
      .normalize("NFKC")
      // Colours of a terminal; signs without width; marks for the direction of writing.
      .replace(/(?!\s)\p{Cc}\[[\d;]{0,20}[A-Za-z]/gu, "")
      .replace(/\r\n?|[\v\f\u0085\u2028\u2029↵⏎¶␊␍␤]/g, "\n")
      .replace(/[\p{Zs}\t]/gu, " ")
      .replace(/(?!\n)[\p{Cf}\p{Cc}]/gu, "")
      // Word processors join two hyphens, or three.
      .replace(/[\u2014\u2015\u2e3a\u2e3b]/g, "--")
      .replace(/[\p{Pd}\u2212\u02d7\u2500\u2501]/gu, "-")
      .replace(/[\u2018-\u201f\u00ab\u00bb\u2039\u203a`´]/g, '"')
  );
}
