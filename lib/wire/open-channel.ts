import "server-only";
import type net from "node:net";
import type tls from "node:tls";
import { checksOfTls } from "#lib/settings/checks-of.ts";
import type { TrustStores } from "#lib/trust/provider-store.ts";
import { secureContext } from "#lib/trust/secure-context.ts";
import { type TrustAnchors, trustAnchors } from "#lib/trust/trust-anchors.ts";
import type { AttemptSteps } from "./attempt-steps.ts";
import { dial } from "./dial.ts";
import { type Evidence, WireProblem } from "./evidence.ts";
import { findAddresses, type Lookup } from "./find-addresses.ts";
import type { NetworkPolicy } from "./network-policy.ts";
import { withOpenedKey } from "./opened-key.ts";
import { requestTls } from "./request-tls.ts";
import { type PreparedTls, shakeHands } from "./shake-hands.ts";
import { tlsOptions } from "./tls-options.ts";

export interface ChannelOptions {
  readonly network: NetworkPolicy;
  readonly lookup?: Lookup | undefined;
  readonly trustStore?: TrustStores | undefined;
  /** What to do when the server has no TLS: libpq's `prefer` goes on in plain text on the same socket. */
  readonly withoutTls: "fail" | "plaintext";
}

/** A way to the server, with every check of the profile's mode behind it. Nothing secret has been sent yet. */
export interface Channel {
  readonly socket: net.Socket | tls.TLSSocket;
  readonly encrypted: boolean;
}

/**
 * Opens a channel to a profile's server over `evidence.transport`: name, address, TLS request (or TLS at once, for
 * direct negotiation), handshake, chain, host name.
 * @returns a paused socket, ready for the first PostgreSQL message
 * @throws whatever went wrong; `diagnose` reads it together with the evidence
 */
export async function openChannel(
  steps: AttemptSteps,
  evidence: Evidence,
  options: ChannelOptions,
): Promise<Channel> {
  const { profile } = evidence;
  // Before anything is dialled: a wrong passphrase or an empty trust store is nobody else's business.
  const prepared =
    evidence.transport === "tls" ? await prepareTls(steps, evidence, options.trustStore) : null;
  const addresses = await findAddresses(steps, evidence, options.network, options.lookup);
  const socket = await dial(steps, evidence, addresses, profile.port);
  try {
    if (prepared === null) {
      steps.skip("tls-request");
      return plaintext(steps, socket);
    }
    if (profile.tls.negotiation === "direct") steps.skip("tls-request", { negotiation: "direct" });
    else if (!(await requestTls(steps, socket))) {
      if (options.withoutTls === "fail") throw new WireProblem("tls-not-offered");
      evidence.transport = "plaintext";
      return plaintext(steps, socket);
    }
    const secured = await shakeHands(steps, evidence, socket, prepared);
    return { socket: secured, encrypted: true };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function plaintext(steps: AttemptSteps, socket: net.Socket): Channel {
  steps.pass();
  for (const step of ["handshake", "chain", "host-name"] as const) steps.skip(step);
  return { socket, encrypted: false };
}

async function prepareTls(
  steps: AttemptSteps,
  evidence: Evidence,
  stores: TrustStores | undefined,
): Promise<PreparedTls> {
  evidence.anchors = await steps.within(anchorsFor(evidence, stores));
  const profile = await steps.within(withOpenedKey(evidence.profile));
  const options = tlsOptions(profile, evidence.anchors);
  if (options === false) throw new Error("TLS was asked for without its settings");
  return { options, context: secureContext(options) };
}

/**
 * The anchors to verify with. Where nothing is verified a missing store is no reason to stop: it only means that
 * the report cannot say what a verification would have found.
 */
async function anchorsFor(evidence: Evidence, stores: TrustStores | undefined): Promise<TrustAnchors | null> {
  const found = await trustAnchors(evidence.profile, stores);
  if (found.ok) return found.value;
  if (checksOfTls(evidence.profile.tls).server === "none") return null;
  throw new WireProblem(found.problem.code, found.problem.facts);
}
