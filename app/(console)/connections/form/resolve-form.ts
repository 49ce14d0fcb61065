import { zodResolver } from "@hookform/resolvers/zod";
import type { Resolver } from "react-hook-form";
import { formSchemaWith, type StoredSecrets } from "#lib/profiles/form-schema.ts";
import type { FormValues } from "#lib/profiles/form-values.ts";

/** The one schema as react-hook-form wants it. A file of its own, so that it is loaded with the first touch of the form. */
export function formResolver(stored: StoredSecrets): Resolver<FormValues> {
  return zodResolver(formSchemaWith(stored), undefined, { mode: "sync", raw: true }) as Resolver<FormValues>;
}
