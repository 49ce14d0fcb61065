import "server-only";
import net from "node:net";
import { serverText } from "./server-text.ts";

/**
 * Of a certificate's names, the one most like a host: by labels in common from the right, then by letters from the
 * left; addresses go with addresses.
 * @returns undefined when there are no names
 */
export function nearestName(names: readonly string[], host: string): string | undefined {
  // Each is weighed once: a certificate may have ten thousand.
  let nearest: string | undefined;
  let best = -1;
  for (const name of names) {
    const like = likeness(name, host);
    if (like <= best) continue;
    best = like;
    nearest = name;
  }
  return nearest;
}

/** The same of the names that a host can bear: a pattern is none, nor what is longer than RFC 1035 lets names be. */
export function usableName(names: readonly string[], host: string): string | undefined {
  const known = found.get(names);
  if (known?.host === host) return known.name;
  const usable = names.filter((name) => name.length <= 255 && hostLike.test(name));
  const name = nearestName(usable, host);
  found.set(names, { host, name });
  return name;
}

const hostLike = /^[a-z0-9]([a-z0-9.:-]*[a-z0-9])?$/i;

/** By the certificate's own list: several fixes ask, and ten thousand names are weighed once. */
const found = new WeakMap<readonly string[], { readonly host: string; readonly name: string | undefined }>();

/** A certificate's names as evidence: the first fifty, fit to be shown. */
export function shownNames(names: readonly string[]): readonly string[] {
  return names.slice(0, 50).map(serverText);
}

/** The same, with the name that is most like the host. */
export function namesAndNearest(names: readonly string[], host: string) {
  const nearest = nearestName(names, host);
  return { names: shownNames(names), nearest: nearest === undefined ? null : serverText(nearest) };
}

function likeness(name: string, host: string): number {
  const sameKind = (net.isIP(name) === 0) === (net.isIP(host) === 0) ? 1000 : 0;
  const a = name.toLowerCase().split(".").reverse();
  const b = host.toLowerCase().split(".").reverse();
  const labels = a.findIndex((label, index) => label !== b[index]);
  const letters = [...name].findIndex((letter, index) => letter !== host[index]);
  return sameKind + (labels === -1 ? a.length : labels) * 20 + (letters === -1 ? name.length : letters);
}
