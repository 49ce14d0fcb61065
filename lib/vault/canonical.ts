import "server-only";

/**
 * Bytes that stand for exactly this list of parts: a count, then each part behind its length (4 bytes, big endian).
 * Gluing parts together without lengths would let ("ab", "c") pass for ("a", "bc").
 */
export function lengthPrefixed(parts: readonly (string | Uint8Array)[]): Buffer {
  const chunks: Uint8Array[] = [uint32(parts.length)];
  for (const part of parts) {
    const bytes = typeof part === "string" ? Buffer.from(part, "utf8") : part;
    chunks.push(uint32(bytes.length), bytes);
  }
  return Buffer.concat(chunks);
}

/**
 * Bytes that stand for exactly this JSON value, whatever the order of an object's keys.
 * @param value strings, whole numbers, booleans, null, lists and plain objects; `undefined` members are left out
 * @throws RangeError for anything else: it is a mistake in this program, not in what was read
 */
export function canonicalBytes(value: unknown): Buffer {
  if (typeof value === "string") return lengthPrefixed(["s", value]);
  if (typeof value === "number" && Number.isFinite(value)) return lengthPrefixed(["n", String(value)]);
  if (typeof value === "boolean") return lengthPrefixed(["b", String(value)]);
  if (value === null) return lengthPrefixed(["0"]);
  if (Array.isArray(value)) return lengthPrefixed(["a", ...value.map(canonicalBytes)]);
  if (typeof value === "object") {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, member]) => [key, canonicalBytes(member)]);
    return lengthPrefixed(["o", ...members]);
  }
  throw new RangeError(`no canonical form for a ${typeof value}`);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
