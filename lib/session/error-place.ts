/** Where an error lies in the text that a person wrote. */
export interface ErrorPlace {
  /** UTF-16 units from the start: what a text box counts in. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  /** Characters from the start of the line, from 1. */
  readonly column: number;
}

/**
 * Turns the server's position into a place in the text box: the word or sign that begins there.
 * @param position characters (code points) from the start of the statement, from 1 (protocol 53.8, field `P`); one
 *                 past the end is the end of the input
 * @returns undefined when the text has no such place
 */
export function errorPlace(sql: string, position: number): ErrorPlace | undefined {
  if (!Number.isSafeInteger(position) || position < 1) return undefined;
  let start = 0;
  let line = 1;
  let column = 1;
  for (let left = position - 1; left > 0; left -= 1) {
    const sign = sql.codePointAt(start);
    if (sign === undefined) return undefined;
    start += sign > 0xffff ? 2 : 1;
    column += 1;
    if (sign === 10) {
      line += 1;
      column = 1;
    }
  }
  const rest = sql.slice(start);
  const word = /^(?:[\p{L}\p{N}_$]+|"(?:[^"]|"")*"|.)/u.exec(rest)?.[0] ?? "";
  return { start, end: start + word.length, line, column };
}
