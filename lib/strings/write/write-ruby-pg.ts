import { codePassword } from "./code-secrets.ts";
import { singleQuoted } from "./code-text.ts";
import type { Draft } from "./copy-form.ts";
import { libpqWriting } from "./libpq-writing.ts";
import { passphraseSource } from "./passphrase-source.ts";

/** A connection of Ruby's pg, which is libpq inside. */
export function writeRubyPg(draft: Draft): string {
  const lines = [...libpqWriting(draft)].map(([name, value]) => `${name}: ${rubyValue(name, value)}`);
  const password = codePassword(draft);
  if (password.from === "text") lines.push(`password: ${singleQuoted(password.password)}`);
  if (password.from === "environment") lines.push("password: ENV.fetch('PGPASSWORD')");
  if (passphraseSource(draft) === "environment") lines.push("sslpassword: ENV['PGSSLPASSWORD']");
  return [
    "require 'pg'",
    "",
    "connection = PG.connect(",
    lines.map((line) => `  ${line}`).join(",\n"),
    ")",
  ].join("\n");
}

function rubyValue(name: string, value: string): string {
  return /^(?:port|connect_timeout)$/.test(name) && /^[1-9]\d*$/.test(value) ? value : singleQuoted(value);
}
