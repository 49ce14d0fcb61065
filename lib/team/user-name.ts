/** Longest user name, in characters. */
export const userNameMaxLength = 64;

/**
 * Reads a user name as typed.
 * @returns the name in composed form without blanks around it, or undefined: empty, longer than 64 characters, or
 *   holding control, invisible or line-breaking characters
 */
export function readUserName(text: string): string | undefined {
  const name = text.normalize("NFC").trim();
  if (name === "" || [...name].length > userNameMaxLength) return undefined;
  return /[\p{C}\p{Zl}\p{Zp}]/u.test(name) ? undefined : name;
}

/** The form under which two names are the same: "Ann" and "ＡＮＮ" are one user. */
export function foldUserName(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase().normalize("NFC");
}
