import "server-only";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { sessionTraits, signInTraits } from "#lib/providers/session-traits.ts";

/**
 * How long a session may be used before the service ends it, less a margin; null where it does not. Told by the host,
 * or by a sign-in of that service alone. RDS and Azure look at a token when somebody signs in and not again.
 */
export function sessionLifeMs({ host, signIn }: Pick<ProfileDraft, "host" | "signIn">): number | null {
  return sessionTraits(host).lifeMs ?? signInTraits(signIn).lifeMs;
}
