/**
 * A text as a PowerShell string. Between single quotes nothing is expanded; a quote is doubled, and PowerShell takes
 * the typographic ones for quotes, too (about_Quoting_Rules; `IsSingleQuote` in its tokenizer).
 */
export function powershellString(text: string): string {
  return `'${text.replace(/['\u2018\u2019\u201A\u201B]/g, "$&$&")}'`;
}

/** A text as an argument of a program: bare where that is safe, else as a string. */
export function quotePowershell(text: string): string {
  return /^[A-Za-z0-9_./:+-]+$/.test(text) ? text : powershellString(text);
}

/**
 * Whether a text arrives whole as an argument of a program. Windows PowerShell 5.1 and PowerShell before 7.3 drop a
 * `"` inside it and let a backslash at its end swallow the closing mark; newer ones do not
 * (`$PSNativeCommandArgumentPassing`), so that no one spelling suits both.
 */
export function isPowershellArgument(text: string): boolean {
  return text !== "" && !text.includes('"') && !text.endsWith("\\");
}
