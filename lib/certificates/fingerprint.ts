/** What a pasted text says of a fingerprint. */
export type FingerprintMatch = "equal" | "different" | "sha1" | "unreadable";

/**
 * Compares a certificate's SHA-256 fingerprint with what somebody has pasted: as OpenSSL prints it
 * (`sha256 Fingerprint=AB:CD:…`), as certutil or PowerShell do, or the digits alone; in either case, with colons,
 * dashes, spaces or nothing between the pairs.
 * @param sha256 upper-case hex pairs with colons
 * @returns `sha1` for a fingerprint of that kind, which proves nothing here; `unreadable` where there is none, or several
 */
export function compareFingerprint(sha256: string, pasted: string): FingerprintMatch {
  const found = new Set([...pasted.matchAll(fingerprints(32))].map(([text]) => digitsOf(text)));
  if (found.size === 1) return found.has(digitsOf(sha256)) ? "equal" : "different";
  return found.size === 0 && fingerprints(20).test(pasted) ? "sha1" : "unreadable";
}

/** So many pairs, and no more of them. */
function fingerprints(pairs: number): RegExp {
  return new RegExp(
    `(?<![0-9a-f][:-]?)(?:[0-9a-f]{2}[ :-]?){${pairs - 1}}[0-9a-f]{2}(?![ :-]?[0-9a-f])`,
    "gi",
  );
}

function digitsOf(text: string): string {
  return text.replaceAll(/[ :-]/g, "").toUpperCase();
}
