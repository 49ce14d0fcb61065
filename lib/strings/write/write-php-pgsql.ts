import { writeKeywords } from "#lib/strings/libpq/write-keywords.ts";
import { codePassword } from "./code-secrets.ts";
import { singleQuoted } from "./code-text.ts";
import type { Draft } from "./copy-form.ts";
import { libpqWriting } from "./libpq-writing.ts";

/**
 * A connection of PHP's pgsql extension, which hands its text to libpq. PDO takes the same words, but turns each
 * semicolon into a blank, in a value as well.
 */
export function writePhpPgsql(draft: Draft): string {
  const parameters = libpqWriting(draft);
  const password = codePassword(draft);
  if (password.from === "text") parameters.set("password", password.password);
  const text = singleQuoted(writeKeywords(parameters));
  if (password.from !== "environment") return `<?php\n$connection = pg_connect(${text});`;
  return [
    "<?php",
    `$password = addcslashes(getenv('PGPASSWORD'), "'\\\\");`,
    `$connection = pg_connect(${text} . " password='$password'");`,
  ].join("\n");
}
