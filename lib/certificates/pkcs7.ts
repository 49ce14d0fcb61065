import "server-only";
import { definiteLengths } from "./ber.ts";
import { firstChildren, oidText, readElement, tags } from "./der.ts";
import { mostBlocks } from "./pem-kind.ts";

/** What a bundle holds, each as DER. */
export interface Pkcs7Contents {
  readonly certificates: readonly Uint8Array[];
  readonly revocationLists: readonly Uint8Array[];
}

/**
 * The certificates and revocation lists of a PKCS#7 bundle (`.p7b`): SignedData, of which nothing else is of use
 * (RFC 2315, 9.1; RFC 5652, 5.1). Undefined when it is no such bundle.
 * @param bytes DER, or BER with open lengths
 */
export function unpackPkcs7(bytes: Uint8Array): Pkcs7Contents | undefined {
  const outer = readElement(bytes) ?? readElement(definiteLengths(bytes) ?? new Uint8Array(0));
  const [type, wrapped] = firstChildren(outer, 2);
  if (type?.tag !== tags.oid || oidText(type.contents) !== "1.2.840.113549.1.7.2") return undefined;
  const parts = firstChildren(firstChildren(wrapped, 1)[0], 6);
  const wholes = (tag: number) =>
    // One more than anybody takes is enough to tell that they are too many.
    firstChildren(
      parts.find((part) => part.tag === tag),
      mostBlocks + 1,
    )
      .filter((one) => one.tag === tags.sequence)
      .map((one) => one.whole);
  return { certificates: wholes(0xa0), revocationLists: wholes(0xa1) };
}
