import { codePassword } from "./code-secrets.ts";
import { doubleQuoted } from "./code-text.ts";
import { type Draft, remark } from "./copy-form.ts";
import { libpqWriting } from "./libpq-writing.ts";
import { passphraseSource } from "./passphrase-source.ts";

/** Django's DATABASES setting. What is none of its own five words goes through OPTIONS to psycopg, and so to libpq. */
export function writeDjango(draft: Draft): string {
  const parameters = libpqWriting(draft);
  if (parameters.get("sslrootcert") === "system") remark(draft, "system-store-psycopg");
  const own: string[] = [];
  const entry = (name: string, value: string) => `${doubleQuoted(name)}: ${value}`;
  const take = (name: string, parameter: string) => {
    const value = parameters.get(parameter);
    if (value !== undefined) own.push(entry(name, doubleQuoted(value)));
    parameters.delete(parameter);
  };
  take("NAME", "dbname");
  take("USER", "user");
  const password = codePassword(draft);
  if (password.from === "text") own.push(entry("PASSWORD", doubleQuoted(password.password)));
  if (password.from === "environment") own.push(entry("PASSWORD", 'os.environ["PGPASSWORD"]'));
  take("HOST", "host");
  take("PORT", "port");
  const options = [...parameters].map(([name, value]) => entry(name, doubleQuoted(value)));
  if (passphraseSource(draft) === "environment") {
    options.push(entry("sslpassword", 'os.environ.get("PGSSLPASSWORD")'));
  }
  const lines = [
    "DATABASES = {",
    '    "default": {',
    '        "ENGINE": "django.db.backends.postgresql",',
    ...own.map((line) => `        ${line},`),
    '        "OPTIONS": {',
    ...options.map((line) => `            ${line},`),
    "        },",
    "    },",
    "}",
  ];
  const needsOs = [...own, ...options].some((line) => line.includes(": os.environ"));
  return [...(needsOs ? ["import os", ""] : []), ...lines].join("\n");
}
