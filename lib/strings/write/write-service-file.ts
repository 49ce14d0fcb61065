import { textPassword } from "./code-secrets.ts";
import { type Draft, remark } from "./copy-form.ts";
import { libpqWriting } from "./libpq-writing.ts";

/**
 * A section of `pg_service.conf`. Its lines know no quoting: what begins a value is taken as it is, blanks at its
 * end are dropped, and a line break ends it (fe-connect.c, parseServiceFile).
 */
export function writeServiceFile(draft: Draft): string {
  const parameters = libpqWriting(draft);
  const password = textPassword(draft);
  if (password !== undefined) parameters.set("password", password);
  const name = serviceName(draft);
  remark(draft, "service-file-place", { command: `psql service=${name}` });
  const lines = [...parameters].flatMap(([parameter, value]) => {
    if (!/[\r\n]|[ \t\v\f]$/.test(value)) return [`${parameter}=${value}`];
    if (parameter === "password" || parameter === "sslpassword") remark(draft, "secret-not-writable");
    else remark(draft, "value-left-out", { parameter });
    return [];
  });
  return [`[${name}]`, ...lines].join("\n");
}

function serviceName({ values }: Draft): string {
  const plain = (values.name || values.database || values.host)
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_.-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return plain || "postgres";
}
