import "server-only";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import type { Fix, Problem } from "#lib/problems/problem.ts";
import { checksOfForm } from "#lib/settings/checks-of.ts";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";

/** One try, as a change of the form the person sent. */
export interface Step {
  readonly change: FormChange;
  /**
   * Whether the password may go with it. It may not where the certificate was only just shown by the server itself:
   * until the person has compared its fingerprint, nobody has vouched for it.
   */
  readonly withPassword: boolean;
}

export interface Tried {
  readonly step: Step;
  /** What kept it from connecting; null when it connected. */
  readonly problem: Problem | null;
}

export type Next =
  | { readonly type: "try"; readonly step: Step }
  /**
   * The strongest settings that this server allows. `reasons` are the codes for which something stronger was given
   * up; `open` is what still stands in the way after TLS, as a wrong password.
   */
  | {
      readonly type: "found";
      readonly change: FormChange;
      readonly reasons: readonly ProblemCode[];
      readonly open: Problem | null;
      /** SHA-256 of the certificate that must be compared over another channel before it is trusted. */
      readonly compare?: string;
    }
  /** Nothing that the person permits leads on. */
  | { readonly type: "stuck"; readonly problem: Problem };

/** What the form permits: nothing weaker is tried, let alone proposed. */
export type Permitted = Pick<
  FormValues,
  "ssl" | "mode" | "trust" | "ca" | "allowSelfSigned" | "minVersion" | "channelBinding" | "signIn"
>;

/** Tries are real connections: no more than this many. */
export const mostTries = 6;

/**
 * What to try next, from the safest down. Pure: it sees only the form and how the tries so far ended.
 *
 * It begins with everything on (Verify Full, TLS 1.3, channel binding required) and gives up one thing at a time,
 * only what the last problem names, and never below what the form permits. Another trust store is taken where it
 * vouches; a certificate that nobody vouches for is proposed to be pinned only to who had asked for no check at all.
 */
export function nextStep(permitted: Permitted, tried: readonly Tried[]): Next {
  const last = tried.at(-1);
  if (last === undefined) return { type: "try", step: safest(permitted) };
  const { problem, step } = last;
  if (problem === null || (!step.withPassword && problem.code === "auth-password-missing"))
    return found(tried, null);
  const next = tried.length < mostTries ? stepDown(permitted, step, problem) : undefined;
  if (next !== undefined) return { type: "try", step: next };
  const isPastTls = problem.step === "sign-in" || problem.step === "session";
  return isPastTls && !aboutTls.has(problem.code) ? found(tried, problem) : { type: "stuck", problem };
}

/** Problems of signing in that are about how the connection is protected. */
const aboutTls: ReadonlySet<ProblemCode> = new Set([
  "auth-tls-not-allowed",
  "auth-tls-required",
  "auth-sni-required",
  "auth-channel-binding-unavailable",
  "auth-channel-binding-failed",
  "auth-method-refused",
]);

function safest({ trust, ca, signIn }: Permitted): Step {
  const change: FormChange = {
    ssl: true,
    mode: "verify-full",
    allowSelfSigned: false,
    minVersion: "TLSv1.3",
    maxVersion: "TLSv1.3",
    // There is nothing to bind to where no password is asked for.
    channelBinding: signIn === "password" ? "require" : "prefer",
    ...(trust === "own" && ca.trim() === "" ? { trust: "system" } : {}),
  };
  return { change, withPassword: true };
}

function stepDown(permitted: Permitted, step: Step, problem: Problem): Step | undefined {
  const lower = (change: FormChange): Step => ({ ...step, change: { ...step.change, ...change } });
  switch (problem.code) {
    case "tls-version-refused":
      if (step.change.minVersion !== "TLSv1.3" || permitted.minVersion === "TLSv1.3") return undefined;
      return lower({ minVersion: "TLSv1.2" });
    case "auth-channel-binding-unavailable":
      if (step.change.channelBinding !== "require" || permitted.channelBinding === "require")
        return undefined;
      return lower({ channelBinding: "prefer" });
    case "tls-hostname-mismatch":
      return mayLeaveName(permitted) && problem.fixes.some(({ id }) => id === "use-verify-ca")
        ? lower({ mode: "verify-ca" })
        : undefined;
    default:
      return problem.step === "chain" ? otherTrust(permitted, step, problem) : undefined;
  }
}

const vouched: readonly string[] = ["trust-provider", "trust-system", "trust-mozilla", "add-intermediate"];
const merelyShown: readonly string[] = ["pin-certificate", "trust-presented-ca"];

/** `diagnose` offers a store only where it vouches for this very chain. */
function otherTrust(permitted: Permitted, step: Step, problem: Problem): Step | undefined {
  const fix = changing(problem.fixes, vouched);
  if (fix !== undefined) return { ...step, change: { ...step.change, ...fix } };
  // What the server shows of itself proves nothing yet, but pinned it will from the next connection on.
  const shown = permitsNoCheck(permitted) ? changing(problem.fixes, merelyShown) : undefined;
  if (shown === undefined || !step.withPassword) return undefined;
  return { change: { ...step.change, ...shown }, withPassword: false };
}

function changing(fixes: readonly Fix[], ids: readonly string[]): FormChange | undefined {
  return fixes.find(({ id, change }) => ids.includes(id) && change !== undefined)?.change;
}

function permitsNoCheck(permitted: Permitted): boolean {
  return checksOfForm(permitted).server === "none";
}

function mayLeaveName(permitted: Permitted): boolean {
  return checksOfForm(permitted).server !== "chain-and-name";
}

function found(tried: readonly Tried[], open: Problem | null): Next {
  const last = tried.at(-1);
  const earlier = tried.slice(0, -1);
  const reasons = earlier.flatMap(({ problem }) => (problem === null ? [] : [problem.code]));
  const shown = last?.step.withPassword === false ? earlier.findLast(isAboutShown) : undefined;
  const compare = shown?.problem?.fixes.find(({ id }) => merelyShown.includes(id))?.facts?.sha256;
  return {
    type: "found",
    change: last?.step.change ?? {},
    reasons: [...new Set(reasons)],
    open,
    ...(typeof compare === "string" ? { compare } : {}),
  };
}

function isAboutShown({ problem }: Tried): boolean {
  return problem?.fixes.some(({ id }) => merelyShown.includes(id)) ?? false;
}
