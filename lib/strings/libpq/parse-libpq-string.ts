import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { readKeywords } from "./keywords.ts";
import { type LibpqReading, readLibpqParameters } from "./libpq-parameters.ts";
import { isUri, readUri } from "./uri.ts";

/** A libpq string, understood. Parameters that it does not name are not in `values`. */
export interface LibpqString extends LibpqReading {
  readonly form: "uri" | "keywords";
}

/** No real connection string comes near; what is longer was pasted by mistake. */
const longest = 65_536;

/**
 * Reads a connection string as libpq 18 does (its manual, "Connection Strings"): a URI or a keyword/value string, and
 * no other form. `parseConnectionString` takes all of them.
 * @param text as typed or pasted; blanks around it do not count
 * @returns what it says, or one of
 *   `string-malformed` { reason, position? }, `string-unknown-form` { looksLike },
 *   `string-sslmode-unknown` { value?, nearest? }, `setting-invalid` { parameter },
 *   `trust-weak-mode` { mode, parameter }.
 *   It never throws, and no problem repeats a part of the text that could be a secret.
 */
export function parseLibpqString(text: string): Result<LibpqString> {
  // The end is left alone in a keyword string, where a blank may follow a backslash.
  const written = isUri(text.trimStart()) ? text.trim() : text.trimStart();
  if (written === "") return malformed("empty");
  if (written.length > longest) return malformed("too-long");
  if (written.includes("\0")) return malformed("forbidden-character", written.indexOf("\0"));

  if (isUri(written)) return finish("uri", readUri(written));

  const looksLike = foreignForm(written);
  if (looksLike !== undefined) return failed(problem("string-unknown-form", { looksLike }));
  return finish("keywords", readKeywords(written));
}

function malformed(reason: string, position?: number): { readonly ok: false; readonly problem: Problem } {
  return failed(problem("string-malformed", position === undefined ? { reason } : { reason, position }));
}

/** A word for a form that is none of ours; undefined when the text may well be a keyword string. */
function foreignForm(text: string): string | undefined {
  const head = text.slice(0, 40);
  if (/^jdbc:/i.test(head)) return "jdbc";
  if (/^psql\s/i.test(head)) return "psql";
  if (/^(export\s+)?[A-Za-z_]\w*=["']?[a-z][a-z+]*:\/\//i.test(head)) return "variable";
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(head)) return "other-scheme";
  if (/^["'`]/.test(head)) return "quoted";
  // ADO.NET and its like separate by semicolons; in a keyword string the first value would swallow all the rest.
  if (/^[A-Za-z][\w ]*=[^\s;'\\]*;\s*[A-Za-z][\w ]*=/.test(text.slice(0, 1000))) return "ado-net";
  return /^\w+\s*=/.test(head) ? undefined : "nothing-known";
}

function finish(form: LibpqString["form"], read: Result<ReadonlyMap<string, string>>): Result<LibpqString> {
  if (!read.ok) return read;
  const reading = readLibpqParameters(read.value);
  if (!reading.ok) return reading;
  // `name=value` alone is no sign of a connection: at least one name must be libpq's.
  if (form === "keywords" && !reading.value.recognised)
    return failed(problem("string-unknown-form", { looksLike: "nothing-known" }));
  return ok({ form, ...reading.value.reading });
}
