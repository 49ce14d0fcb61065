import "server-only";
import { createSecureContext } from "node:tls";
import { children, readElement, tags, timeOf } from "./der.ts";
import { nameText } from "./distinguished-name.ts";
import type { CrlFacts } from "./material.ts";

/**
 * What a revocation list says (RFC 5280, 5.1); undefined when it, or what OpenSSL makes of it, cannot be read.
 * @param pem one `X509 CRL` block
 */
export function describeRevocationList(pem: string): CrlFacts | undefined {
  const base64 = pem.split("\n").slice(1, -2).join("");
  const list = children(children(readElement(Buffer.from(base64, "base64")))[0]);
  // The version is left out of version 1 lists.
  const [, issuer, thisUpdate, ...rest] = list[0]?.tag === tags.integer ? list.slice(1) : list;
  const next = rest.find((element) => element.tag === tags.utcTime || element.tag === tags.generalizedTime);
  const entries = rest.find((element) => element.tag === tags.sequence);
  const [from, until] = [timeOf(thisUpdate), timeOf(next)];
  if (issuer === undefined || Number.isNaN(from) || !openSslReads(pem)) return undefined;
  return {
    issuer: nameText(issuer),
    thisUpdate: new Date(from).toISOString(),
    ...(Number.isNaN(until) ? {} : { nextUpdate: new Date(until).toISOString() }),
    revoked: children(entries).length,
  };
}

function openSslReads(pem: string): boolean {
  try {
    createSecureContext({ crl: pem });
    return true;
  } catch {
    return false;
  }
}
