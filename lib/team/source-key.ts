import "server-only";
import net from "node:net";

/**
 * What counts as one source of requests: an IPv4 address, or the /64 network of an IPv6 one, which is what a single
 * subscriber is given (RFC 6177) and can choose addresses from at will.
 * @param address as a socket or a proxy's header has it, with a port or a zone behind it or not
 */
export function sourceKey(address: string): string {
  const plain = withoutPort(address.trim()).split("%")[0] ?? "";
  if (!net.isIPv6(plain)) return plain;
  const groups = groupsOf(plain);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join(".");
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

function withoutPort(text: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(text) ?? [];
  return bracketed ?? text.replace(/^(\d+(?:\.\d+){3}):\d+$/, "$1");
}

function groupsOf(address: string): readonly number[] {
  // A URL's host is written in hexadecimal groups alone (WHATWG URL, IPv6 serialising).
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const read = (text: string) =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const [before, after] = [read(head), read(tail ?? "")];
  return tail === undefined
    ? before
    : [...before, ...Array(8 - before.length - after.length).fill(0), ...after];
}
