/** A text with plain signs in place of typographic and invisible ones, and which those were: `U+2013`. */
export interface PlainSigns {
  readonly text: string;
  readonly found: readonly string[];
}

/**
 * Puts plain signs in the place of those that word processors, chats and web pages write: hyphens for dashes, quotes
 * for typographic quotes, blanks for no-break blanks; what cannot be seen goes. Never for SQL, where they may be meant.
 */
export function plainSigns(text: string): PlainSigns {
  const found = new Set<string>();
  const note = (sign: string) => {
    found.add(nameOf(sign));
  };
  const quoted = withPlainQuotes(text, note);
  const plain = quoted.replace(pasted, (sign, offset: number) => {
    if (quotes.test(sign)) return sign;
    note(sign);
    if (invisible.test(sign)) return "";
    return blanks.test(sign) ? " " : hyphensFor(quoted, offset, sign);
  });
  return { text: plain, found: [...found] };
}

/** Whether a text holds any of them: at a glance, as it is asked of every paste. */
export function hasPastedSigns(text: string): boolean {
  return text.search(pasted) !== -1;
}

/** The signs of a text by their names, each once. */
export function signsIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(pasted)].map(([sign]) => nameOf(sign)))];
}

/** A text for comparing alone: all quotes are one, all dashes, all blanks, and what cannot be seen is not there. */
export function loose(text: string): string {
  return text
    .replace(pasted, (sign) => {
      if (quotes.test(sign)) return "'";
      if (invisible.test(sign)) return "";
      return blanks.test(sign) ? " " : "-";
    })
    .replace(/"/g, "'")
    .trim();
}

function nameOf(sign: string): string {
  return `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Without what cannot be seen; what is typographic stays. */
export function withoutInvisible(text: string): string {
  return text.replace(/[\u00AD\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/gu, "");
}

const pasted =
  /[\u00A0\u00AB\u00AD\u00BB\u1680\u180E\u2000-\u2015\u2018-\u201F\u202A-\u202F\u205F-\u2064\u2066-\u2069\u2212\u3000\uFE58\uFE63\uFEFF\uFF0D]/gu;
const invisible = /[\u00AD\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/u;
const blanks = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/u;
const quotes = /[\u00AB\u00BB\u2018-\u201F]/u;

/**
 * Pairs of quotes that hold a word or a value together. Where plain ones stand as well, those do, and the others are
 * letters; so is an apostrophe within a word.
 */
function withPlainQuotes(text: string, note: (sign: string) => void): string {
  if (/["'`]/.test(text)) return text;
  const pairs =
    /(?<=^|[\s=:,;([{])(?:([\u2018\u201A\u201B])([^\u2018-\u201B\n]{0,4000})([\u2018\u2019])|([\u201C-\u201F\u00AB])([^\u201C-\u201F\u00AB\u00BB\n]{0,4000})([\u201C\u201D\u00BB]))(?=$|[\s=:,;)\]}&])/gmu;
  return text.replace(pairs, (_, ...parts) => {
    const [single, inSingle, singleEnd, double, inDouble, doubleEnd] = parts as (string | undefined)[];
    note(single ?? double ?? "");
    note(singleEnd ?? doubleEnd ?? "");
    return single === undefined ? `"${inDouble}"` : `'${inSingle}'`;
  });
}

/** A dash before a long option stands for the two hyphens that were typed. */
function hyphensFor(text: string, offset: number, sign: string): string {
  const before = text.charAt(offset - 1);
  const isHead = before === "" || /[\s"'(\u00A0]/.test(before);
  const after = text.slice(offset + sign.length, offset + sign.length + 40);
  return isHead && /^[a-z][a-z-]+(?=[\s=\u00A0]|$)/.test(after) && !/^[dhpU]\b/.test(after) ? "--" : "-";
}
