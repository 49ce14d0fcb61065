import "server-only";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import type { Facts } from "#lib/problems/problem.ts";
import { awsRegionOf } from "#lib/providers/aws-region.ts";
import { isTokenSignIn } from "#lib/settings/form-values.ts";
import type { Evidence, TokenEvidence } from "#lib/wire/evidence.ts";
import { tokenExpiry } from "./token-expiry.ts";

/**
 * Why a server refused a token. Servers do not say; what we know of the token does: when it was made and how long it
 * lasts, by our clock and by the cloud's, and which region it was signed for.
 */
export function tokenProblem(evidence: Evidence): { readonly code: ProblemCode; readonly facts: Facts } {
  const { token, profile } = evidence;
  if (token === null) return pastedTokenProblem(evidence);
  const facts: Facts = {
    tokenMade: token.madeAt.toISOString(),
    tokenExpires: token.expiresAt.toISOString(),
    ...(token.region === null ? {} : { region: token.region }),
  };
  const off = clockOff(token);
  if (off !== null) return { code: "auth-token-clock-off", facts: { ...facts, secondsOff: off } };
  const hostRegion = awsRegionOf(profile.host);
  if (token.region !== null && hostRegion !== undefined && hostRegion !== token.region)
    return {
      code: "auth-token-region-wrong",
      facts: { ...facts, reason: "other-region", name: hostRegion },
    };
  if (token.expiresAt <= (token.refusedAt ?? evidence.now))
    return { code: "auth-token-expired", facts: { ...facts, reason: "made-here" } };
  return { code: "auth-token-refused", facts };
}

/** Whether what is sent as the password is a cloud's token, made here or pasted. */
export function sendsToken({ profile }: Evidence): boolean {
  return isTokenSignIn(profile.signIn) || tokenExpiry(profile.secrets.password) !== null;
}

function pastedTokenProblem({ profile, now }: Evidence): { code: ProblemCode; facts: Facts } {
  const expiry = tokenExpiry(profile.secrets.password);
  return { code: expiry !== null && expiry < now ? "auth-token-expired" : "auth-token-refused", facts: {} };
}

/** AWS forgives a request that comes from up to five minutes ahead (Signature Version 4, "request timestamp"). */
const forgivenMs = 300_000;

/**
 * How far our clock is from the cloud's, in seconds, where that is what spoilt the token: it was over by the cloud's
 * clock though not by ours, or made in its future. Null otherwise.
 */
function clockOff({ madeAt, expiresAt, refusedAt, serviceTime }: TokenEvidence): number | null {
  if (serviceTime === null || refusedAt === null) return null;
  const isOver = serviceTime > expiresAt && refusedAt <= expiresAt;
  const isEarly = serviceTime.getTime() < madeAt.getTime() - forgivenMs;
  return isOver || isEarly ? Math.round((refusedAt.getTime() - serviceTime.getTime()) / 1000) : null;
}
