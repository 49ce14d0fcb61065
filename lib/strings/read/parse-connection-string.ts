import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { ParsedConnection } from "./raw-connection.ts";
import { readConnections } from "./read-connections.ts";

export type { ParsedConnection } from "./raw-connection.ts";

/**
 * Reads one written connection, in whatever form it was pasted: URLs, libpq keywords, command lines, JDBC, ADO.NET,
 * settings of programs, environment and service files, secrets, and other tools' exports. The words for TLS mean what
 * the client they were written for means by them; a note says which meaning was taken.
 * @param text as typed or pasted
 * @returns what it says. Of several connections the first that can be read, with a note of their number
 *   (`readConnections` gives all). Else one of `string-malformed` { reason, position? }, `string-unknown-form`
 *   { looksLike }, `string-sslmode-unknown` { value?, nearest? }, `setting-invalid` { parameter },
 *   `trust-weak-mode` { mode, parameter }.
 *   It never throws, and no problem repeats a part of the text that could be a secret.
 */
export function parseConnectionString(text: string): Result<ParsedConnection> {
  const found = readConnections(text);
  if (!found.ok) return found;
  const [only] = found.value;
  const first = found.value.find(({ read }) => read.ok) ?? only;
  if (first === undefined) return failed(problem("string-unknown-form", { looksLike: "nothing-known" }));
  if (!first.read.ok || found.value.length === 1) return first.read;
  const note = { id: "several-connections", facts: { count: String(found.value.length) } } as const;
  return ok({ ...first.read.value, notes: [note, ...first.read.value.notes] });
}
