import { connectionsAmong, type Found } from "./settings-map.ts";

/** Whether a text has lines as an environment file or a properties file does. */
export function isEnvFile(text: string): boolean {
  return /^[ \t]*(?:export\s+|-\s+)?["']?[A-Za-z_][\w.-]{0,100}["']?\s*[=:]/m.test(text);
}

/** Finds the connections of an environment file (`dotenv`'s rules), a properties file, or `KEY: value` lines. */
export function readEnvFile(text: string): readonly Found[] {
  return connectionsAmong(variablesOf(text), "env");
}

/** The variables of an environment file, quotes undone, `${NAME}` filled in from what came before. */
export function variablesOf(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  let at = 0;
  while (at < text.length && variables.size < mostVariables) {
    const end = lineEnd(text, at);
    const line = text.slice(at, end);
    const head = /^\s*(?:export\s+|-\s+)?["']?([A-Za-z_][\w.-]{0,100})["']?\s*[=:]\s*/.exec(
      line.slice(0, 400),
    );
    if (head === null) {
      at = end + 1;
      continue;
    }
    const start = at + head[0].length;
    const quote = text.charAt(start);
    const close = quote === '"' || quote === "'" || quote === "`" ? closing(text, start) : -1;
    let value: string;
    if (close > 0) {
      value = text.slice(start + 1, close);
      if (quote === '"') value = value.replace(/\\n/g, "\n").replace(/\\(["\\$])/g, "$1");
      at = lineEnd(text, close) + 1;
    } else {
      value = line
        .slice(head[0].length)
        .replace(/\s#.*$/, "")
        .trim();
      at = end + 1;
    }
    const filled =
      quote === "'" || !value.includes("$")
        ? value
        : value.replace(/\$\{(\w{1,80})\}/g, (whole, name: string) => variables.get(name) ?? whole);
    variables.set(head[1] ?? "", filled);
  }
  return variables;
}

/** No environment has more; what lies behind them is left out. */
const mostVariables = 2000;

/** A quoted value may go over lines, a key for one; not over so many that the quote was only a sign of the value. */
function closing(text: string, from: number): number {
  const quote = text.charAt(from);
  const most = Math.min(text.length, from + 20_000);
  for (let at = from + 1; at < most; at += 1) {
    const letter = text.charAt(at);
    if (letter === "\\" && quote === '"') at += 1;
    else if (letter === quote) return at;
  }
  return -1;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}
