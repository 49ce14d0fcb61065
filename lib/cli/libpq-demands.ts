import "server-only";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { Demands, SessionKind, SignInWord } from "#lib/wire/demands.ts";
import { signInWords } from "#lib/wire/demands.ts";

/** What the parameters that a saved connection does not have ask for. */
export interface LibpqDemands {
  readonly demands: Demands;
  /** Whether a client certificate may be sent (libpq `sslcertmode`). */
  readonly withClient: boolean;
  /** libpq `target_session_attrs=prefer-standby`: a standby first, and anything when there is none. */
  readonly prefersStandby: boolean;
  /** libpq `load_balance_hosts=random`. */
  readonly inAnyOrder: boolean;
}

/** The parameters that `readLibpqParameters` calls unsupported and the command line carries out. */
export const carriedOut: ReadonlySet<string> = new Set([
  "passfile",
  "service",
  "sslcrldir",
  "sslcertmode",
  "require_auth",
  "target_session_attrs",
  "load_balance_hosts",
]);

/**
 * Reads `require_auth`, `sslcertmode`, `target_session_attrs` and `load_balance_hosts` as libpq 18 checks them
 * (`pqConnectOptions2`).
 * @returns what they ask for; else `setting-invalid` { parameter }
 */
export function readDemands(parameters: ReadonlyMap<string, string>): Result<LibpqDemands> {
  const certMode = parameters.get("sslcertmode") ?? "allow";
  if (!["disable", "allow", "require"].includes(certMode)) return failed(wrong("sslcertmode"));
  const order = parameters.get("load_balance_hosts") ?? "disable";
  if (order !== "disable" && order !== "random") return failed(wrong("load_balance_hosts"));
  const attributes = parameters.get("target_session_attrs") ?? "any";
  const session = sessionKinds.get(attributes);
  if (session === undefined) return failed(wrong("target_session_attrs"));
  const signIn = signInOf(parameters.get("require_auth") ?? "");
  if (signIn === undefined) return failed(wrong("require_auth"));
  return ok({
    demands: {
      ...(signIn === "any" ? {} : { signIn }),
      clientCertificate: certMode === "require",
      session,
    },
    withClient: certMode !== "disable",
    prefersStandby: attributes === "prefer-standby",
    inAnyOrder: order === "random",
  });
}

const sessionKinds: ReadonlyMap<string, SessionKind> = new Map([
  ["any", "any"],
  ["read-write", "read-write"],
  ["read-only", "read-only"],
  ["primary", "primary"],
  ["standby", "standby"],
  ["prefer-standby", "standby"],
]);

/** Words, or words that are each forbidden by a `!`; no word twice, and the two are not mixed. */
function signInOf(text: string): ReadonlySet<SignInWord> | "any" | undefined {
  if (text === "") return "any";
  const parts = text.split(",");
  const isForbidding = parts[0]?.startsWith("!") ?? false;
  const named = new Set<SignInWord>();
  for (const part of parts) {
    if (part.startsWith("!") !== isForbidding) return undefined;
    const word = signInWords.find((known) => known === (isForbidding ? part.slice(1) : part));
    if (word === undefined || named.has(word)) return undefined;
    named.add(word);
  }
  return isForbidding ? new Set(signInWords.filter((word) => !named.has(word))) : named;
}

function wrong(parameter: string): Problem {
  return problem("setting-invalid", { parameter });
}
