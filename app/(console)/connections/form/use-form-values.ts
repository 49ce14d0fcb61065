import { useMemo } from "react";
import { type Resolver, type UseFormReturn, useForm } from "react-hook-form";
import type { StoredSecrets } from "#lib/profiles/form-schema.ts";
import type { GivenRoots } from "#lib/providers/roots-kind.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { loadPemReader } from "./pem-reader.ts";

/**
 * The values of the form, checked by the one schema.
 *
 * @param saved what the form begins with; left out for a new connection
 * @param stored the secrets that need not be typed again
 */
export function useFormValues(
  saved: FormValues | undefined,
  stored: StoredSecrets,
  givenRoots: GivenRoots,
): UseFormReturn<FormValues> {
  const resolver = useMemo<Resolver<FormValues>>(
    () => async (values, context, options) => {
      // Its mistakes are told with what the reader sees.
      const [{ formResolver }] = await Promise.all([loadResolver(), loadPemReader()]);
      return formResolver(stored, givenRoots)(values, context, options);
    },
    [stored, givenRoots],
  );
  return useForm<FormValues>({ defaultValues: saved ?? newFormValues, resolver, mode: "onTouched" });
}

/** The schema weighs a fifth of the form: it is fetched with the first touch, long before it is asked. */
export function loadResolver() {
  return import("./resolve-form.ts");
}
