/** A value in a program's text, as far as it can be known without running it. */
export type CodeValue =
  /** `glued`: of several literals, joined by `+` or by nothing: not every language does so. */
  | { readonly kind: "text"; readonly text: string; readonly glued?: "+" | "" }
  | { readonly kind: "switch"; readonly on: boolean }
  | { readonly kind: "nothing" }
  | { readonly kind: "list"; readonly entries: readonly CodeEntry[] }
  | { readonly kind: "call"; readonly name: string; readonly entries: readonly CodeEntry[] }
  /** An expression: what it comes to is not in the text. */
  | { readonly kind: "open" };

export interface CodeEntry {
  readonly key?: string;
  readonly value: CodeValue;
}

/**
 * Reads the arguments, object, dictionary, hash or array that begins with a bracket: the literals of JavaScript,
 * Python, Ruby, PHP, Go, Java and C#.
 * @param text the program
 * @param from where the opening bracket stands
 * @returns undefined where it breaks the rules that these languages share: what was cut is not guessed at
 */
export function readCodeList(text: string, from: number): readonly CodeEntry[] | undefined {
  try {
    const reader: Reader = { text, at: from, left: 20_000 };
    return listAt(reader, 0);
  } catch (error) {
    if (error === unreadable) return undefined;
    throw error;
  }
}

/** Reads the one value that stands at a place. */
export function readCodeValue(text: string, from: number): CodeValue | undefined {
  try {
    const reader: Reader = { text, at: from, left: 20_000 };
    skip(reader);
    return expression(reader, 0);
  } catch (error) {
    if (error === unreadable) return undefined;
    throw error;
  }
}

/** The text of every quoted literal, in order; unfinished ones are left out. */
export function literalsOf(text: string): readonly string[] {
  const found: string[] = [];
  const reader: Reader = { text, at: 0, left: Number.POSITIVE_INFINITY };
  while (reader.at < text.length) {
    const letter = text.charAt(reader.at);
    if (letter === '"' || letter === "'" || letter === "`") {
      const before = reader.at;
      try {
        const { text: literal } = quoted(reader);
        found.push(literal);
      } catch (error) {
        if (error !== unreadable) throw error;
        reader.at = before + 1;
      }
      if (found.length > 500) break;
    } else reader.at += 1;
  }
  return found;
}

interface Reader {
  readonly text: string;
  at: number;
  /** Values that may still be read: a text that is all brackets ends early. */
  left: number;
}

const unreadable = new Error("not the shape of a literal");
const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const deepest = 30;

function listAt(reader: Reader, depth: number): readonly CodeEntry[] {
  const close = closers[reader.text.charAt(reader.at)];
  if (close === undefined || depth > deepest) throw unreadable;
  reader.at += 1;
  const entries: CodeEntry[] = [];
  for (;;) {
    skip(reader);
    const letter = reader.text.charAt(reader.at);
    if (letter === close) {
      reader.at += 1;
      return entries;
    }
    if (letter === "") throw unreadable;
    entries.push(entry(reader, depth));
    skip(reader);
    const next = reader.text.charAt(reader.at);
    if (next === ",") reader.at += 1;
    else if (next !== close) throw unreadable;
  }
}

/** `value`, `key: value`, `"key" => value`, `:key => value`, `key=value`, `*spread`, `key` alone. */
function entry(reader: Reader, depth: number): CodeEntry {
  const { text } = reader;
  if (text.startsWith("**", reader.at)) reader.at += 2;
  else if (text.startsWith("...", reader.at)) reader.at += 3;
  const named = /^:?([A-Za-z_]\w{0,60})\??\s{0,20}(=>|:(?!:)|=(?![=>]))/.exec(
    text.slice(reader.at, reader.at + 100),
  );
  if (named !== null) {
    reader.at += named[0].length;
    skip(reader);
    return { key: named[1] ?? "", value: expression(reader, depth) };
  }
  const value = expression(reader, depth);
  if (value.kind !== "text") return { value };
  skip(reader);
  const arrow = text.startsWith("=>", reader.at) ? 2 : text.charAt(reader.at) === ":" ? 1 : 0;
  if (arrow === 0) return { value };
  reader.at += arrow;
  skip(reader);
  return { key: value.text, value: expression(reader, depth) };
}

/** A value and what is done with it: literals that are joined are one, anything else is open. */
function expression(reader: Reader, depth: number): CodeValue {
  let value = primary(reader, depth);
  for (;;) {
    skip(reader);
    const { text } = reader;
    const letter = text.charAt(reader.at);
    const isText = value.kind === "text";
    if (isText && (letter === '"' || letter === "'"))
      value = glued(joined(value, primary(reader, depth)), "");
    else if (
      isText &&
      (letter === "+" || (letter === "." && /^\.\s*["']/.test(text.slice(reader.at, reader.at + 30))))
    ) {
      reader.at += 1;
      skip(reader);
      const whole = joined(value, primary(reader, depth));
      value = letter === "+" ? glued(whole, "+") : whole;
    } else if (letter === "(") {
      const entries = listAt(reader, depth + 1);
      value = value.kind === "call" && value.entries.length === 0 ? { ...value, entries } : { kind: "open" };
    } else if (letter === "[" && value.kind !== "list") {
      listAt(reader, depth + 1);
      value = { kind: "open" };
    } else if (/^(?:\.|\?\.|->|::|!(?!=))/.test(text.slice(reader.at, reader.at + 2))) {
      const member = /^(?:\.|\?\.|->|::|!)\s{0,20}[\w$]{0,80}/.exec(text.slice(reader.at, reader.at + 110));
      reader.at += member?.[0].length ?? 1;
      // `.toString()` and the like leave what a call gives as it is.
      value =
        value.kind === "call" && value.entries.length === 0
          ? { ...value, name: `${value.name}${member?.[0] ?? ""}` }
          : after(reader, value, depth);
    } else if (
      letter !== "" &&
      /^(?:=>|\|\||&&|\?\?|[?+\-*/%<>|&]|==|!=|(?:or|and|if|else|as|in|is|unless)\b)/.test(
        text.slice(reader.at, reader.at + 8),
      )
    ) {
      const sign =
        /^(?:=>|\|\||&&|\?\?|===?|!==?|\?:|\w+|.)/.exec(text.slice(reader.at, reader.at + 8))?.[0] ?? "?";
      reader.at += sign.length;
      skip(reader);
      if (sign === "=>" && text.charAt(reader.at) === "{") skipBody(reader);
      else expression(reader, depth + 1);
      skip(reader);
      if (sign === "?" && text.charAt(reader.at) === ":") {
        reader.at += 1;
        skip(reader);
        expression(reader, depth + 1);
      }
      value = { kind: "open" };
    } else return value;
  }
}

/** A function's body: the console does not look inside. */
function skipBody(reader: Reader): void {
  let depth = 0;
  for (; reader.at < reader.text.length; reader.at += 1) {
    const letter = reader.text.charAt(reader.at);
    if (letter === "{") depth += 1;
    if (letter !== "}") continue;
    depth -= 1;
    if (depth > 0) continue;
    reader.at += 1;
    return;
  }
}

function after(reader: Reader, value: CodeValue, depth: number): CodeValue {
  if (reader.text.charAt(reader.at) === "(") listAt(reader, depth + 1);
  return value.kind === "call" ? value : { kind: "open" };
}

function glued(value: CodeValue, by: "+" | ""): CodeValue {
  return value.kind === "text" ? { ...value, glued: by } : value;
}

function joined(left: CodeValue, right: CodeValue): CodeValue {
  return left.kind === "text" && right.kind === "text"
    ? { kind: "text", text: left.text + right.text }
    : { kind: "open" };
}

function primary(reader: Reader, depth: number): CodeValue {
  reader.left -= 1;
  if (reader.left < 0 || depth > deepest) throw unreadable;
  const { text } = reader;
  const letter = text.charAt(reader.at);
  if (letter === "{" || letter === "[" || letter === "(") {
    const entries = listAt(reader, depth + 1);
    const only = entries[0];
    return letter === "(" && entries.length === 1 && only?.key === undefined && only !== undefined
      ? only.value
      : { kind: "list", entries };
  }
  const prefix = /^(?:[frbu]{1,2}|@|\$)(?=["'])/i.exec(text.slice(reader.at, reader.at + 3));
  if (prefix !== null) reader.at += prefix[0].length;
  if (/["'`]/.test(text.charAt(reader.at))) {
    const { text: literal, open } = quoted(reader, /f|\$/i.test(prefix?.[0] ?? ""));
    return open ? { kind: "open" } : { kind: "text", text: literal };
  }
  const number = /^-?\d[\d_]{0,30}(?:\.\d{1,20})?/.exec(text.slice(reader.at, reader.at + 60));
  if (number !== null) {
    reader.at += number[0].length;
    return { kind: "text", text: number[0].replaceAll("_", "") };
  }
  const symbol = /^(?:&|\*|!|:)?\s?[A-Za-z_$@\\][\w$\\]{0,80}/.exec(text.slice(reader.at, reader.at + 90));
  if (symbol === null) throw unreadable;
  reader.at += symbol[0].length;
  const word = symbol[0];
  if (word === "new" || word === "await" || word === "not" || word === "typeof") {
    skip(reader);
    return primary(reader, depth + 1);
  }
  if (/^true$/i.test(word)) return { kind: "switch", on: true };
  if (/^false$/i.test(word)) return { kind: "switch", on: false };
  if (/^(?:null|none|nil|undefined)$/i.test(word)) return { kind: "nothing" };
  return { kind: "call", name: word, entries: [] };
}

/** A quoted literal of any of the languages; `open` where a variable stands in it. */
function quoted(reader: Reader, filled = false): { readonly text: string; readonly open: boolean } {
  const { text } = reader;
  const quote = text.charAt(reader.at);
  const triple = quote.repeat(3);
  const mark = quote !== "`" && text.startsWith(triple, reader.at) ? triple : quote;
  const start = reader.at + mark.length;
  let found = "";
  let open = false;
  let at = start;
  for (;;) {
    const letter = text.charAt(at);
    if (letter === "" || at - start > 65_536) throw unreadable;
    if (text.startsWith(mark, at)) break;
    if (letter === "\n" && mark.length === 1 && quote !== "`") throw unreadable;
    if (letter === "\\" && quote !== "`") {
      const next = text.charAt(at + 1);
      const code =
        quote === '"' ? /^(?:u([\da-f]{4})|x([\da-f]{2}))/i.exec(text.slice(at + 1, at + 6)) : null;
      if (code !== null) found += String.fromCharCode(Number.parseInt(code[1] ?? code[2] ?? "", 16));
      else if (quote === '"')
        found += { n: "\n", t: "\t", r: "\r", "0": "\0", b: "\b", f: "\f" }[next] ?? unknownEscape(next);
      else found += { n: "\n", t: "\t", r: "\r", "0": "\0" }[next] ?? unknownEscape(next);
      at += 1 + (code?.[0].length ?? 1);
      continue;
    }
    if (letter === "$" && text.charAt(at + 1) === "{" && quote !== "'") open = true;
    if (letter === "#" && text.charAt(at + 1) === "{" && quote === '"') open = true;
    if (filled && letter === "{" && quote !== "'")
      open = open || /^\{[\w.[\]'"()]{1,80}\}/.test(text.slice(at, at + 90));
    found += letter;
    at += 1;
  }
  reader.at = at + mark.length;
  return { text: found, open };
}

/** JavaScript drops the backslash before a letter that it means nothing to, Python keeps it, Go and Java refuse it. */
function unknownEscape(letter: string): string {
  return /[A-Za-z1-9]/.test(letter) ? `\\${letter}` : letter;
}

/** Blanks and comments. */
function skip(reader: Reader): void {
  const { text } = reader;
  for (;;) {
    const letter = text.charAt(reader.at);
    if (letter !== "" && /\s/.test(letter)) reader.at += 1;
    else if (letter === "#" || text.startsWith("//", reader.at)) {
      const end = text.indexOf("\n", reader.at);
      reader.at = end < 0 ? text.length : end;
    } else if (text.startsWith("/*", reader.at)) {
      const end = text.indexOf("*/", reader.at + 2);
      reader.at = end < 0 ? text.length : end + 2;
    } else return;
  }
}
