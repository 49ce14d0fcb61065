import "server-only";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import { type Provider, providers } from "#lib/providers/list.ts";
import { findGuide } from "#lib/providers/provider-guides.ts";

/** The providers whose guides name a problem among their usual errors. */
export function usualAt(code: ProblemCode): readonly Provider[] {
  return providers.filter(({ id }) => findGuide(id)?.errors.some((error) => error.code === code));
}
