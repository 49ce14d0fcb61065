import type { Provider } from "./list.ts";
import { rootsIdOf } from "./provider.ts";

/** Whether anybody can have a certificate of these roots, or only one owner's servers. */
export type RootsKind = "public" | "private";

/** What people gave in Settings → Trust: by the roots' id, of what kind the whole set is then. */
export type GivenRoots = Readonly<Record<string, RootsKind>>;

export const noGivenRoots: GivenRoots = {};

/**
 * Of what kind the roots are that the trust "Provider" holds for a host.
 * @param provider the host's, undefined for none
 * @param given    what people gave; it counts before what is shipped
 */
export function rootsKind(
  provider: Provider | undefined,
  host: string,
  given: GivenRoots,
): RootsKind | "none" {
  if (provider === undefined) return "none";
  const id = rootsIdOf(provider);
  const kind = Object.hasOwn(given, id) ? given[id] : undefined;
  if (kind !== undefined) return kind;
  if (provider.rootsMissing?.test(host.trim().toLowerCase().replace(/\.$/, ""))) return "none";
  if (provider.rootsSource === "none") return "none";
  return provider.rootsSource === "mozilla" ? "public" : "private";
}
