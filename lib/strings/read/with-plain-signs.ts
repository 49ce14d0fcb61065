import { ok, type Result } from "#lib/problems/result.ts";
import type { FormChange } from "#lib/settings/form-values.ts";
import type { StringNote } from "#lib/strings/libpq/libpq-parameters.ts";
import { loose, plainSigns, signsIn, withoutInvisible } from "./pasted-signs.ts";
import type { ParsedConnection, ReadConnection } from "./raw-connection.ts";

type Reader = (text: string) => Result<readonly ReadConnection[]>;

/**
 * Reads a text that holds typographic or invisible signs, as it stands and with plain ones in their place. Where they
 * stand only inside of names, the names are what was written, less what cannot be seen; where they make another
 * connection of it, as a dash before an option does, plain ones were meant, and it is said. A password is kept as it
 * stands, and asked about.
 */
export function readWithPlainSigns(text: string, read: Reader): Result<readonly ReadConnection[]> {
  const plain = plainSigns(text);
  const found = read(plain.text.trim());
  const written = read(text);
  if (!found.ok) return written.ok ? written : found;
  const all = plain.found.slice(0, 5).join(", ");
  return ok(
    found.value.map((one, index): ReadConnection => {
      const before =
        written.ok && written.value.length === found.value.length ? written.value[index]?.read : undefined;
      if (!one.read.ok) return before?.ok ? { name: one.name, read: before } : one;
      const value = before?.ok ? before.value : undefined;
      const chosen =
        value !== undefined && onlyInNames(value.values, one.read.value.values)
          ? asWritten(value, text)
          : { ...one.read.value, notes: [signsRead(all), ...one.read.value.notes] };
      return { name: one.name, read: ok(withPassword(chosen, one.read.value, value, text)) };
    }),
  );
}

/** What people name themselves; in anything else such a sign is none of theirs. */
const ownNames: ReadonlySet<string> = new Set(["database", "user", "applicationName", "options"]);

function onlyInNames(written: FormChange, plain: FormChange): boolean {
  const names = Object.keys(written) as (keyof FormChange)[];
  return (
    names.length === Object.keys(plain).length &&
    names.every((name) => {
      const value = written[name];
      if (value === plain[name]) return true;
      const other = String(plain[name]);
      return (
        typeof value === "string" &&
        ownNames.has(name) &&
        // Where plain quotes are letters as well, as in a service file, those of print were none.
        (!quoted.test(value) || /^(["'])[\s\S]*\1$/.test(other)) &&
        bare(value) === bare(other)
      );
    })
  );
}

/** What two spellings of a name have in common. */
function bare(value: string): string {
  return loose(value).replace(/^'(.*)'$/s, "$1");
}

/** Quotes of print around a whole name are none of it. */
const quoted = /^(?:[\u201C-\u201F][\s\S]*[\u201C-\u201F]|\u00AB[\s\S]*\u00BB)$/;

function asWritten(value: ParsedConnection, text: string): ParsedConnection {
  const values: Record<string, unknown> = { ...value.values };
  const found = new Set<string>();
  for (const name of ownNames) {
    const named = values[name];
    if (typeof named === "string") values[name] = withoutInvisible(named);
  }
  // A password is spoken of by itself.
  const others = value.password === undefined ? text : text.replaceAll(value.password, "");
  for (const sign of signsIn(others)) found.add(sign);
  if (withoutInvisible(others) === others) return { ...value, values: values as FormChange };
  return {
    ...value,
    values: values as FormChange,
    notes: [signsRead([...found].join(", ")), ...value.notes],
  };
}

function signsRead(signs: string): StringNote {
  return { id: "signs-read", facts: { signs } };
}

function withPassword(
  chosen: ParsedConnection,
  plain: ParsedConnection,
  written: ParsedConnection | undefined,
  text: string,
): ParsedConnection {
  const { password } = plain;
  const kept = written?.password;
  if (password === undefined) return chosen;
  const isSame = kept !== undefined && loose(kept) === loose(password);
  const signs = signsIn(isSame ? kept : text)
    .slice(0, 5)
    .join(", ");
  const note = (how: "yes" | "no"): ParsedConnection["notes"] => {
    const [first, ...rest] = chosen.notes;
    const said: StringNote = { id: "signs-in-password", facts: { signs, kept: how } };
    return first?.id === "signs-read" ? [first, said, ...rest] : [said, ...chosen.notes];
  };
  if (isSame && signs === "") return { ...chosen, password: kept };
  if (isSame) return { ...chosen, password: kept, notes: note("yes") };
  // Quotes around it, or signs that had to go before anything could be read.
  const isBare = text.includes(password);
  return isBare ? { ...chosen, password } : { ...chosen, password, notes: note("no") };
}
