import { zodResolver } from "@hookform/resolvers/zod";
import type { Resolver } from "react-hook-form";
import { formSchemaWith, type StoredSecrets } from "#lib/profiles/form-schema.ts";
import type { GivenRoots } from "#lib/providers/roots-kind.ts";
import type { FormValues } from "#lib/settings/form-values.ts";

/** The one schema as react-hook-form wants it. A file of its own, so that it is loaded with the first touch of the form. */
export function formResolver(stored: StoredSecrets, given: GivenRoots): Resolver<FormValues> {
  return zodResolver(formSchemaWith(stored, given), undefined, {
    mode: "sync",
    raw: true,
  }) as Resolver<FormValues>;
}
