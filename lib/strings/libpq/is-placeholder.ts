/**
 * Whether a password is the stand-in that providers print in its place: `{your_password}`, `<password>`,
 * `[YOUR-PASSWORD]`, `$PGPASSWORD`, `****`. Passwords that people do use, such as `password`, are not.
 */
export function isPlaceholder(password: string): boolean {
  if (password.length > 60) return false;
  return bracketed.test(password)
    ? /pass|pwd|secret|token/i.test(password)
    : /^(?:\*{3,}|•{3,}|x{4,}|…|\.{3})$/i.test(password) ||
        /^(?:your|my)[-_ ]?(?:db|database|postgres)?[-_ ]?(?:password|passwd|pass|pwd|token)(?:[-_ ]?here)?$/i.test(
          password,
        ) ||
        // What a guide writes where the output of the command before belongs.
        /^(?:the[-_ ])?(?:auth[-_ ])?(?:token|output|password)[-_ ](?:from[-_ ](?:above|before|previous[-_ ]\w+|step[-_ ]?\d)|here)$/i.test(
          password,
        );
}

/** Whether a host, user or database is such a stand-in: `{your_database}`, `<cluster-endpoint>`, `$PGHOST`, `%h%`. */
export function isPlaceholderValue(value: string): boolean {
  if (value.length > 80) return false;
  return bracketed.test(value) || /^%(?:\w+%|[sdqv])$/.test(value) || /^your[-_](?:\w|-)+$/i.test(value);
}

const bracketed = /^(?:\{[^{}]+\}|<[^<>]+>|\[[^[\]]+\]|\$\{?\w+\}?)$/;
