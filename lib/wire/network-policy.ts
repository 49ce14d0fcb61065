import "server-only";
import os from "node:os";
import type { PostgresSetting, StoreSetting } from "#lib/env.ts";
import type { NetworkRule, RuleTarget } from "#lib/network-rules.ts";
import { addressBytes } from "./address-bytes.ts";

/** Which addresses this console may dial. */
export interface NetworkPolicy {
  /** Whether this machine itself may be dialled. */
  readonly allowLoopback: boolean;
  /** The operator's own list; without one every network may be dialled, private ones included. */
  readonly rules?: readonly NetworkRule[];
  /** This machine's addresses; left out, those of its interfaces at this moment. */
  readonly own?: readonly string[];
  /** The database that keeps the vault: nobody works on it by the console that it keeps. */
  readonly vault?: DialledAs & { readonly database: string };
  /** Whether a unix socket may be dialled. Only the console itself does, for its vault. */
  readonly sockets?: true;
}

/** What is dialled, beside the address that it led to. */
export interface DialledAs {
  /** The name or address that the connection holds. */
  readonly host: string;
  readonly port: number;
}

/**
 * A console that others reach over the network must not be turned against the machine it runs on, so loopback
 * is closed to it; one that is only reachable from its own machine may dial it.
 * @param given `publicUrl`: where people reach the console; `allowLoopback` and `networks`: the operator's own word;
 *   `store`: what keeps the vault, which is closed to all connections
 */
export function networkPolicy(
  given: {
    readonly publicUrl?: string | undefined;
    readonly allowLoopback?: boolean | undefined;
    readonly networks?: readonly NetworkRule[] | undefined;
    readonly store?: StoreSetting | undefined;
  } = {},
): NetworkPolicy {
  const { networks = [] } = given;
  return {
    allowLoopback: given.allowLoopback ?? !isPublic(given.publicUrl),
    ...(networks.length > 0 && { rules: networks }),
    ...(given.store?.kind === "postgres" && { vault: vaultAt(given.store) }),
  };
}

function vaultAt({ profile }: PostgresSetting): NonNullable<NetworkPolicy["vault"]> {
  const { networkAddress, host, port, database } = profile;
  return { host: networkAddress ?? host, port, database };
}

export type AddressKind =
  | "global"
  | "loopback"
  | "link-local"
  | "metadata"
  | "multicast"
  | "unspecified"
  | "not-an-address"
  /** The operator's list says no, or does not name it. */
  | "not-listed";

/**
 * Why an address must not be dialled; null when it may be. Link-local, multicast, unspecified and the cloud's
 * metadata addresses are refused always, also when they are wrapped in IPv6 (v4-mapped, v4-compatible, NAT64
 * of RFC 6052, 6to4 of RFC 3056, Teredo of RFC 4380, ISATAP of RFC 5214). This machine's own addresses, loopback or of an
 * interface, are refused where the policy says so, unless the list allows that very address.
 * @param address as the resolver gave it, or any spelling that inet_aton(3) reads
 * @param as what the list is asked about beside the address; left out, only what it says of addresses counts
 */
export function deniedAddress(
  address: string,
  policy: NetworkPolicy,
  as: DialledAs = { host: address, port: 0 },
): Exclude<AddressKind, "global"> | null {
  const { rules = [] } = policy;
  const inside = insideOf(address);
  if (inside.length === 0) return "not-an-address";
  const fitting = rules.filter((rule) => fits(rule, inside, as));
  for (const bytes of inside) {
    const kind = bytes.length === 4 ? ipv4Kind(bytes) : ipv6Kind(bytes);
    if (kind === "loopback" || (kind === "global" && !policy.allowLoopback && isOwn(bytes, policy.own))) {
      if (!policy.allowLoopback && !fitting.some(isAboutThisMachine)) return "loopback";
    } else if (kind !== "global") return kind;
  }
  if (fitting.some(({ act }) => act === "deny")) return "not-listed";
  const isClosed = rules.some(({ act }) => act === "allow");
  return isClosed && !fitting.some(({ act }) => act === "allow") ? "not-listed" : null;
}

/**
 * Whether one of these addresses leads to one of the others: the same one in whatever wrapping, or two of this machine's,
 * where a server may listen on all.
 * @param own the addresses of this machine's interfaces; left out, as they are
 */
export function leadToSame(
  some: readonly string[],
  others: readonly string[],
  own?: readonly string[],
): boolean {
  const [one, other] = [some, others].map((all) => all.flatMap(insideOf));
  const isHere = (bytes: Uint8Array) =>
    (bytes.length === 4 ? ipv4Kind(bytes) : ipv6Kind(bytes)) === "loopback" || isOwn(bytes, own);
  if (one?.some(isHere) && other?.some(isHere)) return true;
  const known = new Set(other?.map((bytes) => bytes.join()));
  return one?.some((bytes) => known.has(bytes.join())) === true;
}

/** The address itself, then every IPv4 address inside it; nothing when the text is none. */
function insideOf(address: string): readonly Uint8Array[] {
  const bytes = addressBytes(address);
  if (bytes === null) return [];
  // `::` and `::1` are addresses of their own, not v4-compatible ones.
  const isItself = bytes.length === 4 || ["unspecified", "loopback"].includes(ipv6Kind(bytes));
  return isItself ? [bytes] : [bytes, ...embeddedIpv4(bytes)];
}

/** What is denied is denied in every wrapping; what is allowed is the address itself, or the same one v4-mapped. */
function fits({ act, target, ports }: NetworkRule, inside: readonly Uint8Array[], as: DialledAs): boolean {
  if (ports !== undefined && (as.port < ports[0] || as.port > ports[1])) return false;
  if (target.kind === "any") return true;
  if (target.kind === "name") return isNamed(target, as.host);
  const counted = act === "deny" || isMapped(inside[0]) ? inside : inside.slice(0, 1);
  return counted.some((bytes) => isIn(target, bytes));
}

function isNamed({ name, below }: Extract<RuleTarget, { kind: "name" }>, host: string): boolean {
  const asked = host.trim().toLowerCase().replace(/\.$/, "");
  return below ? asked.endsWith(`.${name}`) : asked === name;
}

function isIn({ address, bits }: Extract<RuleTarget, { kind: "network" }>, bytes: Uint8Array): boolean {
  const network = addressBytes(address);
  if (network === null || network.length !== bytes.length) return false;
  return network.every((byte, index) => {
    const left = Math.max(0, Math.min(8, bits - index * 8));
    return byte >> (8 - left) === (bytes[index] ?? 0) >> (8 - left);
  });
}

/** Whoever names one address, or the loopback network, means it; whoever allows a wide network need not think of this machine. */
function isAboutThisMachine({ act, target }: NetworkRule): boolean {
  if (act === "deny" || target.kind !== "network") return false;
  const bytes = addressBytes(target.address);
  return (
    target.bits === (bytes?.length ?? 0) * 8 || (bytes?.length === 4 && bytes[0] === 127 && target.bits >= 8)
  );
}

function isMapped(bytes: Uint8Array | undefined): boolean {
  return bytes?.length === 16 && bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff;
}

/** A service that listens on every interface is reached by the address of each. */
function isOwn(bytes: Uint8Array, own: readonly string[] = interfaceAddresses()): boolean {
  return own.some((address) => addressBytes(address)?.join() === bytes.join());
}

function interfaceAddresses(): readonly string[] {
  return Object.values(os.networkInterfaces()).flatMap((found = []) => found.map(({ address }) => address));
}

function ipv4Kind(bytes: Uint8Array): AddressKind {
  const [a = 0, b = 0] = bytes;
  if (isMetadata(bytes)) return "metadata";
  if (a === 0 || a >= 240) return "unspecified";
  if (a === 127) return "loopback";
  if (a === 169 && b === 254) return "link-local";
  if (a >= 224) return "multicast";
  return "global";
}

/**
 * What clouds keep for their own services, as whole networks: they add services to them. Alibaba, Oracle (and what
 * RFC 6890 keeps beside it) and Azure's host service; Amazon, Google, Oracle and Scaleway over IPv6. The usual
 * 169.254.169.254 is link-local but named for what it is.
 */
const metadata: readonly Extract<RuleTarget, { kind: "network" }>[] = [
  { kind: "network", address: "169.254.169.254", bits: 32 },
  { kind: "network", address: "100.100.100.0", bits: 24 },
  { kind: "network", address: "192.0.0.0", bits: 24 },
  { kind: "network", address: "168.63.129.16", bits: 32 },
  { kind: "network", address: "fd00:ec2::", bits: 32 },
  { kind: "network", address: "fd20:ce::", bits: 32 },
  { kind: "network", address: "fd00:c1::", bits: 32 },
  { kind: "network", address: "fd00:42::", bits: 32 },
];

function isMetadata(bytes: Uint8Array): boolean {
  return metadata.some((network) => isIn(network, bytes));
}

function ipv6Kind(bytes: Uint8Array): AddressKind {
  const [a = 0, b = 0] = bytes;
  if (bytes.every((byte) => byte === 0)) return "unspecified";
  if (bytes.subarray(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return "loopback";
  if (a === 0xfe && (b & 0xc0) === 0x80) return "link-local";
  if (a === 0xff) return "multicast";
  if (isMetadata(bytes)) return "metadata";
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
  return !insideOf(host).some((inside) =>
    inside.length === 4 ? ipv4Kind(inside) === "loopback" : ipv6Kind(inside) === "loopback",
  );
}
