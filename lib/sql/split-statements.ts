import { type LexicalRules, nextToken, type Token, usualRules } from "./tokens.ts";

/** One piece of a script: what is sent to the server together, or a command of psql. */
export interface Span {
  readonly kind: "statement" | "command";
  /** Where what is sent begins: with the comments that stand before it, as psql sends them. */
  readonly from: number;
  /** Where its first word stands. */
  readonly start: number;
  /** Where what is sent ends: before the semicolon. */
  readonly end: number;
  /** After the semicolon, or whatever ended it. */
  readonly until: number;
  /** A quote or comment in it does not end before the text does. */
  readonly open: boolean;
}

/**
 * Where the statements of a script begin and end, by psql's rules (psqlscan.l): not at a semicolon in quotes, comments,
 * parentheses or the body of a function that is written as `BEGIN ATOMIC … END`. It decides what is sent together, never
 * what is allowed.
 */
export function splitStatements(text: string, rules: LexicalRules = usualRules): readonly Span[] {
  const spans: Span[] = [];
  const dataEnd = dataEnds(text);
  let state = newState();

  const finish = (until: number) => {
    const { from, start, end, open } = state;
    if (start !== undefined) spans.push({ kind: "statement", from: from ?? start, start, end, until, open });
    state = newState();
  };

  let at = 0;
  for (let token = nextToken(text, at, rules); token !== undefined; token = nextToken(text, at, rules)) {
    at = token.end;
    const sign = token.kind === "sign" ? text.charCodeAt(token.start) : 0;
    if (token.kind === "comment") {
      state.from ??= token.start;
      if (token.open && state.start !== undefined) state = { ...state, end: token.end, open: true };
    } else if (token.kind === "command" && (state.start === undefined || sends(text, token))) {
      const isAnswered = state.start !== undefined || text[token.start + 1] === ";";
      finish(token.end);
      if (!isAnswered) spans.push(commandSpan(text, token));
    } else if (sign === semicolon && state.parentheses === 0 && state.blocks === 0) {
      // A script of pg_dump: what follows is data up to a line `\.`, and no SQL.
      if (state.start !== undefined && state.takesData) at = dataEnd(at) ?? at;
      finish(at);
    } else {
      // Another command in the midst of a statement: nobody can tell what was meant. The server is to refuse the whole,
      // rather than be sent the half before it.
      take(state, text, token, sign);
    }
  }
  finish(text.length);
  return spans;
}

const semicolon = 59;

function commandSpan(text: string, { start, end: until }: Token): Span {
  const end = start + text.slice(start, until).trimEnd().length;
  return { kind: "command", from: start, start, end, until, open: false };
}

interface State {
  from: number | undefined;
  start: number | undefined;
  end: number;
  open: boolean;
  parentheses: number;
  /** Depth of BEGIN ATOMIC and CASE. */
  blocks: number;
  /** The first words, lower case. */
  readonly first: string[];
  /** The word before, lower case; empty when the token before was none. */
  before: string;
  /** `CREATE [OR REPLACE] FUNCTION` or `PROCEDURE`. */
  routine: boolean;
  /** `COPY … FROM STDIN`. */
  takesData: boolean;
}

function newState(): State {
  return {
    from: undefined,
    start: undefined,
    end: 0,
    open: false,
    parentheses: 0,
    blocks: 0,
    first: [],
    before: "",
    routine: false,
    takesData: false,
  };
}

function take(state: State, text: string, token: Token, sign: number): void {
  state.from ??= token.start;
  state.start ??= token.start;
  state.end = token.end;
  if (token.open) state.open = true;
  if (sign === 40) state.parentheses += 1;
  if (sign === 41 && state.parentheses > 0) state.parentheses -= 1;
  if (token.kind !== "word") {
    // `a.end` is a column.
    state.before = sign === 46 ? "." : "";
    return;
  }
  // Longer words are none of those that are looked for.
  const word = token.end - token.start > 9 ? "" : text.slice(token.start, token.end).toLowerCase();
  if (state.first.length < 4) {
    state.first.push(word);
    state.routine = isRoutine(state.first);
  }
  if (state.parentheses === 0) {
    if (state.routine) takeBlockWord(state, word);
    if (word === "stdin" && state.before === "from" && state.first[0] === "copy") state.takesData = true;
  }
  state.before = word;
}

function takeBlockWord(state: State, word: string): void {
  // After AS or a dot it is a name.
  const isName = state.before === "as" || state.before === ".";
  if (state.blocks === 0) {
    if (word === "atomic" && state.before === "begin") state.blocks = 1;
  } else if (isName) {
    return;
  } else if (word === "case") {
    state.blocks += 1;
  } else if (word === "end") {
    state.blocks -= 1;
  }
}

function isRoutine(first: readonly string[]): boolean {
  if (first[0] !== "create") return false;
  const kind = first[1] === "or" && first[2] === "replace" ? first[3] : first[1];
  return kind === "function" || kind === "procedure";
}

/** Commands that send what was typed before them; `\;` ends a statement as well. */
const senders =
  /^\\(?:;|(?:g|gx|gdesc|gexec|gset|watch|crosstabview|bind|bind_named|parse|sendpipeline)(?![A-Za-z_]))/;

function sends(text: string, token: Token): boolean {
  return senders.test(text.slice(token.start, Math.min(token.end, token.start + 20)));
}

/** Finds the line `\.` after a place; once there is none, it is not looked for again. */
function dataEnds(text: string): (from: number) => number | undefined {
  let none = false;
  return (from) => {
    if (none) return undefined;
    lastLine.lastIndex = from;
    const found = lastLine.exec(text);
    if (found === null) none = true;
    return found === null ? undefined : lastLine.lastIndex;
  };
}

const lastLine = /^\\\.[^\S\r\n]*(?:\r\n|\r|\n|$)/gm;
