/**
 * A text in double quotes that JavaScript, Python, Go, JSON and YAML all read as the same: every escape in it is one
 * that the five know. What YAML does not print (its specification, 5.1) and what Go refuses in its source is escaped,
 * and what other languages would fill in: `${…}`, `#{…}`.
 */
export function doubleQuoted(text: string): string {
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, "\uFFFD")).replace(
    /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]|[$#](?=\{)/g,
    unicodeEscape,
  );
}

/**
 * A text in single quotes for Ruby and PHP, where a backslash and the quote are all that is special: no `#{…}`, no
 * `$name`.
 */
export function singleQuoted(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}

function unicodeEscape(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
