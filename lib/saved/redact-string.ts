import "server-only";

/**
 * A connection string that could not be read, made fit to be shown: whatever may be a password is replaced by `…`.
 * Since nobody knows where such a text goes wrong, too much is taken rather than too little.
 */
export function redactString(text: string): string {
  return withoutNamedSecrets(withoutCredentials(text));
}

/** `user:password@`: an unescaped `@`, `/`, `?` or `#` in the password is the usual reason, so the last `@` counts. */
function withoutCredentials(text: string): string {
  const start = /^\s*[a-z][a-z0-9+.-]*:(?:[a-z][a-z0-9+.-]*:)*\/\//i.exec(text)?.[0].length ?? 0;
  const rest = text.slice(start);
  const end = rest.lastIndexOf("@");
  const colon = rest.indexOf(":");
  if (end !== -1) {
    if (colon === -1 || colon > end) return text;
    return `${text.slice(0, start)}${rest.slice(0, colon)}:…${rest.slice(end)}`;
  }
  // No `@`: a colon that no port follows may be all that is left of `user:password@`.
  const noPort = start > 0 && colon !== -1 && !/^:\d{1,5}(?:[/?#,]|$)/.test(rest.slice(colon));
  return noPort && !/[/?#]/.test(rest.slice(0, colon))
    ? `${text.slice(0, start)}${rest.slice(0, colon)}:…`
    : text;
}

const secretName = String.raw`[\w-]*(?:pass|pwd|secret|token|key|auth|cred)[\w-]*["']?\s*[=:]\s*`;

function withoutNamedSecrets(text: string): string {
  const quoted = String.raw`'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?`;
  // In ADO.NET's form a value ends at a semicolon and may hold blanks.
  const plain = text.includes(";") ? "[^;]+" : String.raw`(?:\\.|[^\s&\\])+`;
  return text.replace(new RegExp(`(${secretName})(?:${quoted}|${plain})`, "gi"), "$1…");
}
