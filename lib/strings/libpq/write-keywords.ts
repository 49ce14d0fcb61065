/**
 * Writes a keyword/value string, quoting what needs it.
 * @param parameters by libpq name; text without NUL
 */
export function writeKeywords(parameters: ReadonlyMap<string, string>): string {
  return [...parameters].map(([name, value]) => `${name}=${quote(value)}`).join(" ");
}

function quote(value: string): string {
  // Two values with a quote of print each would be read as one: among plain quotes those are letters.
  if (value !== "" && !/[\s'\\\u00AB\u00BB\u2018-\u201F]/.test(value)) return value;
  return `'${value.replace(/['\\]/g, "\\$&")}'`;
}
