import "server-only";
import { addressBytes } from "./address-bytes.ts";

/** Which addresses this console may dial. */
export interface NetworkPolicy {
  /** Whether this machine itself may be dialled. */
  readonly allowLoopback: boolean;
}

/**
 * A console that others reach over the network must not be turned against the machine it runs on, so loopback
 * is closed to it; one that is only reachable from its own machine may dial it.
 * @param given `publicUrl`: where people reach the console; `allowLoopback`: the operator's own word
 */
export function networkPolicy(
  given: { readonly publicUrl?: string; readonly allowLoopback?: boolean } = {},
): NetworkPolicy {
  return { allowLoopback: given.allowLoopback ?? !isPublic(given.publicUrl) };
}

export type AddressKind =
  | "global"
  | "loopback"
  | "link-local"
  | "metadata"
  | "multicast"
  | "unspecified"
  | "not-an-address";

/**
 * Why an address must not be dialled; null when it may be. Link-local, multicast, unspecified and the cloud's
 * metadata addresses are refused always, also when they are wrapped in IPv6 (v4-mapped, v4-compatible, NAT64
 * of RFC 6052, 6to4 of RFC 3056, Teredo of RFC 4380, ISATAP of RFC 5214).
 * @param address as the resolver gave it, or any spelling that inet_aton(3) reads
 */
export function deniedAddress(address: string, policy: NetworkPolicy): Exclude<AddressKind, "global"> | null {
  const kinds = addressKinds(address);
  for (const kind of kinds) {
    if (kind === "global" || (kind === "loopback" && policy.allowLoopback)) continue;
    return kind;
  }
  return null;
}

/** The kind of the address itself, then of every IPv4 address inside it. */
function addressKinds(address: string): AddressKind[] {
  const bytes = addressBytes(address);
  if (bytes === null) return ["not-an-address"];
  if (bytes.length === 4) return [ipv4Kind(bytes)];
  // `::` and `::1` are addresses of their own, not v4-compatible ones.
  const own = ipv6Kind(bytes);
  return own === "unspecified" || own === "loopback" ? [own] : [own, ...embeddedIpv4(bytes).map(ipv4Kind)];
}

function ipv4Kind(bytes: Uint8Array): AddressKind {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  const text = `${a}.${b}.${c}.${d}`;
  if (metadataIpv4.has(text)) return "metadata";
  if (a === 0 || a >= 240) return "unspecified";
  if (a === 127) return "loopback";
  if (a === 169 && b === 254) return "link-local";
  if (a >= 224) return "multicast";
  return "global";
}

/** Alibaba, Oracle, and Azure's host service; the usual 169.254.169.254 is link-local but named for what it is. */
const metadataIpv4 = new Set(["169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16"]);

/** Amazon and Google over IPv6. */
const metadataIpv6 = ["fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254"].map((text) => addressBytes(text));

function ipv6Kind(bytes: Uint8Array): AddressKind {
  const [a = 0, b = 0] = bytes;
  if (bytes.every((byte) => byte === 0)) return "unspecified";
  if (bytes.subarray(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return "loopback";
  if (a === 0xfe && (b & 0xc0) === 0x80) return "link-local";
  if (a === 0xff) return "multicast";
  if (metadataIpv6.some((known) => known?.every((byte, index) => byte === bytes[index]))) return "metadata";
  return "global";
}

function embeddedIpv4(bytes: Uint8Array): Uint8Array[] {
  const starts = (...prefix: number[]) => prefix.every((byte, index) => bytes[index] === byte);
  const last = bytes.subarray(12, 16);
  const tenZeros = bytes.subarray(0, 10).every((byte) => byte === 0);
  if (tenZeros && bytes[10] === bytes[11] && (bytes[10] === 0xff || bytes[10] === 0)) return [last];
  // ::ffff:0:a.b.c.d, the translated form of RFC 2765.
  if (starts(0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0)) return [last];
  if (starts(0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)) return [last];
  // The local NAT64 prefix may hold the address at any of the places of RFC 6052 section 2.2 from /48 on.
  if (starts(0, 0x64, 0xff, 0x9b, 0, 1)) {
    return [last, pick(bytes, 6, 7, 9, 10), pick(bytes, 9, 10, 11, 12)].filter(isThere);
  }
  if (starts(0x20, 0x02)) return [bytes.subarray(2, 6)];
  if (starts(0x20, 0x01, 0, 0)) {
    return [bytes.subarray(4, 8), last.map((byte) => byte ^ 0xff)].filter(isThere);
  }
  const isIsatap = (bytes[8] === 0 || bytes[8] === 2) && pick(bytes, 9, 10, 11).join() === "0,94,254";
  return isIsatap ? [last] : [];
}

/** Where an address may stand at several places, zeros mean that it does not stand here. */
function isThere(bytes: Uint8Array): boolean {
  return bytes[0] !== 0;
}

function pick(bytes: Uint8Array, ...indexes: readonly number[]): Uint8Array {
  return Uint8Array.from(indexes, (index) => bytes[index] ?? 0);
}

function isPublic(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  const bytes = addressBytes(host);
  if (bytes === null) return host !== "localhost" && !host.endsWith(".localhost");
  return !addressKinds(host).includes("loopback");
}
