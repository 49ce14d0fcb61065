import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { awsRegionOf, isAwsRegion } from "#lib/providers/aws-region.ts";
import { awsToken } from "./aws-token.ts";
import { awsTrouble } from "./aws-trouble.ts";
import { entraToken } from "./entra-token.ts";
import { entraTrouble } from "./entra-trouble.ts";
import type { SignInToken } from "./short-lived-token.ts";

/**
 * Makes the token that a connection signs in with (D7), with the official signers and credential chains. They are
 * loaded now, when they are first wanted: a console without token sign-in never has them in memory.
 *
 * Credentials are looked up anew each time and not kept, so that what was fixed on the host counts at once.
 * @param signal ends the wait; a look-up that is on its way is left alone
 * @returns one of the `auth-token-…` problems when there is none; never an SDK's own message
 */
export async function signInToken(profile: ProfileDraft, signal?: AbortSignal): Promise<Result<SignInToken>> {
  if (profile.signIn === "entra-token") {
    try {
      return ok(await entraToken(profile, signal));
    } catch (error) {
      const { code, facts } = entraTrouble(error, profile.token?.credentials ?? "default");
      return failed(problem(code, facts));
    }
  }
  const region = profile.token?.region ?? awsRegionOf(profile.host);
  if (region === undefined || !isAwsRegion(region))
    return failed(problem("auth-token-region-unknown", { host: profile.host }));
  try {
    return ok(await awsToken(profile, region));
  } catch (error) {
    const { code, facts } = awsTrouble(error, profile.token);
    return failed(problem(code, facts));
  }
}
