/** More elements than any file of certificates has outside of its certificates. */
const mostElements = 60_000;
const deepest = 32;

/**
 * The same structure with definite lengths and whole strings, as DER wants it (X.690, 10.1 and 10.2). PKCS#7 and
 * PKCS#12 may be written in BER, and some programs stream them: lengths are left open and octet strings cut up.
 * Returns undefined when it cannot be read, nests deeper than 32 or has more than 60,000 elements.
 */
export function definiteLengths(bytes: Uint8Array): Uint8Array | undefined {
  const left = { elements: mostElements };
  return rewritten(bytes, 0, bytes.length, 0, left)?.der;
}

interface Rewritten {
  readonly der: Uint8Array;
  /** Where the next element begins. */
  readonly next: number;
  readonly tag: number;
  /** What stands inside. */
  readonly contents: Uint8Array;
}

function rewritten(
  bytes: Uint8Array,
  at: number,
  end: number,
  depth: number,
  left: { elements: number },
): Rewritten | undefined {
  const tag = bytes[at];
  const head = lengthAt(bytes, at + 1);
  left.elements -= 1;
  if (tag === undefined || head === undefined || (tag & 0x1f) === 0x1f) return undefined;
  if (left.elements < 0 || depth > deepest) return undefined;
  const from = head.next;
  const until = head.length === undefined ? end : from + head.length;
  if (until > end) return undefined;
  if ((tag & 0x20) === 0) {
    if (head.length === undefined) return undefined;
    return { ...element(tag, [bytes.subarray(from, until)]), next: until };
  }
  const parts: Rewritten[] = [];
  let position = from;
  while (position < until) {
    if (head.length === undefined && bytes[position] === 0 && bytes[position + 1] === 0) break;
    const part = rewritten(bytes, position, until, depth + 1, left);
    if (part === undefined) return undefined;
    parts.push(part);
    position = part.next;
  }
  if (head.length === undefined && position >= until) return undefined;
  const next = head.length === undefined ? position + 2 : until;
  // An octet string in pieces becomes one.
  const whole = tag === 0x24;
  return {
    ...element(
      whole ? 0x04 : tag,
      parts.map((part) => (whole ? part.contents : part.der)),
    ),
    next,
  };
}

function element(tag: number, parts: readonly Uint8Array[]) {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const header = [tag, ...lengthOctets(size)];
  const der = new Uint8Array(header.length + size);
  der.set(header);
  let at = header.length;
  for (const part of parts) {
    der.set(part, at);
    at += part.length;
  }
  return { der, tag, contents: der.subarray(header.length) };
}

function lengthOctets(size: number): readonly number[] {
  if (size < 0x80) return [size];
  const octets: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 + octets.length, ...octets];
}

/** `length` is undefined where it is left open. */
function lengthAt(bytes: Uint8Array, at: number): { length: number | undefined; next: number } | undefined {
  const first = bytes[at];
  if (first === undefined || first > 0x84) return undefined;
  if (first < 0x80) return { length: first, next: at + 1 };
  if (first === 0x80) return { length: undefined, next: at + 1 };
  const count = first & 0x7f;
  if (at + count >= bytes.length) return undefined;
  let length = 0;
  for (let index = 1; index <= count; index += 1) length = length * 256 + (bytes[at + index] ?? 0);
  return { length, next: at + 1 + count };
}
