import type { FormChange, FormValues } from "#lib/settings/form-values.ts";
import { type Promised, promisedChecks } from "./promised-checks.ts";

/** One thing that a change no longer does; a key of `givesUp` in `messages/<locale>/outcome.json`. */
export type Loss =
  | "encryption"
  | "always"
  | "certificate"
  | "name"
  | "revocation"
  | "binding"
  | "oldTls"
  | "weakPassword";

/** What a change costs: what it gives up, or whether it asks for more than before. */
export interface Cost {
  readonly losses: readonly Loss[];
  readonly gains: boolean;
}

/** What a change of the form gives up of what the form proves and promises now. */
export function givenUp(change: FormChange, before: FormValues): Cost {
  const after = { ...before, ...change };
  const [was, is] = [promisedChecks(before), promisedChecks(after)];
  const losses: Loss[] = proves[is] < proves[was] ? [lost(is)] : [];
  if (before.crl.trim() !== "" && after.crl.trim() === "") losses.push("revocation");
  // Without TLS there is neither a version nor a channel: what is lost then is said already.
  if (after.ssl) {
    if (bindings.indexOf(after.channelBinding) < bindings.indexOf(before.channelBinding))
      losses.push("binding");
    if (after.minVersion < before.minVersion) losses.push("oldTls");
  }
  if (after.allowWeakPassword && !before.allowWeakPassword) losses.push("weakPassword");
  return { losses, gains: losses.length === 0 && proves[is] > proves[was] };
}

/** How much each promise proves. */
const proves: Readonly<Record<Promised, number>> = {
  plain: 0,
  opportunistic: 1,
  "self-signed": 2,
  unchecked: 2,
  chain: 3,
  full: 4,
};

const bindings: readonly FormValues["channelBinding"][] = ["disable", "prefer", "require"];

/** The most that is lost with a promise that proves less than before; what is less goes with it. */
function lost(is: Promised): Loss {
  if (is === "plain") return "encryption";
  if (is === "opportunistic") return "always";
  return is === "chain" ? "name" : "certificate";
}
