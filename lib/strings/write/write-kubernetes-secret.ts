import { textPassword } from "./code-secrets.ts";
import { doubleQuoted } from "./code-text.ts";
import { type Draft, remark } from "./copy-form.ts";
import { libpqWriting } from "./libpq-writing.ts";
import { libpqVariable } from "./psql-parts.ts";

/** Where the Secret is to be mounted, so that its variables find its files. */
const mountPath = "/etc/postgresql-connection";

/** A Kubernetes Secret: libpq's variables for `envFrom`, and the files beside them for a volume. */
export function writeKubernetesSecret(draft: Draft): string {
  const parameters = libpqWriting(draft);
  draft.remarks.delete("key-permissions");
  const password = textPassword(draft);
  if (password !== undefined) parameters.set("password", password);
  if (draft.files.size > 0) remark(draft, "secret-mounted", { path: mountPath });
  const entries = [...parameters].flatMap(([name, value]) => {
    const variable = libpqVariable(name);
    if (variable === undefined) {
      remark(draft, "passphrase-left-out");
      return [];
    }
    const isFile =
      [...draft.files.keys()].some((file) => file === value) && /^ssl(?:rootcert|cert|key|crl)$/.test(name);
    return [`  ${variable}: ${doubleQuoted(isFile ? `${mountPath}/${value}` : value)}`];
  });
  const files = [...draft.files].flatMap(([name, content]) =>
    content === undefined
      ? []
      : [
          `  ${name}: |`,
          ...content
            .trimEnd()
            .split("\n")
            .map((line) => `    ${line}`),
        ],
  );
  return [
    "apiVersion: v1",
    "kind: Secret",
    "metadata:",
    `  name: ${secretName(draft)}`,
    "type: Opaque",
    "stringData:",
    ...entries,
    ...files,
    "",
  ].join("\n");
}

/** RFC 1123 labels, as Kubernetes wants them. */
function secretName({ values }: Draft): string {
  const plain = (values.name || values.database || values.host)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 50)
    .replace(/-+$/, "");
  return `${plain || "postgres"}-postgresql`;
}
