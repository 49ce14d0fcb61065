import "server-only";
import type { FixId } from "#lib/problems/catalogue.ts";

/** What a fix gives up: nothing (keys of `help.costs`), or one of `outcome.givesUp`, as the form says it of a change. */
export type FixCost =
  | "keeps"
  | "compare"
  | "encryption"
  | "certificate"
  | "name"
  | "revocation"
  | "binding"
  | "oldTls"
  | "weakPassword";

/** What applying a fix gives up. One that is not named changes nothing that is checked. */
export function fixCost(id: FixId): FixCost {
  return costs[id] ?? "keeps";
}

const costs: Readonly<Partial<Record<FixId, FixCost>>> = {
  "pin-certificate": "compare",
  "replace-pin": "compare",
  "trust-presented-ca": "compare",
  "turn-ssl-off": "encryption",
  "use-require": "certificate",
  "allow-self-signed": "certificate",
  "use-verify-ca": "name",
  "drop-crls": "revocation",
  "channel-binding-prefer": "binding",
  "channel-binding-off": "binding",
  "lower-min-tls": "oldTls",
  "allow-weak-password": "weakPassword",
};
