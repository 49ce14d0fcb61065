import "server-only";
import tls from "node:tls";
import { type AnchorSet, anchorSet } from "./anchor-set.ts";

let store: AnchorSet | undefined;

/** Mozilla's roots as this release of Node carries them; frozen with the release. */
export function mozillaStore(): AnchorSet {
  store ??= anchorSet(`Node.js ${process.versions.node}`, tls.rootCertificates);
  return store;
}
