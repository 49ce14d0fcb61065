import { splitCmd } from "./split-cmd.ts";

/** The shells whose command lines are read. */
export type Shell = "sh" | "cmd" | "powershell";

/** Which shell a text was written for. */
export function shellOf(text: string): Shell {
  // The call operator begins no line of another shell.
  if (/^\s{0,20}&\s{0,20}["']?(?:[^\s"']{0,200}[\\/])?psql/m.test(text)) return "powershell";
  if (/\bpsql(?:\.exe)?\s{1,20}\^"/.test(text)) return "cmd";
  if (/[ \t]\^[ \t]+-/.test(text)) return "cmd";
  if (/\$env:\w/i.test(text) || /^PS [^\n>]{0,200}>/m.test(text) || /[ \t]`\r?\n/.test(text))
    return "powershell";
  if (/^[ \t]*(?:[A-Z]:\\[^\n>]{0,200}>\s*)?set\s+\^?"?\w+=/im.test(text) || /\^\r?\n/.test(text))
    return "cmd";
  return /^[^\n]{0,80}\bfor \/f\b/im.test(text) || /^[A-Z]:\\[^\n>]{0,200}>/m.test(text) ? "cmd" : "sh";
}

/** What was met on the way: variables that are set, and the commands whose output stands in a value. */
export interface ShellState {
  readonly variables: Map<string, string>;
  readonly commands: string[];
  /** A command that makes a password and prints it, for somebody to put it in by hand. */
  printed?: string;
}

/** The place of a command's output in a word: its number among the commands, between marks that no paste holds. */
export function commandMark(index: number): string {
  return `\uE000${index}\uE000`;
}

/** The statements of a text, each as it is written: line ends, `;`, `&&` and pipes part them, quotes hold them together. */
export function statementsOf(text: string, shell: Shell): readonly string[] {
  const joined = text.replace(shell === "sh" ? /\\\r?\n/g : shell === "cmd" ? /\^\r?\n/g : /`\r?\n/g, " ");
  const statements: string[] = [];
  let from = 0;
  let at = 0;
  while (at < joined.length) {
    const letter = joined.charAt(at);
    if ((letter === "\\" && shell === "sh") || (letter === "^" && shell === "cmd")) at += 2;
    else if (letter === '"' || (letter === "'" && shell !== "cmd")) at = afterQuote(joined, at, shell);
    else if (letter === "(") at = afterParenthesis(joined, at, shell);
    else if (letter === "#" && shell !== "cmd" && /(?:^|\s)$/.test(joined.slice(Math.max(0, at - 1), at))) {
      // A comment reaches to the end of its line.
      statements.push(joined.slice(from, at));
      at = lineEnd(joined, at);
      from = at;
    } else if (
      letter === "\n" ||
      letter === "|" ||
      (letter === ";" && shell !== "cmd") ||
      (letter === "&" && separates(joined, at, shell))
    ) {
      statements.push(joined.slice(from, at));
      at += 1;
      from = at;
    } else at += 1;
  }
  statements.push(joined.slice(from));
  return statements
    .map((statement) => withoutPrompt(statement.trim()))
    .filter((statement) => statement !== "");
}

/** The words of one statement, quotes and escapes undone, known variables filled in. */
export function wordsOf(statement: string, shell: Shell, state: ShellState): readonly string[] {
  if (shell === "cmd") return splitCmd(statement, state.variables);
  const words: string[] = [];
  let word = "";
  let begun = false;
  let at = 0;
  const escapeSign = shell === "sh" ? "\\" : "`";
  while (at < statement.length) {
    const letter = statement.charAt(at);
    if (/\s/.test(letter)) {
      if (begun) words.push(word);
      word = "";
      begun = false;
      at += 1;
      continue;
    }
    begun = true;
    if (letter === escapeSign) {
      word += statement.charAt(at + 1);
      at += 2;
    } else if (letter === "'") {
      const end = afterQuote(statement, at, shell);
      const inner = statement.slice(at + 1, end - 1);
      // PowerShell takes the typographic quotes for quotes, too.
      word += shell === "powershell" ? inner.replace(/(['\u2018-\u201B])['\u2018-\u201B]/g, "$1") : inner;
      at = end;
    } else if (letter === '"') {
      const end = afterQuote(statement, at, shell);
      word += inQuotes(statement.slice(at + 1, end - 1), shell, state);
      at = end;
    } else if (letter === "(" && shell === "powershell") {
      const end = afterParenthesis(statement, at, shell);
      word += keep(statement.slice(at + 1, end - 1), state);
      at = end;
    } else {
      const [text, next] = plainPart(statement, at, shell, state);
      word += text;
      at = next;
    }
  }
  if (begun) words.push(word);
  return words;
}

function inQuotes(inner: string, shell: Shell, state: ShellState): string {
  let text = "";
  let at = 0;
  while (at < inner.length) {
    const letter = inner.charAt(at);
    const next = inner.charAt(at + 1);
    const escaped =
      (shell === "sh" && letter === "\\" && '"\\$`\n'.includes(next) && next !== "") ||
      (shell === "powershell" && (letter === "`" || (letter === '"' && next === '"')));
    if (escaped) {
      text += next;
      at += 2;
      continue;
    }
    const [part, after] = plainPart(inner, at, shell, state);
    text += part;
    at = after;
  }
  return text;
}

/** One letter, a variable, or a command in its place. */
function plainPart(text: string, at: number, shell: Shell, state: ShellState): readonly [string, number] {
  const letter = text.charAt(at);
  if (letter === "$") {
    if (text.charAt(at + 1) === "(") {
      const end = afterParenthesis(text, at + 1, shell);
      return [keep(text.slice(at + 2, end - 1), state), end];
    }
    const found = /^\$(?:\{(?:env:)?(\w{1,80})(?::-([^{}]{0,200}))?\}|(?:env:)?(\w{1,80}))/i.exec(
      text.slice(at, at + 300),
    );
    if (found !== null) {
      const value = state.variables.get(found[1] ?? found[3] ?? "") ?? found[2];
      return [value ?? found[0], at + found[0].length];
    }
  }
  if (letter === "`" && shell === "sh") {
    const end = text.indexOf("`", at + 1);
    if (end > 0) return [keep(text.slice(at + 1, end), state), end + 1];
  }
  return [letter, at + 1];
}

function keep(command: string, state: ShellState): string {
  state.commands.push(command);
  return commandMark(state.commands.length - 1);
}

function afterQuote(text: string, from: number, shell: Shell): number {
  const quote = text.charAt(from);
  let at = from + 1;
  while (at < text.length) {
    const letter = text.charAt(at);
    // To cmd a backslash is a letter, and each quotation mark turns quoting on or off.
    if (quote === '"' && shell !== "cmd" && letter === (shell === "powershell" ? "`" : "\\")) at += 2;
    else if (quote === '"' && letter === "$" && text.charAt(at + 1) === "(" && shell !== "cmd")
      at = afterParenthesis(text, at + 1, shell);
    else if (letter === quote && shell === "powershell" && text.charAt(at + 1) === quote) at += 2;
    else if (letter === quote) return at + 1;
    else at += 1;
  }
  return text.length + 1;
}

/** Parentheses nest a few times at most; deeper ones are left as they are. */
function afterParenthesis(text: string, from: number, shell: Shell): number {
  let depth = 0;
  let at = from;
  let quote = "";
  while (at < text.length) {
    const letter = text.charAt(at);
    if (quote !== "") {
      if (letter === quote) quote = "";
    } else if (letter === '"' || (letter === "'" && shell !== "cmd")) quote = letter;
    else if (letter === "(") depth += 1;
    else if (letter === ")") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
    at += 1;
  }
  return text.length + 1;
}

function separates(text: string, at: number, shell: Shell): boolean {
  if (shell === "powershell") return text.charAt(at + 1) === "&" || text.charAt(at - 1) === "&";
  return text.charAt(at - 1) !== "^";
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

function withoutPrompt(statement: string): string {
  return statement.replace(
    /^(?:PS [^\n>]{0,200}>|[A-Za-z]:\\[^\n>]{0,200}>|[$%>](?=\s)|\w[\w.-]{0,60}@[^\s:]{1,80}:[^\s$#]{0,200}[$#](?=\s))\s*/,
    "",
  );
}
