import { providerChange } from "#lib/providers/merge-defaults.ts";
import { recogniseProvider } from "#lib/providers/recognise-provider.ts";
import type { GivenRoots } from "#lib/providers/roots-kind.ts";
import { checksOfForm } from "#lib/settings/checks-of.ts";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import type { ParsedConnection, ReadConnection } from "./raw-connection.ts";

/** Content of the files that pasted connections name, by the name that stands there. */
export type GivenFiles = Readonly<Record<string, string>>;

/** Which box a file's content belongs to. */
export const boxOfPath = {
  sslrootcert: "ca",
  sslcert: "clientCertificate",
  sslkey: "clientKey",
  sslcrl: "crl",
} as const;

/** The safest setting, whatever was written. */
const everythingChecked = { ssl: true, mode: "verify-full", allowSelfSigned: false } as const;

/** Whether what was written proves less of the server than Verify Full does. */
export function checksLess({ values }: ParsedConnection): boolean {
  return checksOfForm({ ...newFormValues, ...values }).server !== "chain-and-name";
}

interface Given {
  readonly user?: string | undefined;
  readonly files: GivenFiles;
  /** Raises it to Verify Full. */
  readonly verifyFull: boolean;
  /** What people gave in Settings → Trust. */
  readonly roots: GivenRoots;
}

/** One connection of a paste as the form would send it, with the defaults of its host's provider. */
export function importRow({ name, read }: ReadConnection, given: Given): FormValues | undefined {
  if (!read.ok) return undefined;
  const { values, password, keyPassphrase, clientKey } = read.value;
  const row: FormValues = {
    ...newFormValues,
    ...values,
    ...(given.verifyFull && everythingChecked),
    name: read.value.name ?? (name || (values.host ?? "")),
    user: values.user ?? given.user ?? "",
    password: password ?? "",
    keyPassphrase: keyPassphrase ?? "",
    clientKey: clientKey ?? "",
  };
  for (const { name: parameter, value } of filesOf(read.value)) {
    const content = given.files[value];
    if (content !== undefined) row[boxOfPath[parameter]] = content;
  }
  return { ...row, ...providersOwn(row, given.roots) };
}

function providersOwn(row: FormValues, roots: GivenRoots): FormChange {
  const provider = recogniseProvider(row.host, row.port);
  if (provider === undefined) return {};
  const { trust, ...change } = providerChange(provider, row, roots);
  // There is no box for a CA here: without one the connection says later what it needs, and is not held back.
  return trust === undefined || (trust === "own" && row.ca === "") ? change : { trust, ...change };
}

/** The files whose content the form can hold. */
export function filesOf(read: ParsedConnection) {
  return read.paths.flatMap(({ name, value }) =>
    name in boxOfPath ? [{ name: name as keyof typeof boxOfPath, value }] : [],
  );
}
