import type { ProviderGuide } from "./guide.ts";
import { providerGuides } from "./pages.ts";
import { findProvider } from "./recognise-provider.ts";

/** The guide of the provider with this id, as in the address of a help page. */
export function findGuide(id: string): ProviderGuide | undefined {
  const provider = findProvider(id);
  return provider === undefined ? undefined : providerGuides[provider.id];
}
