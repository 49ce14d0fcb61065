import { ok } from "#lib/problems/result.ts";
import { type TlsVersion, tlsVersions } from "#lib/settings/form-values.ts";
import { readCodeValue } from "./code-values.ts";
import type { Found } from "./settings-map.ts";

/**
 * What a Go program sets on pgx's configuration after its string was read: the password, the address that is dialled
 * in place of the name's, and the TLS versions. What the string says itself is left alone.
 */
export function withPgxSettings(found: Found, text: string): Found {
  if (!found.read.ok) return found;
  const { value } = found.read;
  const parameters = new Map(value.parameters);
  const notes = [...(value.notes ?? [])];
  const add = (name: string, said: string | undefined) => {
    if (said !== undefined && !parameters.has(name)) parameters.set(name, said);
  };
  const password = /\b\w{1,40}\.Password\s{0,9}=\s{0,9}(?!=)/.exec(text);
  if (password !== null && !parameters.has("password")) {
    const set = readCodeValue(text, password.index + password[0].length);
    if (set?.kind === "text") parameters.set("password", set.text);
    else notes.push({ id: "value-elsewhere", facts: { list: "password" } });
  }
  add("hostaddr", lookedUp(text));
  add("ssl_min_protocol_version", version(text, "MinVersion"));
  add("ssl_max_protocol_version", version(text, "MaxVersion"));
  return { ...found, read: ok({ ...value, parameters, notes }) };
}

/** `config.LookupFunc = func(…) (…) { return []string{"192.0.2.7"}, nil }`, as long as it gives one address. */
function lookedUp(text: string): string | undefined {
  return /\.LookupFunc\s{0,9}=[^{}]{0,200}\(\[\]string, error\)\s{0,9}\{\s{0,200}return \[\]string\{"([\da-f.:]{2,45})"\}/i.exec(
    text,
  )?.[1];
}

function version(text: string, name: string): TlsVersion | undefined {
  const digit = new RegExp(`\\.TLSConfig\\.${name}\\s{0,9}=\\s{0,9}tls\\.VersionTLS1([0-3])\\b`).exec(
    text,
  )?.[1];
  return digit === undefined ? undefined : tlsVersions[Number(digit)];
}
