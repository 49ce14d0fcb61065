import { sessionTraits } from "#lib/providers/session-traits.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { writeKeywords } from "#lib/strings/libpq/write-keywords.ts";
import { writeUri } from "#lib/strings/libpq/write-uri.ts";
import { textPassword } from "./code-secrets.ts";
import { type CopiedText, type CopyForm, type Draft, remark, type WriteOptions } from "./copy-form.ts";
import { libpqWriting } from "./libpq-writing.ts";
import { tlsIntent } from "./tls-intent.ts";
import { writeDjango } from "./write-django.ts";
import { writeJdbc } from "./write-jdbc.ts";
import { writeKubernetesSecret } from "./write-kubernetes-secret.ts";
import { writeNodePostgres } from "./write-node-postgres.ts";
import { writeNpgsql } from "./write-npgsql.ts";
import { writePgx } from "./write-pgx.ts";
import { writePhpPgsql } from "./write-php-pgsql.ts";
import { writePsqlCmd } from "./write-psql-cmd.ts";
import { writePsqlPowershell } from "./write-psql-powershell.ts";
import { writePsqlSh } from "./write-psql-sh.ts";
import { writePsycopg } from "./write-psycopg.ts";
import { writeRubyPg } from "./write-ruby-pg.ts";
import { writeServiceFile } from "./write-service-file.ts";

/**
 * Writes a connection as another client takes it. What is proved of the server is the same or more; where that client
 * cannot do what the connection does, a remark says so.
 * @param values  the form; its secrets are written only with `withSecrets`, and then only what stands in it
 * @param options see `WriteOptions`
 * @returns the text, the files that it names, and the remarks in the order they came up
 */
export function writeAs(form: CopyForm, values: FormValues, options: WriteOptions = {}): CopiedText {
  if (values.host === "" && values.networkAddress === "") return { text: "", files: [], remarks: [] };
  const draft: Draft = { values: withoutNul(values), options, files: new Map(), remarks: new Map() };
  generalRemarks(draft);
  const { oldestPsql } = sessionTraits(values.host);
  if (form.startsWith("psql") && oldestPsql !== null) remark(draft, `psql-${oldestPsql}`);
  const text = writers[form](draft);
  if (text !== "" && holdsSecret(draft, text)) remark(draft, "secrets-inside");
  return {
    text,
    files: [...draft.files].map(([name, content]) => (content === undefined ? { name } : { name, content })),
    remarks: [...draft.remarks.values()],
  };
}

const writers: Readonly<Record<CopyForm, (draft: Draft) => string>> = {
  "psql-sh": writePsqlSh,
  "psql-cmd": writePsqlCmd,
  "psql-powershell": writePsqlPowershell,
  uri: (draft) => {
    remark(draft, "uri-read-otherwise");
    return writeUri(inOneText(draft));
  },
  keywords: (draft) => writeKeywords(inOneText(draft)),
  jdbc: writeJdbc,
  npgsql: writeNpgsql,
  "node-postgres": writeNodePostgres,
  psycopg: writePsycopg,
  pgx: writePgx,
  "ruby-pg": writeRubyPg,
  "php-pgsql": writePhpPgsql,
  django: writeDjango,
  "service-file": writeServiceFile,
  "kubernetes-secret": writeKubernetesSecret,
};

function inOneText(draft: Draft): Map<string, string> {
  const parameters = libpqWriting(draft);
  const password = textPassword(draft);
  if (password !== undefined) parameters.set("password", password);
  return parameters;
}

/** What holds in every form. */
function generalRemarks(draft: Draft): void {
  const { values } = draft;
  const { checks, mode } = tlsIntent(values);
  if (checks === "none") remark(draft, "not-verified", { mode });
  // The console refuses to send such a password (sign-in.ts); no other client here does unless it is told to.
  if (values.signIn === "password" && !values.allowWeakPassword && checks !== "chain-and-name") {
    remark(draft, "weak-password-answered");
  }
}

function holdsSecret({ values, options, files }: Draft, text: string): boolean {
  if (options.withSecrets !== true) return false;
  if (files.get("client.key") !== undefined) return true;
  if (values.keyPassphrase !== "" && /ssl ?password|passphrase/i.test(text)) return true;
  return values.password !== "" && values.signIn === "password";
}

/** No text of these forms can hold NUL, and none of the servers takes one. */
function withoutNul(values: FormValues): FormValues {
  const texts = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === "string" ? value.replaceAll("\0", "") : value,
  ]);
  return Object.fromEntries(texts) as unknown as FormValues;
}
