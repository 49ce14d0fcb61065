import { type FormChange, type SslMode, sslModes } from "#lib/settings/form-values.ts";
import type { StringNote } from "#lib/strings/libpq/libpq-parameters.ts";

/** What a word of a client's comes to: a mode, or encryption without any check (`rejectUnauthorized: false`). */
export type TlsMeaning = SslMode | "unchecked";

/** What psql would make of the same word: another mode, an error, or the word is none of psql's at all. */
export type ForPsql = SslMode | "refused" | "other-words";

/**
 * Puts a client's word for TLS into libpq's parameters, with a note that says which meaning was taken.
 * @param written the client's own words, of a fixed list: shown as they are, so never a raw value
 */
export function takeMeaning(
  into: TlsDraft,
  client: string,
  written: string,
  meaning: TlsMeaning,
  psql: ForPsql,
): void {
  setMeaning(into, meaning);
  if (meaning === psql) return;
  into.notes.push({ id: "client-meaning", facts: { client, written, ...factsOf(meaning, psql) } });
}

/** As `takeMeaning`, where versions of the client differ and the stronger of their meanings is taken. */
export function takeStronger(into: TlsDraft, client: string, written: string, meaning: TlsMeaning): void {
  setMeaning(into, meaning);
  into.notes.push({ id: "client-ambiguous", facts: { client, written, meaning: key(meaning) } });
}

/** What the client does where no mode is named; the form does not follow it to anything weaker. */
export function clientDefault(client: string, meaning: TlsMeaning): StringNote {
  return { id: "client-default", facts: { client, meaning: key(meaning) } };
}

/** Parameters in libpq's words, and what they leave unsaid. */
export interface TlsDraft {
  readonly parameters: Map<string, string>;
  readonly change: Pick<FormChange, "allowSelfSigned" | "trust">;
  readonly notes: StringNote[];
}

/** A libpq mode, whatever case and separators the client writes it in: `VerifyFull`, `VERIFY_CA`. */
export function modeInAnyCase(word: string): SslMode | undefined {
  const plain = word.trim().toLowerCase().replace(/[-_ ]/g, "");
  return sslModes.find((mode) => mode.replace("-", "") === plain);
}

/** Whether a word switches something on (true), off (false), or neither. */
export function asSwitch(word: string): boolean | undefined {
  const plain = word.trim().toLowerCase();
  if (["true", "1", "on", "yes", "t", "y"].includes(plain)) return true;
  return ["false", "0", "off", "no", "f", "n"].includes(plain) ? false : undefined;
}

function setMeaning({ parameters, change }: TlsDraft, meaning: TlsMeaning): void {
  parameters.set("sslmode", meaning === "unchecked" ? "require" : meaning);
  if (meaning === "unchecked") change.allowSelfSigned = true;
}

function factsOf(meaning: TlsMeaning, psql: ForPsql): Record<string, string> {
  return { meaning: key(meaning), psql: psql === "refused" ? psql : key(psql) };
}

/** As a key of the words' `select`. */
function key(word: string): string {
  return word.replaceAll("-", "_");
}
