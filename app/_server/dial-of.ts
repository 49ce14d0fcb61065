import "server-only";
import type { ConnectOptions } from "#lib/connect/connect.ts";
import { networkPolicy } from "#lib/wire/network-policy.ts";
import type { Workspace } from "#lib/workspace.ts";

/** How this console dials. */
export type Dial = Pick<ConnectOptions, "network" | "trustStore">;

/** Which addresses may be dialled, and where this machine's trust store lies. */
export function dialOf({ env, trustStores }: Pick<Workspace, "env" | "trustStores">): Dial {
  return { network: networkPolicy(env), trustStore: trustStores };
}
