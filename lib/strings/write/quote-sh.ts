/**
 * A text as one word of a POSIX shell. Single quotes keep everything as it is but themselves: line breaks, `$`,
 * backquotes, backslashes and, in bash, `!`.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02
 * @param text without NUL, which no argument can hold
 */
export function quoteSh(text: string): string {
  return /^[A-Za-z0-9_./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
