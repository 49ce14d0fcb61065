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
  return Buffer.from(canonicalText(value), "latin1");
}

/**
 * The bytes of `canonicalBytes` for an object with one long list more, in pieces, so that a list of thousands need not be
 * gone through at once.
 * @param object all members but the list
 * @param key    of the list
 * @param items  of the list, each as `canonicalBytes` gives it
 */
export function* canonicalPieces(
  object: Readonly<Record<string, unknown>>,
  key: string,
  items: readonly Uint8Array[],
): Generator<Uint8Array, void, void> {
  const members = Object.entries(object).filter(([, member]) => member !== undefined);
  yield Buffer.concat([uint32(1 + 2 * (members.length + 1)), prefixedBytes("o")]);
  for (const [name, member] of [...members, [key, undefined] as const].sort(([a], [b]) => (a < b ? -1 : 1))) {
    yield prefixedBytes(name);
    if (name !== key) {
      yield prefixedBytes(canonicalBytes(member));
      continue;
    }
    const mark = prefixedBytes("a");
    const length = items.reduce((sum, item) => sum + 4 + item.length, 4 + mark.length);
    yield Buffer.concat([uint32(length), uint32(1 + items.length), mark]);
    for (const item of items) yield prefixedBytes(item);
  }
}

function prefixedBytes(part: string | Uint8Array): Buffer {
  const bytes = typeof part === "string" ? Buffer.from(part, "utf8") : part;
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** The bytes as a text with a letter each: gluing texts costs a third of gluing buffers, and every line and save does it. */
function canonicalText(value: unknown): string {
  if (typeof value === "string") return prefixed(["s", letters(value)]);
  if (typeof value === "number" && Number.isFinite(value)) return prefixed(["n", String(value)]);
  if (typeof value === "boolean") return prefixed(["b", String(value)]);
  if (value === null) return prefixed(["0"]);
  if (Array.isArray(value)) return prefixed(["a", ...value.map(canonicalText)]);
  if (typeof value === "object") {
    const parts = ["o"];
    for (const [key, member] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (member !== undefined) parts.push(letters(key), canonicalText(member));
    }
    return prefixed(parts);
  }
  throw new RangeError(`no canonical form for a ${typeof value}`);
}

/** As `lengthPrefixed`, of such texts. */
function prefixed(parts: readonly string[]): string {
  let text = lengthOf(parts);
  for (const part of parts) text += lengthOf(part) + part;
  return text;
}

function lengthOf({ length }: { readonly length: number }): string {
  return String.fromCharCode(length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255);
}

/** A letter for each byte of UTF-8. */
function letters(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

function isAscii(text: string): boolean {
  return !/[^ -~]/.test(text) || Buffer.byteLength(text, "utf8") === text.length;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
