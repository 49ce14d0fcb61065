import "server-only";

/**
 * The words of a text as the search compares them: lower case, without accents, `CERT_HAS_EXPIRED`, `UnknownIssuer`
 * and `self-signed` taken apart, two characters at a time where a language writes without blanks. Marks, quotes and
 * the colours of a terminal fall away.
 */
export function wordsOf(text: string): string[] {
  const plain = text
    .replaceAll(terminalColours, " ")
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu}\p{Ll})/gu, " ")
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    // "doesn't" and "doesn’t" are one word.
    .replaceAll(/(?<=\p{L})['’](?=\p{L})/gu, "");
  return [...plain.matchAll(word)].flatMap(([found]) => (han.test(found) ? pairs(found) : [found]));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours begin with the escape character
const terminalColours = /\u001b\[[\d;]*m/g;
const word = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu;
const han = /^\p{Script=Han}/u;

function pairs(run: string): string[] {
  const signs = [...run];
  return signs.length < 2 ? signs : signs.slice(1).map((sign, at) => `${signs[at]}${sign}`);
}
