import "server-only";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { recogniseProvider } from "#lib/providers/recognise-provider.ts";

/**
 * How long a session may be used before the service ends it, less a margin; null where it does not.
 *
 * Aurora DSQL ends every session after an hour, whenever its token was made; AWS's own connectors leave theirs after
 * 3,300 seconds. RDS and Azure look at a token when somebody signs in and not again.
 */
export function sessionLifeMs({ host, signIn }: Pick<ProfileDraft, "host" | "signIn">): number | null {
  const isDsql = signIn === "aurora-dsql-token" || recogniseProvider(host)?.id === "aurora-dsql";
  return isDsql ? 3_300_000 : null;
}
