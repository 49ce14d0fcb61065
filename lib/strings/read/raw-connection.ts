import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { FormChange } from "#lib/settings/form-values.ts";
import { isPlaceholderValue } from "#lib/strings/libpq/is-placeholder.ts";
import {
  type LibpqReading,
  type NoteId,
  readLibpqParameters,
  type StringNote,
} from "#lib/strings/libpq/libpq-parameters.ts";
import { isHarmless, looksCut } from "#lib/strings/libpq/may-say-a-secret.ts";
import { withContentOpened } from "./material.ts";

/** The written forms that are read; their names for people stand under `strings.forms`. */
export const stringForms = [
  "uri",
  "keywords",
  "endpoint",
  "psql",
  "jdbc",
  "ado-net",
  "sqlalchemy",
  "prisma",
  "node",
  "python",
  "django",
  "go",
  "ruby",
  "php",
  "code",
  "env",
  "service-file",
  "pgpass",
  "kubernetes-secret",
  "pgadmin",
  "dbeaver",
] as const;
export type StringForm = (typeof stringForms)[number];

/** What a reader of one form found, in libpq's terms as far as they go. */
export interface RawConnection {
  readonly form: StringForm;
  /** What the connection is called where it was written. */
  readonly name?: string | undefined;
  /** By libpq's names, in libpq's words. */
  readonly parameters: ReadonlyMap<string, string>;
  /** What libpq has no word for. */
  readonly change?: FormChange;
  readonly clientKey?: string | undefined;
  /** Parameters of that client's own. */
  readonly unknown?: LibpqReading["unknown"];
  readonly notes?: readonly StringNote[];
  /** What stands in place of the note about psql when no mode is named. */
  readonly withoutMode?: StringNote | undefined;
}

/** A written connection, understood. Parameters that it does not name are not in `values`. */
export interface ParsedConnection extends Omit<LibpqReading, "libpq"> {
  readonly form: StringForm;
  readonly name?: string;
  /** A private key that came along as text: a secret. */
  readonly clientKey?: string;
}

/** One connection of a paste, read or not. */
export interface ReadConnection {
  /** What it is called there; "" where it has no name. */
  readonly name: string;
  readonly read: Result<ParsedConnection>;
}

/**
 * Puts what a reader found into the form's terms, by libpq's rules for values.
 * @returns the reading; a problem of `readLibpqParameters`; `string-unknown-form` where nothing speaks of a
 *   connection. Nothing in it but `password`, `keyPassphrase` and `clientKey` is a secret.
 */
export function finishConnection(given: RawConnection): Result<ParsedConnection> {
  const written = withContentOpened(given);
  const notes: StringNote[] = [...(written.notes ?? [])];
  const parameters = new Map(written.parameters);
  for (const name of ["host", "hostaddr", "port", "dbname", "user"]) {
    const value = parameters.get(name);
    if (value === undefined || !isPlaceholderValue(value.trim())) continue;
    parameters.delete(name);
    notes.push({ id: "placeholder-value", facts: { parameter: name } });
  }
  // No host has these; what does was cut at the wrong place, and may hold a piece of a password.
  if (/[\s'"`=;&<>{}\\]/.test(parameters.get("host") ?? ""))
    return failed(problem("setting-invalid", { parameter: "host" }));

  for (const name of shownNames) {
    if (ranTogether(parameters.get(name) ?? ""))
      return failed(problem("string-malformed", { reason: "ran-together", name }));
  }

  const read = readLibpqParameters(parameters);
  if (!read.ok) return read;
  const { reading, recognised } = read.value;
  if (!recognised && Object.keys(written.change ?? {}).length === 0 && notes.length === 0)
    return failed(problem("string-unknown-form", { looksLike: "nothing-known" }));
  const { libpq: _, ...rest } = reading;
  const isElsewhere = notes.some(({ facts }) =>
    /\bhost\b|connectionString/.test(`${facts?.parameter} ${facts?.list}`),
  );
  if (!["host", "hostaddr", "service"].some((name) => (parameters.get(name) ?? "") !== "") && !isElsewhere)
    notes.push({ id: "no-host" });
  const ownNotes = rest.notes.flatMap((note) => {
    if (note.id !== "sslmode-absent-means-prefer") return [note];
    return written.withoutMode === undefined ? [note] : [written.withoutMode];
  });
  return ok({
    ...rest,
    form: written.form,
    ...(written.name === undefined || written.name === "" ? {} : { name: written.name.slice(0, 200) }),
    ...(written.clientKey === undefined ? {} : { clientKey: written.clientKey }),
    values: { ...rest.values, ...written.change },
    unknown: [...rest.unknown, ...(written.unknown ?? [])].map(shown),
    paths: rest.paths.map(({ name, value }) => ({ name, value: looksCut(value) ? "…" : value })),
    notes: once([...notes, ...ownNotes]),
  });
}

/** Parameters that become fields which are shown. */
const shownNames = ["host", "hostaddr", "port", "dbname", "user", "application_name", "options"] as const;

/** Whether a value holds a URL, or the name of a password beside a separator that was none where it was read. */
function ranTogether(value: string): boolean {
  return /(?:postgres|pgsql|jdbc)\w{0,9}\W[^\n]{1,300}@|(?:^|[^a-z])\w{0,40}(?:password|passwd|passphrase|pass|pwd|psw)["']?\s*[=:]|[;,|&?\s/]\w{0,40}(?:password|passwd|pwd)(?![a-z_])/i.test(
    value,
  );
}

function shown({ name, value }: LibpqReading["unknown"][number]): LibpqReading["unknown"][number] {
  return {
    name: isPlainName(name) ? name : "…",
    value: isHarmless(name, value) ? value : "…",
  };
}

/** A name as parameters have them; one that a password ran into is none. */
function isPlainName(name: string): boolean {
  return /^[A-Za-z][A-Za-z _.-]{0,40}$/.test(name) && (name.length <= 12 || !looksCut(name));
}

function once(notes: readonly StringNote[]): readonly StringNote[] {
  const seen = new Set<string>();
  return notes.filter((note) => {
    const key: `${NoteId} ${string}` = `${note.id} ${JSON.stringify(note.facts ?? {})}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
