import type { ParsedConnection } from "#lib/strings/read/parse-connection-string.ts";

/** A written connection, and what its client means by it in the words of `summaryOf`. */
export type Row = readonly [text: string, means: string];

/**
 * What a reading says, on one line: the form, `user:password@host:port/database`, the mode (`-` where none is named),
 * and then, where there is something of the kind, `unchecked`, `trust=`, `sign-in=`, other fields, `paths:`,
 * `unknown:`, `unsupported:` and `notes:`.
 */
export function summaryOf(parsed: ParsedConnection): string {
  const { values, password, notes, unknown, unsupported, paths } = parsed;
  const { host, port, database, user, ssl, mode, allowSelfSigned, trust, signIn, ...others } = values;
  const secret = password === undefined ? "" : `:${password}`;
  const place = `${user ?? ""}${secret}@${host ?? ""}${port === undefined ? "" : `:${port}`}/${database ?? ""}`;
  const list = (name: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`${name}:${items.join(",")}`];
  return [
    parsed.form,
    place,
    ssl === undefined ? "-" : ssl ? mode : "disable",
    ...(allowSelfSigned === true ? ["unchecked"] : []),
    ...(trust === undefined ? [] : [`trust=${trust}`]),
    ...(signIn === undefined ? [] : [`sign-in=${signIn}`]),
    ...(parsed.keyPassphrase === undefined ? [] : [`passphrase=${parsed.keyPassphrase}`]),
    ...(parsed.name === undefined ? [] : [`name=${parsed.name}`]),
    ...Object.entries(others).map(([name, value]) => `${name}=${String(value).split("\n")[0]}`),
    ...list(
      "paths",
      paths.map(({ name }) => name),
    ),
    ...list(
      "unknown",
      unknown.map(({ name, value }) => `${name}=${value}`),
    ),
    ...list("unsupported", unsupported),
    ...list(
      "notes",
      notes.map(
        ({ id, facts }) => `${id}${facts === undefined ? "" : `(${Object.values(facts).join("; ")})`}`,
      ),
    ),
  ].join(" ");
}
