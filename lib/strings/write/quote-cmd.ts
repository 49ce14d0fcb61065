/**
 * A text as one argument on the line of the Windows command prompt, for a program that reads its arguments as
 * Microsoft's C runtime does; psql is one.
 *
 * Two readers take turns. The runtime wants a quotation mark written `\"` and the backslashes before one doubled
 * ("Parsing C command-line arguments"). cmd knows no such mark: to it each `"` switches a state in which only `%` is
 * special. A plain text is quoted and that is all; where it holds `"` or `%`, the state is never entered, and a
 * caret stands before whatever cmd would act on, the quotation marks included. So it is for what a POSIX shell would
 * read in another way between double quotes: pasted there by mistake, it must not pass for something else.
 * @returns undefined for a text with a line break or NUL, which no line can hold
 */
export function quoteCmd(text: string): string | undefined {
  if (isUnwritable(text)) return undefined;
  const argument = `"${text.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, "$&$&")}"`;
  return literally(argument, /["%\\$`]/.test(text));
}

/**
 * `set` with a name and a value, which stands between quotation marks so that nothing at its end gets lost.
 * @returns undefined for a value with a line break or NUL
 */
export function cmdSet(name: string, value: string): string | undefined {
  // `set` takes what stands between the first and the last quotation mark, other marks included.
  return isUnwritable(value) ? undefined : `set ${literally(`"${name}=${value}"`, /["%]/.test(value))}`;
}

/**
 * A text for inside `` for /f ("usebackq") … in (`…`) ``, whose line is read twice.
 * @returns undefined for what would need an escape of its own in each reading
 */
export function cmdNestedWord(text: string): string | undefined {
  if (/^[A-Za-z0-9_.:/@+-]+$/.test(text)) return text;
  return /^[\p{L}\p{N} _.:/@+,=#~-]+$/u.test(text) ? `"${text}"` : undefined;
}

function isUnwritable(text: string): boolean {
  return /[\0\r\n]/.test(text);
}

/**
 * A caret before each character that cmd acts on outside quotation marks. A `%` cannot be escaped where commands are
 * typed, but a variable's name can be made one that nobody has: a caret goes behind each `%` as well, is taken for
 * part of the name while cmd looks for variables, and disappears after.
 */
function literally(text: string, hostile: boolean): string {
  if (!hostile) return text;
  return text.replace(/[()%!^"<>&|]|(?<=%)[^()%!^"<>&|]/gu, "^$&");
}
