import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";

/**
 * Reads a keyword/value string (`host=… dbname=…`) by libpq's rules (`conninfo_parse`): blanks around `=` are
 * allowed, a value with blanks stands in single quotes, a backslash takes the next character as it is, the last
 * of two equal names wins.
 * @returns parameters by name as written, known or not. Else `string-malformed` { reason, position }.
 */
export function readKeywords(text: string): Result<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  let at = skipBlanks(text, 0);
  while (at < text.length) {
    const nameAt = at;
    while (at < text.length && text[at] !== "=" && !isBlank(text[at])) at += 1;
    const name = text.slice(nameAt, at);
    at = skipBlanks(text, at);
    if (text[at] !== "=")
      return failed(problem("string-malformed", { reason: "no-equals", position: nameAt }));
    at = skipBlanks(text, at + 1);

    const quoted = text[at] === "'";
    const valueAt = at;
    if (quoted) at += 1;
    let value = "";
    let closed = !quoted;
    while (at < text.length) {
      const letter = text.charAt(at);
      at += 1;
      if (letter === "\\") {
        value += text.charAt(at);
        at += 1;
      } else if (quoted && letter === "'") {
        closed = true;
        break;
      } else if (!quoted && isBlank(letter)) break;
      else value += letter;
    }
    if (!closed) return failed(problem("string-malformed", { reason: "quote-open", position: valueAt }));
    found.set(name, value);
    at = skipBlanks(text, at);
  }
  return ok(found);
}

function isBlank(letter: string | undefined): boolean {
  // C's isspace in the "C" locale: no Unicode blanks.
  return letter !== undefined && " \t\n\v\f\r".includes(letter);
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text[at])) at += 1;
  return at;
}
