import { codePassword } from "./code-secrets.ts";
import { doubleQuoted } from "./code-text.ts";
import { type Draft, remark } from "./copy-form.ts";
import { libpqWriting } from "./libpq-writing.ts";
import { passphraseSource } from "./passphrase-source.ts";

/** A connection of psycopg 3 (Python), by keyword; psycopg2 takes the same words. It is libpq inside. */
export function writePsycopg(draft: Draft): string {
  const parameters = libpqWriting(draft);
  const lines = [...parameters].map(([name, value]) => pythonArgument(name, value));
  const password = codePassword(draft);
  if (password.from === "text") lines.push(`password=${doubleQuoted(password.password)}`);
  if (password.from === "environment") lines.push('password=os.environ["PGPASSWORD"]');
  if (passphraseSource(draft) === "environment") lines.push('sslpassword=os.environ.get("PGSSLPASSWORD")');
  if (parameters.get("sslrootcert") === "system") remark(draft, "system-store-psycopg");
  const needsOs = lines.some((line) => line.includes("=os.environ"));
  return [
    ...(needsOs ? ["import os", ""] : []),
    "import psycopg",
    "",
    "connection = psycopg.connect(",
    ...lines.map((line) => `    ${line},`),
    ")",
  ].join("\n");
}

function pythonArgument(name: string, value: string): string {
  return `${name}=${/^(?:port|connect_timeout)$/.test(name) && /^[1-9]\d*$/.test(value) ? value : doubleQuoted(value)}`;
}
