/** What the server's session says of its own reading of texts. */
export interface LexicalRules {
  /** Off: a backslash escapes in plain quotes, too. As the session reports it. */
  readonly standardConformingStrings: boolean;
}

export type TokenKind =
  /** A keyword or a name without quotes. */
  | "word"
  /** A name in double quotes. */
  | "name"
  /** A text in single quotes, whatever stands before them; all its parts, where it goes on in another line. */
  | "text"
  /** A text between dollar tags. */
  | "dollar-text"
  | "number"
  /** `$1`. */
  | "parameter"
  /** One sign: an operator of several comes as several. */
  | "sign"
  | "comment"
  /** A backslash outside of quotes: a command of psql up to the end of its line. */
  | "command";

export interface Token {
  readonly kind: TokenKind;
  /** UTF-16 index of its first sign. */
  readonly start: number;
  /** Index after its last sign. */
  readonly end: number;
  /** What began and does not end before the text does. */
  readonly open?: true;
}

export const usualRules: LexicalRules = { standardConformingStrings: true };

/**
 * Takes SQL apart as psql's lexer does (psqlscan.l of PostgreSQL 18): what is quoted, what is a comment, what is a word.
 * It knows no grammar, never fails, and gives every sign but white space to exactly one token. Its time is linear.
 */
export function* tokens(text: string, rules: LexicalRules = usualRules): Generator<Token> {
  for (
    let token = nextToken(text, 0, rules);
    token !== undefined;
    token = nextToken(text, token.end, rules)
  ) {
    yield token;
  }
}

/** The first token that begins at a place or after it; undefined when there is none. */
export function nextToken(text: string, from: number, rules: LexicalRules): Token | undefined {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (!isSpace(code)) return tokenAt(text, at, code, rules);
  }
  return undefined;
}

function tokenAt(text: string, start: number, code: number, rules: LexicalRules): Token {
  const next = text.charCodeAt(start + 1);
  switch (code) {
    case 39: // '
      return quoted(text, start, start, rules.standardConformingStrings ? "plain" : "escapes");
    case 34: // "
      return named(text, start, start);
    case 36: // $
      return dollar(text, start);
    case 45: // -
      if (next === 45) return { kind: "comment", start, end: lineEnd(text, start) };
      break;
    case 47: // /
      if (next === 42) return blockComment(text, start);
      break;
    case 92: // \
      // psql's separator inside of a line: the next statement follows it.
      if (next === 59) return { kind: "command", start, end: start + 2 };
      return { kind: "command", start, end: lineEnd(text, start) };
    case 46: // .
      if (isDigit(next)) return { kind: "number", start, end: numberEnd(text, start) };
      break;
  }
  if (isDigit(code)) return { kind: "number", start, end: numberEnd(text, start) };
  if (!isWordStart(code)) return { kind: "sign", start, end: start + 1 };
  if (next === 39) {
    // B'…' and X'…' know no doubled quote; N'…' is read as the plain one is.
    if (code === 69 || code === 101) return quoted(text, start, start + 1, "escapes");
    if (code === 66 || code === 98 || code === 88 || code === 120) {
      return quoted(text, start, start + 1, "bits");
    }
    if (code === 78 || code === 110) {
      return quoted(text, start, start + 1, rules.standardConformingStrings ? "plain" : "escapes");
    }
  }
  if ((code === 85 || code === 117) && next === 38) {
    const quote = text.charCodeAt(start + 2);
    if (quote === 39) return quoted(text, start, start + 2, "plain");
    if (quote === 34) return named(text, start, start + 2);
  }
  word.lastIndex = start;
  word.test(text);
  return { kind: "word", start, end: word.lastIndex };
}

/** Every sign beyond ASCII may stand in a name: the server's lexer sees bytes. */
const word = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const tag = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const numberForm =
  /(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+)|(?:\d(?:_?\d)*)?(?:\.(?!\.)(?:\d(?:_?\d)*)?)?(?:[eE][+-]?\d(?:_?\d)*)?/y;
/** Letters that follow a number belong to its misspelling. */
const numberJunk = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;

function numberEnd(text: string, start: number): number {
  numberForm.lastIndex = start;
  numberForm.test(text);
  const end = Math.max(numberForm.lastIndex, start + 1);
  numberJunk.lastIndex = end;
  return numberJunk.test(text) ? numberJunk.lastIndex : end;
}

type Quoting = "plain" | "escapes" | "bits";

/** @param quote where the first quote stands */
function quoted(text: string, start: number, quote: number, quoting: Quoting): Token {
  let at = quote + 1;
  for (;;) {
    const close = quoting === "escapes" ? closeWithEscapes(text, at) : text.indexOf("'", at);
    if (close === -1) return { kind: "text", start, end: text.length, open: true };
    if (quoting !== "bits" && text.charCodeAt(close + 1) === 39) {
      at = close + 2;
      continue;
    }
    const goesOn = continuation(text, close + 1);
    if (goesOn === undefined) return { kind: "text", start, end: close + 1 };
    at = goesOn;
  }
}

function closeWithEscapes(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 39) return at;
    if (code === 92) at += 1;
  }
  return -1;
}

/**
 * Two texts with a line break between them, and nothing but white space and `--` comments, are one (the SQL standard's
 * rule): the second is read by the first one's.
 * @returns where its content goes on
 */
function continuation(text: string, from: number): number | undefined {
  let broken = false;
  for (let at = from; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === 39) return broken ? at + 1 : undefined;
    if (code === 10 || code === 13) broken = true;
    if (code === 45 && text.charCodeAt(at + 1) === 45) at = lineEnd(text, at);
    else if (isSpace(code)) at += 1;
    else return undefined;
  }
  return undefined;
}

function named(text: string, start: number, quote: number): Token {
  for (let at = quote + 1; ; ) {
    const close = text.indexOf('"', at);
    if (close === -1) return { kind: "name", start, end: text.length, open: true };
    if (text.charCodeAt(close + 1) !== 34) return { kind: "name", start, end: close + 1 };
    at = close + 2;
  }
}

function dollar(text: string, start: number): Token {
  if (isDigit(text.charCodeAt(start + 1))) {
    let end = start + 1;
    while (isDigit(text.charCodeAt(end))) end += 1;
    numberJunk.lastIndex = end;
    return { kind: "parameter", start, end: numberJunk.test(text) ? numberJunk.lastIndex : end };
  }
  tag.lastIndex = start;
  if (!tag.test(text)) return { kind: "sign", start, end: start + 1 };
  const mark = text.slice(start, tag.lastIndex);
  const close = text.indexOf(mark, tag.lastIndex);
  return close === -1
    ? { kind: "dollar-text", start, end: text.length, open: true }
    : { kind: "dollar-text", start, end: close + mark.length };
}

/** Nested, as the standard has it. */
function blockComment(text: string, start: number): Token {
  let depth = 0;
  commentEdge.lastIndex = start;
  for (let edge = commentEdge.exec(text); edge !== null; edge = commentEdge.exec(text)) {
    depth += edge[0] === "/*" ? 1 : -1;
    if (depth === 0) return { kind: "comment", start, end: commentEdge.lastIndex };
  }
  return { kind: "comment", start, end: text.length, open: true };
}

const commentEdge = /\/\*|\*\//g;

function lineEnd(text: string, from: number): number {
  lineBreak.lastIndex = from;
  const found = lineBreak.exec(text);
  return found === null ? text.length : found.index;
}

const lineBreak = /[\n\r]/g;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Of ASCII alone: a no-break space is a letter to the server. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;
}
