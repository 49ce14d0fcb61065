/**
 * Whether a password is the stand-in that providers print in its place: `{your_password}`, `<password>`,
 * `[YOUR-PASSWORD]`, `$PGPASSWORD`, `****`. Passwords that people do use, such as `password`, are not.
 */
export function isPlaceholder(password: string): boolean {
  if (password.length > 60) return false;
  return /^(?:\{[^{}]+\}|<[^<>]+>|\[[^[\]]+\]|\$\{?\w+\}?)$/.test(password)
    ? /pass|pwd|secret|token/i.test(password)
    : /^(?:\*{3,}|•{3,}|x{4,}|…|\.{3})$/i.test(password) ||
        /^(?:your|my)[-_ ]?(?:db|database|postgres)?[-_ ]?(?:password|passwd|pwd)(?:[-_ ]?here)?$/i.test(
          password,
        );
}
