/** One element of DER (X.690): its tag octet and its contents, as views into the bytes it was read from. */
export interface DerElement {
  readonly tag: number;
  readonly contents: Uint8Array;
  /** The element whole, header included. */
  readonly whole: Uint8Array;
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  bmpString: 0x1e,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/**
 * Reads the element that begins at `at`.
 * Returns undefined when the bytes end before it does, or when it uses what DER forbids (indefinite length) or
 * what certificates never use (tags above 30, lengths of 4 GB and more).
 */
export function readElement(bytes: Uint8Array, at = 0): DerElement | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || octets > 4) return undefined;
  let length = first < 0x80 ? first : 0;
  for (let index = 0; index < octets; index += 1) length = length * 256 + (bytes[at + 2 + index] ?? 0);
  const from = at + 2 + octets;
  if (from + length > bytes.length) return undefined;
  return { tag, contents: bytes.subarray(from, from + length), whole: bytes.subarray(at, from + length) };
}

/** The elements inside a constructed one, in order; stops at the first that cannot be read. */
export function children(element: DerElement | undefined): readonly DerElement[] {
  if (element === undefined) return [];
  const found: DerElement[] = [];
  for (let at = 0; at < element.contents.length; ) {
    const child = readElement(element.contents, at);
    if (child === undefined) break;
    found.push(child);
    at += child.whole.length;
  }
  return found;
}

/** An object identifier in dotted form (X.690, 8.19). */
export function oidText(contents: Uint8Array): string {
  const arcs: number[] = [];
  let value = 0;
  for (const octet of contents) {
    value = value * 128 + (octet & 0x7f);
    if (octet < 0x80) {
      arcs.push(value);
      value = 0;
    }
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join(".");
}

/** A UTCTime or GeneralizedTime as RFC 5280 (4.1.2.5) writes it, in ms since 1970; NaN when it is neither. */
export function timeOf(element: DerElement | undefined): number {
  if (element === undefined) return Number.NaN;
  const text = new TextDecoder("latin1").decode(element.contents);
  const parts = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:\.\d+)?Z$/.exec(text);
  if (parts === null) return Number.NaN;
  const [, digits = "", month = "", day = "", hour = "", minute = "", second = "00"] = parts;
  // Two digits: 50 and above are of the last century.
  const year =
    element.tag === tags.generalizedTime ? digits : `${Number(digits) >= 50 ? "19" : "20"}${digits}`;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** How many bits an unsigned integer has, without leading zeros: the size of an RSA modulus. */
export function bitLength(integer: Uint8Array): number {
  const from = integer.findIndex((octet) => octet !== 0);
  if (from === -1) return 0;
  return (integer.length - from) * 8 - (Math.clz32(integer[from] ?? 0) - 24);
}

/** The positions of the bits that are set in a BIT STRING's contents, bit 0 being the first. */
export function setBits(contents: Uint8Array): readonly number[] {
  const bits: number[] = [];
  for (let bit = 0; bit < (contents.length - 1) * 8; bit += 1) {
    if (((contents[1 + (bit >> 3)] ?? 0) >> (7 - (bit & 7))) & 1) bits.push(bit);
  }
  return bits;
}

/** The first elements inside a constructed one, `most` at most: enough to tell what it is, whatever its size. */
export function firstChildren(element: DerElement | undefined, most: number): readonly DerElement[] {
  const found: DerElement[] = [];
  let at = 0;
  while (element !== undefined && found.length < most && at < element.contents.length) {
    const child = readElement(element.contents, at);
    if (child === undefined) break;
    found.push(child);
    at += child.whole.length;
  }
  return found;
}
