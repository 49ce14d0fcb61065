import type { FormValues } from "#lib/settings/form-values.ts";
import { writeKeywords } from "#lib/strings/libpq/write-keywords.ts";
import { writeUri } from "#lib/strings/libpq/write-uri.ts";
import { libpqParameters } from "./libpq-words.ts";

/**
 * Writes the form's values as a libpq connection string: `sslmode` always (C3), other parameters where they
 * differ from libpq's defaults. Certificates have no place in a string and are left out.
 * @param values  the form; its own `password` is never written
 * @param options `password` to write one after all, `form` to choose between URI (default) and keywords
 * @returns "" while there is no host to speak of
 */
export function writeConnectionString(
  values: FormValues,
  options: { readonly password?: string; readonly form?: "uri" | "keywords" } = {},
): string {
  if (values.host === "" && values.networkAddress === "") return "";
  const parameters = libpqParameters(values, options.password);
  return options.form === "keywords" ? writeKeywords(parameters) : writeUri(parameters);
}
