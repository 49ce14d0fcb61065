/** What can be said of SQL that came from somewhere else. */
export type PasteAdviceId = "psql-command" | "copy-stdin" | "odd-blank" | "typographic-sign" | "parameter";

/**
 * Why a pasted statement was refused, where its text shows it. A document, a chat or a web page changes signs that SQL
 * needs as they are; a psql script or a dump has lines that are not SQL; a program's text has places for values.
 * What stands in literals, quoted names and comments is nobody's fault and not looked at.
 * @param sql      as it was run
 * @param sqlstate of its error; only one that such a thing gives is explained so
 */
export function pasteAdvice(sql: string, sqlstate: string): PasteAdviceId | undefined {
  const isSyntax = sqlstate === "42601";
  const text = sql.replace(quoted, (part) => "'".repeat(part.length));
  // 57014 is what the server says when the input of COPY is broken off, as there is none; 25006 under the switch.
  const isCopy = isSyntax || sqlstate === "57014" || sqlstate === "25006";
  if (isCopy && copyFromStdin.test(text)) return "copy-stdin";
  // 08P01: fewer values than parameters; 42P18: a parameter whose type nothing tells.
  if (sqlstate === "08P01" || sqlstate === "42P02" || sqlstate === "42P18")
    return /\$\d/.test(text) ? "parameter" : undefined;
  // Class 42: to the server such a sign is a letter, so that a name with it in it is simply not known.
  if (!sqlstate.startsWith("42")) return undefined;
  if (isSyntax && psqlCommand.test(text)) return "psql-command";
  if (oddBlank.test(text)) return "odd-blank";
  if (typographic.test(text)) return "typographic-sign";
  return isSyntax && placeholder.test(text) ? "parameter" : undefined;
}

/** Literals, names in quotes, dollar quotes and comments. */
const quoted = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//g;

const copyFromStdin = /\bcopy\b[^;]*\bfrom\s+stdin\b/i;

/** `\d`, `\c shop`, `\copy …` at the start of a line; `\gx`, `\watch` at the end of a statement. */
const psqlCommand = /^\s*\\[a-z?!]|\\(?:g|gx|gset|gexec|gdesc|watch|crosstabview)\b/im;

/** No-break and other wide or narrow blanks, signs without width, the byte order mark. */
const oddBlank = /[\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]/;

/** Curved quotes, primes, guillemets; dashes and the minus of typesetters; the full-width signs of an East Asian keyboard. */
const typographic =
  /[\u2018-\u201f\u2032\u2033\u2039\u203a\u00ab\u00bb\u2010-\u2015\u2212\uff02\uff07-\uff09\uff0c\uff1b\uff1d]/;

/**
 * `?`, `:id`, `%s`, `%(id)s`, `@id`, `${id}`, `{{id}}`: how programs and templates write a place for a value. Before an
 * operand `?` is an operator of jsonb.
 */
const placeholder =
  /(?<![\w?@])\?(?=\s*(?:$|[,);]|(?:and|or|order|limit|offset|group|then|else|end|as|from)\b))|(?<![:\w]):[a-z_]\w*|%s\b|%\(\w+\)s|(?<![@\w])@[a-z_]\w*|[$#]\{|\{\{/i;
