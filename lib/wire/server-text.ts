import "server-only";

const longest = 500;

/**
 * What a server said, fit to be shown: one line, 500 characters at most, control and direction characters as
 * escapes. It stays the server's own text: data, in the server's language.
 */
export function serverText(text: string): string {
  const visible = text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`,
  );
  return visible.length > longest ? `${visible.slice(0, longest)}…` : visible;
}
