import "server-only";
import tls from "node:tls";
import { type AnchorSet, anchorSet } from "./anchor-set.ts";

let store: AnchorSet | undefined;

/** Mozilla's roots as this release of Node carries them; frozen with the release. */
export function mozillaStore(): AnchorSet {
  store ??= anchorSet(`Node.js ${process.versions.node}`, tls.rootCertificates);
  return store;
}

/** Whether one of these anchors is a public authority, of which anybody can have a certificate. */
export function holdsPublicRoots(set: Pick<AnchorSet, "certificates">): boolean {
  return set.certificates().some((anchor) => mozillaStore().has(anchor));
}
