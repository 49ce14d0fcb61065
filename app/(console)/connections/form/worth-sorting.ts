import { looksLikeManifest } from "#lib/certificates/named-scalars.ts";
import { pemBlocks } from "#lib/certificates/pem-kind.ts";

/**
 * Whether a pasted text may hold certificates in another form than the PEM blocks that the boxes take themselves: a
 * PKCS#7 bundle, a Kubernetes manifest, or base64 that lost its frame. Prose and short texts stay on the page.
 */
export function worthSorting(text: string): boolean {
  if (looksLikeManifest(text)) return true;
  const blocks = pemBlocks(text);
  if (blocks.length > 0) return blocks.some((block) => block.kind === "pkcs7");
  const bare = text.replace(/^\s*data:[^,]*,/, "");
  // Longer than a word, shorter than the lines of base64 that was broken up.
  return bare.trim().length >= 80 && /[A-Za-z0-9+/_-]{28}/.test(bare) && onlyBase64.test(bare);
}

const onlyBase64 = /^[A-Za-z0-9+/=_\s"'\\,;>|-]+$/;
