import "server-only";
import { X509Certificate } from "node:crypto";

const kept = new Map<string, X509Certificate>();
const keptAtMost = 256;

/**
 * A certificate, parsed once: OpenSSL takes a third of a millisecond each time (measured, Node 20), and a console
 * meets the same few servers again and again.
 * @param der         as it came
 * @param fingerprint its SHA-256, as Node computed it from those very bytes
 */
export function parsedCertificate(der: Buffer, fingerprint: string): X509Certificate {
  const known = kept.get(fingerprint);
  if (known !== undefined) {
    kept.delete(fingerprint);
    kept.set(fingerprint, known);
    return known;
  }
  const parsed = new X509Certificate(der);
  kept.set(fingerprint, parsed);
  const oldest = kept.keys().next();
  if (kept.size > keptAtMost && !oldest.done) kept.delete(oldest.value);
  return parsed;
}
