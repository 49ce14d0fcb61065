import "server-only";

/** A path as one word of a POSIX shell, to be shown in a command that can be copied. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
