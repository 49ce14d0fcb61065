import "server-only";
import { pemBlocks } from "#lib/certificates/pem-kind.ts";
import { type AnchorSet, anchorSet, certificateBlocks } from "./anchor-set.ts";

/** Certificates are public, so their text may be the key. A few connections' worth. */
const kept = new Map<string, AnchorSet>();
const keptAtMost = 64;

/** The connection's own CA certificates; an empty set when the text holds none. */
export function ownStore(pem: string): AnchorSet {
  const known = kept.get(pem);
  if (known !== undefined) {
    kept.delete(pem);
    kept.set(pem, known);
    return known;
  }
  const set = anchorSet("connection", certificateBlocks(cleanText(pem)));
  kept.set(pem, set);
  const oldest = kept.keys().next();
  if (kept.size > keptAtMost && !oldest.done) kept.delete(oldest.value);
  return set;
}

/** However it was pasted: Node would skip in silence what is indented, on one line, or has literal `\n`. */
function cleanText(pem: string): string {
  return pemBlocks(pem)
    .filter((block) => block.kind === "certificate" && block.state === "whole")
    .map((block) => block.pem)
    .join("");
}
