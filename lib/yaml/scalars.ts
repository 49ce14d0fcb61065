import {
  atLineEnd,
  endsWord,
  inset,
  isBlank,
  nextLine,
  refuse,
  type Source,
  sign,
  skipBlanks,
} from "./source.ts";

/** Where a scalar ends: in a flow collection its signs end it too. */
export type Context = "block" | "flow";

/** Whether a plain scalar may begin here (YAML 1.2.2, 7.3.3). */
export function beginsPlain(source: Source, context: Context): boolean {
  const first = sign(source);
  if (indicators.includes(first)) return false;
  if (first !== "-" && first !== "?" && first !== ":") return true;
  const second = sign(source, 1);
  return !endsWord(second) && !(context === "flow" && isFlowSign(second));
}

const indicators = " \t\n,[]{}#&*!|>'\"%@`";

/**
 * A text without quotes, over as many lines as it goes on.
 * @param indent lines that go on stand further in
 */
export function plainScalar(source: Source, indent: number, context: Context): string {
  let text = plainLine(source, context);
  for (;;) {
    const { position, lineStart } = source;
    skipBlanks(source);
    if (sign(source) !== "\n") {
      // A comment ends the text, as do a colon and the signs of a flow collection.
      source.position = position;
      return text;
    }
    const breaks = toNextLine(source);
    const ended =
      sign(source) === "" ||
      sign(source) === "#" ||
      inset(source) <= indent ||
      (context === "flow" && (isFlowSign(sign(source)) || !goesOn(source)));
    if (ended) {
      source.position = position;
      source.lineStart = lineStart;
      return text;
    }
    const more = plainLine(source, context);
    if (context === "block" && sign(source) === ":") refuse(source, "indentation");
    text += folded(breaks) + more;
  }
}

function goesOn(source: Source): boolean {
  return !(sign(source) === ":" && (endsWord(sign(source, 1)) || isFlowSign(sign(source, 1))));
}

/** One line's part of a plain scalar. */
export function plainLine(source: Source, context: Context): string {
  const { text } = source;
  const start = source.position;
  const stop = context === "block" ? /[\n:#]/g : /[\n:#,[\]{}]/g;
  let at = start;
  for (;;) {
    stop.lastIndex = at;
    at = stop.exec(text)?.index ?? text.length;
    const letter = text.charAt(at);
    if (letter === ":") {
      const next = text.charAt(at + 1);
      if (endsWord(next) || (context === "flow" && isFlowSign(next))) break;
    } else if (letter !== "#" || (at > start && isBlank(text.charAt(at - 1)))) break;
    at += 1;
  }
  let end = at;
  while (end > start && isBlank(text.charAt(end - 1))) end -= 1;
  source.position = text.charAt(at) === ":" ? at : end;
  return text.slice(start, end);
}

function isFlowSign(letter: string): boolean {
  return letter === "," || letter === "[" || letter === "]" || letter === "{" || letter === "}";
}

/** Over line breaks and the blanks before the next word. @returns how many breaks */
function toNextLine(source: Source): number {
  let breaks = 0;
  while (sign(source) === "\n") {
    breaks += 1;
    nextLine(source);
    skipBlanks(source);
  }
  return breaks;
}

/** One break is a blank; of several the first falls away. */
function folded(breaks: number): string {
  return breaks === 1 ? " " : "\n".repeat(breaks - 1);
}

/** A text in quotes, over as many lines as it goes on. */
export function quotedScalar(source: Source, indent: number): string {
  const quote = sign(source);
  const isDouble = quote === '"';
  const opened = source.position;
  const stop = isDouble ? /["\\\n]/g : /'(?!')|''|\n/g;
  const parts: string[] = [];
  let from = opened + 1;
  source.position = from;
  const take = () => {
    const part = source.text.slice(from, source.position);
    return isDouble ? part : part.replaceAll("''", "'");
  };
  for (;;) {
    stop.lastIndex = source.position;
    const found = stop.exec(source.text);
    if (found === null) return refuse(source, "quote-open", opened);
    source.position = found.index;
    if (found[0] === "''") {
      source.position += 2;
      continue;
    }
    if (found[0] === quote) {
      parts.push(take());
      source.position += 1;
      return parts.join("");
    }
    if (found[0] === "\n") {
      // Blanks before the break are not part of the text, but those that an escape wrote are.
      parts.push(withoutBlanks(take()), folded(toNextLine(source)));
    } else if (sign(source, 1) === "\n") {
      parts.push(take());
      source.position += 1;
      parts.push("\n".repeat(toNextLine(source) - 1));
    } else {
      parts.push(take(), escaped(source));
      from = source.position;
      continue;
    }
    if (inset(source) <= indent && sign(source) !== "") refuse(source, "quote-open", opened);
    from = source.position;
  }
}

function withoutBlanks(text: string): string {
  let end = text.length;
  while (isBlank(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** An escape of a double-quoted text (YAML 1.2.2, 5.7). */
function escaped(source: Source): string {
  const letter = sign(source, 1);
  const plain = escapes[letter];
  const length = lengths[letter];
  if (plain !== undefined) {
    source.position += 2;
    return plain;
  }
  const digits = source.text.slice(source.position + 2, source.position + 2 + (length ?? 0));
  const code = Number.parseInt(digits, 16);
  if (length === undefined || digits.length < length || !/^[\dA-Fa-f]+$/.test(digits) || code > 0x10ffff)
    return refuse(source, "escape");
  source.position += 2 + length;
  return String.fromCodePoint(code);
}

const lengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const escapes: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
};

/**
 * A block text, literal (`|`) or folded (`>`), with its signs for chomping and indentation (YAML 1.2.2, 8.1).
 * @param indent of the node it belongs to
 */
export function blockScalar(source: Source, indent: number): string {
  const header = /[|>](?:([1-9])([-+])?|([-+])([1-9])?)?(?=[ \t\n]|$)/y;
  header.lastIndex = source.position;
  const match = header.exec(source.text);
  if (match === null) return refuse(source, "sign");
  source.position = header.lastIndex;
  if (!atLineEnd(source)) return refuse(source, "sign");
  const digit = match[1] ?? match[4];
  const given = digit === undefined ? undefined : Math.max(indent, 0) + Number(digit);
  const lines = blockLines(source, indent, given);
  const trailing = lines.length - 1 - lines.findLastIndex((line) => line !== "");
  const content = lines.slice(0, lines.length - trailing);
  const text = match[0].startsWith(">") ? foldedLines(content) : content.join("\n");
  const chomping = match[2] ?? match[3];
  if (chomping === "-") return text;
  if (chomping === "+") return text + "\n".repeat(content.length === 0 ? trailing : trailing + 1);
  return content.length === 0 ? "" : `${text}\n`;
}

/** The lines of a block text without their indentation. */
function blockLines(source: Source, indent: number, given: number | undefined): readonly string[] {
  const { text } = source;
  const lines: string[] = [];
  let own = given;
  let widest = 0;
  while (sign(source) === "\n") {
    const start = source.position + 1;
    // The last break of a document ends its last line and begins none.
    if (start >= text.length) break;
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    let blanks = 0;
    while (text.charAt(start + blanks) === " ") blanks += 1;
    const isEmpty = start + blanks >= end;
    if (isEmpty) widest = Math.max(widest, blanks);
    else if (own === undefined) {
      if (blanks <= indent) break;
      if (widest > blanks) refuse(source, "indentation", start);
      own = blanks;
    } else if (blanks < own) break;
    lines.push(isEmpty && blanks <= (own ?? blanks) ? "" : text.slice(start + (own ?? blanks), end));
    source.position = end;
    source.lineStart = start;
  }
  return lines;
}

/** Lines that stand further in keep their breaks. */
function foldedLines(lines: readonly string[]): string {
  const parts: string[] = [];
  let breaks = 0;
  let before: string | undefined;
  for (const line of lines) {
    if (line === "") {
      breaks += 1;
      continue;
    }
    if (before === undefined) parts.push("\n".repeat(breaks));
    else {
      const kept = isBlank(before.charAt(0)) || isBlank(line.charAt(0));
      parts.push(kept ? "\n".repeat(breaks + 1) : folded(breaks + 1));
    }
    parts.push(line);
    before = line;
    breaks = 0;
  }
  return parts.join("");
}
