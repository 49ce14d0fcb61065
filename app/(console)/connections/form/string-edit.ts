import type { MaterialBox } from "#lib/certificates/pem-kind.ts";
import type { Problem } from "#lib/problems/problem.ts";
import { problem } from "#lib/problems/problem.ts";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { type ParsedConnection, parseConnectionString } from "#lib/strings/read/parse-connection-string.ts";
import { type ReadConnection, readConnections } from "#lib/strings/read/read-connections.ts";

/** What an edit of the connection string does to the form. */
export interface StringEdit {
  readonly change: FormChange;
  readonly password?: string;
  readonly keyPassphrase?: string;
  readonly clientKey?: string;
  /** Parameters that are not carried out, and what the string means beside its values. */
  readonly problem?: Problem;
  readonly parsed?: ParsedConnection;
  /** All of them, where the text holds more than one; `parsed` is the first. */
  readonly several?: readonly ReadConnection[];
  /** Files that the string names, by the box where their content belongs. */
  readonly prompts: Partial<Record<MaterialBox, string>>;
}

/**
 * What changes when the string becomes `next`. What it names is taken; what it named before and names no more
 * goes back to its default; anything else stays as it is in the fields. A string without `sslmode` changes nothing
 * about TLS: libpq would fall back to clear text there.
 * @param before the string as it stood
 * @returns the change, or only the problem when the string cannot be read
 */
export function stringEdit(before: string, next: string): StringEdit {
  const found = readConnections(next);
  const several = found.ok && found.value.length > 1 ? { several: found.value } : {};
  const read = parseConnectionString(next);
  if (!read.ok) return { change: {}, problem: read.problem, prompts: {}, ...several };
  const { values, password, keyPassphrase, clientKey, unsupported, paths } = read.value;
  const named = parseConnectionString(before);
  const change: FormChange = {
    ...(named.ok ? withdrawn(named.value.values, values) : {}),
    ...unticked(named.ok ? named.value.values : {}, values),
    ...(password !== undefined && { signIn: "password" as const }),
    ...values,
  };
  return {
    change,
    ...(password !== undefined && { password }),
    ...(keyPassphrase !== undefined && { keyPassphrase }),
    ...(clientKey !== undefined && { clientKey }),
    ...(unsupported.length > 0 && {
      problem: problem("string-parameter-unsupported", { name: unsupported.join(", ") }),
    }),
    parsed: read.value,
    ...several,
    prompts: promptsOf(paths),
  };
}

const settled: ReadonlySet<keyof FormValues> = new Set(["ssl", "mode", "trust"]);

function withdrawn(before: FormChange, next: FormChange): FormChange {
  const names = (Object.keys(before) as (keyof FormChange)[]).filter(
    (name) => !(name in next) && !settled.has(name),
  );
  return Object.fromEntries(names.map((name) => [name, newFormValues[name]]));
}

/** A string for another server, or in another mode, does not inherit "no verification" from the one before. */
function unticked(before: FormChange, next: FormChange): FormChange {
  const isOther = before.host !== next.host || before.mode !== next.mode || before.ssl !== next.ssl;
  return next.ssl !== undefined && isOther ? { allowSelfSigned: false } : {};
}

const boxes: Readonly<Record<string, MaterialBox>> = {
  sslrootcert: "ca",
  sslcert: "clientCertificate",
  sslkey: "clientKey",
  sslcrl: "crl",
};

function promptsOf(paths: ParsedConnection["paths"]): Partial<Record<MaterialBox, string>> {
  return Object.fromEntries(
    paths.flatMap(({ name, value }) => {
      const box = boxes[name];
      return box === undefined ? [] : [[box, value]];
    }),
  );
}
