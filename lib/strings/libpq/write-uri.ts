/**
 * Writes a URI. Whatever is not a plain letter is percent-encoded, an IPv6 host stands in brackets.
 * @param parameters by libpq name; text without NUL
 */
export function writeUri(parameters: ReadonlyMap<string, string>): string {
  const part = (name: string) => encode(parameters.get(name) ?? "");
  const user = part("user");
  const password = part("password");
  const sign = user || password ? `${user}${password && `:${password}`}@` : "";
  const port = part("port");
  const query = [...parameters]
    .filter(([name]) => !["host", "port", "user", "password", "dbname"].includes(name))
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join("&");
  const host = parameters.get("host") ?? "";
  const authority = host.includes(":") ? `[${encode(host).replaceAll("%3A", ":")}]` : encode(host);
  return `postgres://${sign}${authority}${port && `:${port}`}/${part("dbname")}${query && `?${query}`}`;
}

function encode(text: string): string {
  // A quotation mark at the end would be taken for one that a program's line left behind.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\uFFFD")).replaceAll("'", "%27");
}
