/**
 * Writes a keyword/value string, quoting what needs it.
 * @param parameters by libpq name; text without NUL
 */
export function writeKeywords(parameters: ReadonlyMap<string, string>): string {
  return [...parameters].map(([name, value]) => `${name}=${quote(value)}`).join(" ");
}

function quote(value: string): string {
  if (value !== "" && !/[\s'\\]/.test(value)) return value;
  return `'${value.replace(/['\\]/g, "\\$&")}'`;
}
