import "server-only";
import net from "node:net";

/**
 * Reads an address as the C library does: IPv4 also in its short, octal and hexadecimal spellings
 * (inet_aton(3): `127.1`, `0x7f000001`, `2130706433`), IPv6 with or without a zone.
 * @returns 4 or 16 bytes in network order; null when the text is no address
 */
export function addressBytes(text: string): Uint8Array | null {
  return ipv4Bytes(text) ?? ipv6Bytes(text);
}

/** Up to four parts; the last one fills what is left. */
function ipv4Bytes(text: string): Uint8Array | null {
  const parts = text.split(".");
  if (parts.length > 4) return null;
  const numbers = parts.map(ipv4Part);
  const bytes = new Uint8Array(4);
  for (const [index, number] of numbers.entries()) {
    const isLast = index === numbers.length - 1;
    const width = isLast ? 4 - index : 1;
    if (number === null || number >= 256 ** width) return null;
    for (let offset = 0; offset < width; offset += 1) {
      bytes[index + offset] = Math.floor(number / 256 ** (width - 1 - offset)) % 256;
    }
  }
  return bytes;
}

function ipv4Part(part: string): number | null {
  if (/^0x[0-9a-f]{1,8}$/i.test(part)) return Number.parseInt(part.slice(2), 16);
  if (/^0[0-7]{1,11}$/.test(part)) return Number.parseInt(part, 8);
  if (/^(0|[1-9]\d{0,9})$/.test(part)) return Number(part);
  return null;
}

function ipv6Bytes(text: string): Uint8Array | null {
  if (!net.isIPv6(text)) return null;
  const withoutZone = text.split("%")[0] ?? "";
  const [head = "", tail] = withoutZone.split("::");
  const before = ipv6Groups(head);
  const after = tail === undefined ? [] : ipv6Groups(tail);
  const bytes = new Uint8Array(16);
  bytes.set(before, 0);
  bytes.set(after, 16 - after.length);
  return bytes;
}

/** Hexadecimal groups as bytes; the last one may be written as IPv4. */
function ipv6Groups(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (group.includes(".")) return [...(ipv4Bytes(group) ?? [])];
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
