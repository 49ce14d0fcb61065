import "server-only";
import dns from "node:dns/promises";
import net from "node:net";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import type { AttemptSteps } from "./attempt-steps.ts";
import { type Evidence, WireProblem } from "./evidence.ts";
import { deniedAddress, leadToSame, type NetworkPolicy } from "./network-policy.ts";

/** Resolves a name to addresses, in order of preference. @throws what `dns.lookup` throws */
export type Lookup = (name: string) => Promise<readonly string[]>;

/**
 * The addresses to dial, each of them checked: the name is asked for once, and what is dialled afterwards is what
 * was checked, so that a name whose answer flips cannot lead elsewhere.
 * @throws WireProblem `net-address-denied` when none of them may be dialled; the resolver's own error
 */
export async function findAddresses(
  steps: AttemptSteps,
  evidence: Evidence,
  policy: NetworkPolicy,
  lookup: Lookup = systemLookup,
): Promise<readonly string[]> {
  const { profile } = evidence;
  steps.begin("name");
  const target = profile.networkAddress?.trim() || profile.host;
  steps.note({ host: profile.host, ...(target === profile.host ? {} : { networkAddress: target }) });
  if (policy.sockets && target.startsWith("/")) return [`${target}/.s.PGSQL.${profile.port}`];
  // A path is a unix socket: it would reach this machine by another door.
  if (target === "" || target.startsWith("/") || target.startsWith("@")) {
    throw new WireProblem("net-address-denied", { address: target, kind: "not-an-address" });
  }
  evidence.addresses = net.isIP(target) === 0 ? await steps.within(lookup(target)) : [target];
  steps.note({ addresses: [...evidence.addresses] });

  if (await steps.within(isTheVault(evidence.addresses, target, profile, policy, lookup))) {
    throw new WireProblem("net-address-denied", { address: target, kind: "vault" });
  }

  const allowed: string[] = [];
  for (const address of evidence.addresses) {
    const kind = deniedAddress(address, policy, { host: target, port: profile.port });
    if (kind === null) allowed.push(address);
    else evidence.denied.push({ address, kind });
  }
  if (evidence.denied.length > 0) steps.note({ denied: evidence.denied.map(({ address }) => address) });
  const [first] = evidence.denied;
  if (allowed.length === 0 && first !== undefined) throw new WireProblem("net-address-denied", { ...first });
  return allowed;
}

/** Whether it is the database that keeps the vault, by whatever name. A pooler before it shows nothing of that. */
async function isTheVault(
  addresses: readonly string[],
  target: string,
  { port, database, user }: Pick<ProfileDraft, "port" | "database" | "user">,
  { vault, own }: NetworkPolicy,
  lookup: Lookup,
): Promise<boolean> {
  if (vault === undefined || vault.port !== port || vault.database !== (database || user)) return false;
  const name = (host: string) => host.trim().toLowerCase().replace(/\.$/, "");
  if (name(target) === name(vault.host)) return true;
  // Behind a socket it is on this machine.
  const theirs = vault.host.startsWith("/") ? ["127.0.0.1"] : await leadsTo(vault.host, lookup);
  return leadToSame(addresses, theirs, own);
}

/**
 * Where a name leads from here: nothing is dialled.
 * @returns nothing when the resolver knows none, fails, or takes longer than a person waits for advice
 */
export async function leadsTo(name: string, lookup: Lookup = systemLookup): Promise<readonly string[]> {
  if (net.isIP(name) !== 0) return [name];
  const looking = lookup(name).catch(() => []);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(() => resolve([]), adviceMs);
  });
  try {
    return await Promise.race([looking, late]);
  } finally {
    clearTimeout(timer);
  }
}

const adviceMs = 1_000;

/** getaddrinfo(3), as libpq asks it: /etc/hosts and the machine's own order count. */
async function systemLookup(name: string): Promise<readonly string[]> {
  const found = await dns.lookup(name, { all: true, verbatim: true });
  return [...new Set(found.map(({ address }) => address))];
}
