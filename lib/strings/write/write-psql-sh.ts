import { writeKeywords } from "#lib/strings/libpq/write-keywords.ts";
import type { Draft } from "./copy-form.ts";
import { libpqWriting } from "./libpq-writing.ts";
import { psqlSecrets, withoutTlsPair } from "./psql-parts.ts";
import { quoteSh } from "./quote-sh.ts";
import { tokenCommand, usesToken } from "./write-token-command.ts";

/**
 * The psql command for a POSIX shell (Linux, macOS). psql asks for the password itself; a token is made by the
 * command line of its cloud (D8).
 */
export function writePsqlSh(draft: Draft): string {
  const parameters = libpqWriting(draft);
  const password = psqlSecrets(draft);
  if (usesToken(draft.values)) {
    const token = tokenCommand(draft).map(quoteSh).join(" ");
    const { variables, rest } = withoutTlsPair(parameters);
    const assignments = variables.map(([name, value]) => `${name}=${quoteSh(value)}`).join(" ");
    return `PGPASSWORD="$(${token})" \\\n${assignments} \\\npsql ${quoted(writeKeywords(rest))}`;
  }
  const assignment = password === undefined ? "" : `PGPASSWORD=${quoteSh(password)} `;
  return `${assignment}psql ${quoted(writeKeywords(parameters))}`;
}

/** Quoted always: a conninfo string reads better as one. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
