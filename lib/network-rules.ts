import "server-only";
import net from "node:net";

/** One line of what an operator says of the servers that this console may dial. */
export interface NetworkRule {
  readonly act: "allow" | "deny";
  readonly target: RuleTarget;
  /** First and last port it is about; every port when left out. */
  readonly ports?: readonly [number, number];
}

export type RuleTarget =
  | { readonly kind: "any" }
  /** All addresses whose first `bits` are those of `address`. */
  | { readonly kind: "network"; readonly address: string; readonly bits: number }
  /** A name as it stands in a connection, in lower case; with `below`, every name that ends in it. */
  | { readonly kind: "name"; readonly name: string; readonly below: boolean };

/**
 * Reads `CLOAK_DB_NETWORKS`: targets after `allow` or `deny`, between commas or blanks, as in
 * `allow 10.0.0.0/8:5432, allow *.db.example.com, deny 10.0.9.0/24`. A target is `*`, an address, a network in CIDR form
 * (RFC 4632, RFC 4291), a host's name or `*.` and a domain; behind it `:port` or `:first-last`. An IPv6 target with a port
 * stands in brackets. A word counts for all targets up to the next one, and without one they are allowed.
 * @returns the rules in their order; undefined when a part cannot be read: nothing of it may be guessed
 */
export function readNetworkRules(text: string): readonly NetworkRule[] | undefined {
  const rules: NetworkRule[] = [];
  let act: NetworkRule["act"] = "allow";
  let wordIsOpen = false;
  for (const part of text.split(/[\s,;]+/).filter((found) => found !== "")) {
    const [, word, rest = part] = /^(allow|deny)(?:[:=](.*))?$/i.exec(part) ?? [];
    if (word !== undefined) {
      if (wordIsOpen) return undefined;
      act = word.toLowerCase() === "deny" ? "deny" : "allow";
      wordIsOpen = rest === part;
      if (wordIsOpen) continue;
    }
    const rule = readRule(act, rest);
    if (rule === undefined) return undefined;
    rules.push(rule);
    wordIsOpen = false;
  }
  return wordIsOpen ? undefined : rules;
}

function readRule(act: NetworkRule["act"], text: string): NetworkRule | undefined {
  const { target: written, ports: span } = splitPorts(text);
  const target = readTarget(written);
  if (target === undefined) return undefined;
  if (span === undefined) return { act, target };
  const ports = readPorts(span);
  return ports && { act, target, ports };
}

function splitPorts(text: string): { readonly target: string; readonly ports?: string } {
  const bracketed = /^\[([^\]]*)\](\/\d+)?(?::(.*))?$/.exec(text);
  if (bracketed !== null) {
    const [, address = "", bits = "", ports] = bracketed;
    return { target: address + bits, ...(ports !== undefined && { ports }) };
  }
  const [target = "", ...ports] = text.split(":");
  // More than one colon is an address of IPv6, which has no port without brackets.
  return ports.length === 1 ? { target, ports: ports[0] ?? "" } : { target: text };
}

function readPorts(text: string): readonly [number, number] | undefined {
  const [, from = "", to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  return from !== "" && first >= 1 && first <= last && last <= 65_535 ? [first, last] : undefined;
}

function readTarget(text: string): RuleTarget | undefined {
  if (text === "*") return { kind: "any" };
  const [address = "", written] = text.split(/\/(.*)/s);
  const version = net.isIP(address);
  if (version !== 0 && !address.includes("%")) {
    const whole = version === 4 ? 32 : 128;
    const bits = written === undefined ? whole : /^\d{1,3}$/.test(written) ? Number(written) : Number.NaN;
    return bits <= whole ? { kind: "network", address, bits } : undefined;
  }
  const name = text.toLowerCase().replace(/\.$/, "");
  const labels = name.replace(/^\*\./, "");
  // What ends in a number is a misspelt address.
  if (
    !/^[\p{L}\p{N}_]([\p{L}\p{N}_.-]*[\p{L}\p{N}_])?$/u.test(labels) ||
    /(^|\.)(\d+|0x[0-9a-f]*)$/.test(labels)
  )
    return undefined;
  return { kind: "name", name: labels, below: labels !== name };
}
