import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { FormChange } from "#lib/settings/form-values.ts";
import { isPlaceholder } from "#lib/strings/libpq/is-placeholder.ts";
import { readKeywords } from "#lib/strings/libpq/keywords.ts";
import type { StringNote } from "#lib/strings/libpq/libpq-parameters.ts";
import { libpqVariableNames } from "#lib/strings/libpq/libpq-variable-names.ts";
import { isUri, psqlUriRules, readUriBy } from "#lib/strings/libpq/uri.ts";
import type { RawConnection } from "./raw-connection.ts";
import { withoutCarets } from "./split-cmd.ts";
import { commandMark, type Shell, type ShellState, shellOf, statementsOf, wordsOf } from "./split-shell.ts";
import type { TlsDraft } from "./tls-words.ts";
import { readTokenCommand, type TokenCommand } from "./token-command.ts";
import { readKeywordTls } from "./url-tls.ts";

/** Whether a text is a command line: it calls a client of PostgreSQL, or sets `PG*` variables as a shell does. */
export function isCommandLine(text: string): boolean {
  if (text.length > 65_536) return false;
  return (
    /(?:^|[\s/\\"'&(])(?:psql|pgcli|pg_dump|pg_restore|pg_isready)(?:\.exe)?["']?(?:\s|$)/m.test(text) ||
    /^[ \t]*(?:\$env:|set\s+"?|export\s+)PG[A-Z]+\s*=/im.test(text) ||
    tokenCall.test(text)
  );
}

/** Amazon's commands that print a password; what stands between a program and its command goes on over lines. */
const tokenCall =
  /(?:^|[\s"'(])aws(?:\.exe)?\s(?:[^\n|;&]{0,200}\s)?generate-db-(?:connect-(?:admin-)?)?auth-token(?:\s|$)/m;

/** Reads the command lines of a text: one connection for each call of a client, else one of the variables that are set. */
export function readCommandLines(text: string): readonly Result<RawConnection>[] {
  // A quote or backslash between a user and a password is none of the shell's: it would put one behind the other.
  if (/:\/\/[^\s@"'`\\:/]{0,200}["'\\][^\s@/:]{0,200}@/.test(text))
    return [failed(problem("string-malformed", { reason: "user-sign" }))];
  const shell = shellOf(text);
  const state: ShellState = { variables: new Map(), commands: [] };
  const found: Result<RawConnection>[] = [];
  for (const statement of statementsOf(asPrinted(text.replaceAll("\uE000", ""), shell), shell)) {
    if (/^(?:\S{0,200}[\\/])?aws(?:\.exe)?\s/.test(statement) && tokenCall.test(statement)) {
      state.printed = statement;
      continue;
    }
    if (shell !== "sh" && assign(statement, shell, state)) continue;
    const words = wordsOf(statement, shell, state);
    const program = programIn(words);
    const inner = program < 0 && wrappers.test(words[0] ?? "") ? words.find(holdsCall) : undefined;
    if (inner !== undefined) {
      found.push(...readCommandLines(inner));
      continue;
    }
    const before = program < 0 ? words : words.slice(0, program);
    const own = new Map(state.variables);
    let exported = program < 0;
    for (const word of before) {
      const assignment = /^(?:(?:--env|-e)=)?([A-Za-z_]\w{0,80})=([\s\S]*)$/.exec(word);
      if (assignment === null) {
        if (word !== "export" && word !== "env" && word !== "declare" && word !== "-x") exported = false;
        continue;
      }
      own.set(assignment[1] ?? "", assignment[2] ?? "");
      if (exported) state.variables.set(assignment[1] ?? "", assignment[2] ?? "");
    }
    if (program >= 0) found.push(readCall(words.slice(program + 1), own, shell, state));
  }
  if (found.length > 0) return found;
  return hasAny(state.variables) || state.printed !== undefined
    ? [readCall([], state.variables, shell, state)]
    : [];
}

/**
 * The lines of a guide as they were before they were printed: a sign that joins lines stands in their middle, several
 * `set` stand on one line, and the value of the last option on the next.
 */
function asPrinted(text: string, shell: Shell): string {
  let plain = text;
  if (shell === "sh")
    plain = plain.replace(/(?<=\s)\\[ \t]+(?=--?[A-Za-z]|[A-Z][A-Z_]+=|\S{0,200}psql\b)/g, " ");
  if (shell === "powershell")
    plain = plain.replace(/(?<=\s)`[ \t]+(?=--?[A-Za-z]|[A-Z][A-Z_]+=|\S{0,200}psql\b)/g, " ");
  if (shell === "cmd") {
    plain = plain
      .replace(/(?<=\s)\^[ \t]+(?=--?[A-Za-z]|[A-Z][A-Z_]+=|\S{0,200}psql\b)/g, " ")
      .replace(/^[ \t]*set[ \t][^\n]*$/gim, (line) => line.replace(/[ \t]+(?=set[ \t]+"?PG[A-Z]+=)/gi, "\n"))
      .replace(/^([ \t]*set[ \t][^\n]*?)[ \t]+(?=(?:"[^"\n]{0,200}\\)?psql(?:\.exe)?"?[ \t]+-)/gim, "$1\n");
  }
  return plain.replace(
    /(--?(?:host|port|username|dbname|[hpUd]))[ \t]*(?:[\\^`][ \t]*)?\n\s*(?=[\w"'{<$][^\s]*[ \t]*(?:[\\^`]|\n|$))/g,
    "$1 ",
  );
}

/** Programs that run a command somewhere else, and have names of their own that may be `psql`. */
const wrappers =
  /^(?:.*[\\/])?(?:kubectl|oc|docker|docker-compose|podman|nerdctl|ssh|fly|flyctl|sudo|su|sh|bash|zsh|env|time|watch|xargs|wsl|cmd|powershell|pwsh)(?:\.exe)?$/i;

/** Where the client stands that is called; -1 where none is. */
function programIn(words: readonly string[]): number {
  const first = words.findIndex((word) => clients.test(word));
  if (first < 0 || !wrappers.test(words.find((word) => !/^\w+=/.test(word)) ?? "")) return first;
  const ends = words.indexOf("--");
  if (ends >= 0) return words.findIndex((word, index) => index > ends && clients.test(word));
  // The last that has words of a call behind it: a container may be called psql.
  const called = words.findLastIndex(
    (word, index) => clients.test(word) && /^-|:\/\/|=|^$/.test(words[index + 1] ?? ""),
  );
  return called < 0 ? first : called;
}

/** A whole command in one word, as `sh -c` and `ssh` take it. */
function holdsCall(word: string): boolean {
  return /\s/.test(word) && isCommandLine(word);
}

const clients = /^(?:.*[\\/])?(?:psql|pgcli|pg_dump|pg_restore|pg_isready)(?:\.exe)?$/i;

/** `set X=…` of cmd, `$env:X = …` and `$x = …` of PowerShell; cmd's `for /f` that takes the output of a command. */
function assign(statement: string, shell: Shell, state: ShellState): boolean {
  if (shell === "cmd") {
    const loop =
      /^for\s+\/f\s+(?:"[^"]{0,100}"\s+|\S+=\S*\s+)?%%?(\w)\s+in\s+\((['`])([^\n]*)\2\)\s+do\s+@?\(?\s*@?set\s+"?(\w+)=%%?\w"?\)?$/i.exec(
        statement,
      );
    if (loop !== null) {
      // Inside the loop's quotes a caret takes the next sign as it is.
      state.commands.push(withoutCarets(loop[3] ?? ""));
      state.variables.set(loop[4] ?? "", commandMark(state.commands.length - 1));
      return true;
    }
    const set = /^set\s+(?:"(\w+)=([\s\S]*)"|(\w+)=([\s\S]*))$/i.exec(withoutCarets(statement));
    if (set === null) return false;
    const value = set[2] ?? set[4] ?? "";
    const filled = value.replace(
      /%(\w{1,80})%/g,
      (whole, name: string) => state.variables.get(name) ?? whole,
    );
    state.variables.set(set[1] ?? set[3] ?? "", filled);
    return true;
  }
  const set = /^\$(?:env:)?(\w{1,80})\s*=\s*([\s\S]*)$/i.exec(statement);
  if (set === null) return false;
  const [, name = "", right = ""] = set;
  const words = wordsOf(right, shell, state);
  if (/^(?:aws|az|gcloud)\s/i.test(right)) {
    state.commands.push(right);
    state.variables.set(name, commandMark(state.commands.length - 1));
  } else state.variables.set(name, (words[0] ?? "").replace(/(\uE000\d+\uE000)\.\w+$/, "$1"));
  return true;
}

function hasAny(variables: ReadonlyMap<string, string>): boolean {
  return [...variables.keys()].some((name) => name in libpqVariableNames);
}

/** psql's order: the environment, then its options, then what stands in a connection string. */
function readCall(
  words: readonly string[],
  variables: ReadonlyMap<string, string>,
  shell: Shell,
  state: ShellState,
): Result<RawConnection> {
  const parameters = new Map<string, string>();
  for (const [variable, name] of Object.entries(libpqVariableNames)) {
    const value = variables.get(variable);
    if (value !== undefined && value !== "") parameters.set(name, value);
  }
  const { options, strings } = argumentsOf(words);
  for (const [name, value] of options) parameters.set(name, value);
  for (const text of strings) {
    const read = isUri(text) ? readUriBy(psqlUriRules, text) : readKeywords(text);
    if (!read.ok) return read;
    for (const [name, value] of read.value) parameters.set(name, value);
  }
  const draft: TlsDraft & { change: FormChange } = { parameters, change: {}, notes: [] };
  readKeywordTls(draft);
  let command = resolve(draft, shell, variables, state);
  const password = draft.parameters.get("password");
  if (
    state.printed !== undefined &&
    (password === undefined || isPlaceholder(password) || /^[%$]/.test(password)) &&
    command.signIn === undefined
  ) {
    // The command stands before, and its output was to be put in by hand.
    draft.parameters.delete("password");
    command = takeToken(draft, readTokenCommand(state.printed, shell, variables));
  }
  return ok({ form: "psql", ...draft, change: { ...draft.change, ...command } });
}

/** Puts what stands in place of a command's output right: a password becomes a way to sign in, the rest is left open. */
function resolve(
  draft: { readonly parameters: Map<string, string>; readonly notes: StringNote[] },
  shell: Shell,
  variables: ReadonlyMap<string, string>,
  state: ShellState,
): FormChange {
  let change: FormChange = {};
  for (const [name, value] of [...draft.parameters]) {
    if (!value.includes("\uE000")) continue;
    draft.parameters.delete(name);
    const mark = /^\s*\uE000(\d+)\uE000\s*$/.exec(value);
    const command = mark === null ? undefined : state.commands[Number(mark[1])];
    if (name !== "password") draft.notes.push({ id: "value-elsewhere", facts: { list: name } });
    else if (command === undefined) draft.notes.push({ id: "password-command" });
    else {
      change = takeToken(draft, readTokenCommand(command, shell, variables));
    }
  }
  return change;
}

function takeToken(
  draft: { readonly parameters: Map<string, string>; readonly notes: StringNote[] },
  token: TokenCommand,
): FormChange {
  draft.notes.push(token.note);
  for (const [own, said] of token.parameters) {
    if (!draft.parameters.has(own)) draft.parameters.set(own, said);
  }
  return token.change;
}

/** psql's command line (its manual): options with their values, then a database or string, then a user. */
function argumentsOf(words: readonly string[]): {
  readonly options: ReadonlyMap<string, string>;
  readonly strings: readonly string[];
} {
  const options = new Map<string, string>();
  const strings: string[] = [];
  const plain: string[] = [];
  const take = (name: string, value: string) => {
    if (name !== "dbname") options.set(name, value);
    else if (isUri(value) || value.includes("=")) strings.push(value);
    else options.set("dbname", value);
  };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const long = /^--([a-z-]+)(?:=([\s\S]*))?$/.exec(word);
    if (long !== null) {
      const [, name = "", glued] = long;
      const target = longNames[name];
      if (target !== undefined || longWithValue.has(name)) {
        const value = glued ?? words[at + 1] ?? "";
        if (glued === undefined) at += 1;
        if (target !== undefined) take(target, value);
      }
    } else if (/^-[A-Za-z]/.test(word)) {
      const flag = word.charAt(1);
      const target = shortNames[flag];
      if (target !== undefined || "cfvoFLPRT".includes(flag)) {
        const glued = word.slice(2);
        if (glued === "") at += 1;
        const value = glued === "" ? (words[at] ?? "") : glued;
        if (target !== undefined) take(target, value);
      }
    } else if (!/^\d?[<>]/.test(word)) plain.push(word);
  }
  const [database, user] = plain;
  if (database !== undefined && !(options.has("dbname") || strings.length > 0)) take("dbname", database);
  if (user !== undefined && !options.has("user")) options.set("user", user);
  return { options, strings };
}

const longNames: Readonly<Record<string, string>> = {
  host: "host",
  port: "port",
  username: "user",
  dbname: "dbname",
};
const shortNames: Readonly<Record<string, string>> = { h: "host", p: "port", U: "user", d: "dbname" };
const longWithValue: ReadonlySet<string> = new Set(
  "command file set variable output field-separator log-file pset record-separator table-attr format".split(
    " ",
  ),
);
