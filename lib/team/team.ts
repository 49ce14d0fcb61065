import "server-only";
import type { Problem } from "#lib/problems/problem.ts";
import { collection } from "#lib/vault/collection.ts";
import type { Store } from "#lib/vault/store.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { type Audit, audit } from "./audit.ts";
import { type Favourites, favourites, favouritesMeta } from "./favourites.ts";
import { type Grants, grants, grantsMeta } from "./grants.ts";
import { type PreferenceStore, preferenceStore } from "./preference-store.ts";
import { preferences } from "./preferences.ts";
import { userKind } from "./restored-users.ts";
import { openSessions, type Sessions } from "./sessions.ts";
import { type SetupToken, setupToken } from "./setup-token.ts";
import { type SharedThrottle, sharedThrottle } from "./shared-throttle.ts";
import { type SpentTokens, spentTokens } from "./spent-tokens.ts";
import { type Users, userMeta, users } from "./users.ts";

/** Who may: everything this room keeps in one vault. */
export interface Team {
  readonly users: Users;
  readonly audit: Audit;
  readonly grants: Grants;
  readonly favourites: Favourites;
  readonly preferences: PreferenceStore;
  readonly sessions: Sessions;
  /** Why the sessions kept before could not be read, if so; then everybody signs in again. */
  readonly sessionsDiscarded: Problem | undefined;
  /** The key of the sessions' cookies, for the outer gate. */
  readonly sessionCookieKey: Buffer;
  /** The one throttle in front of everything that a password opens. */
  readonly throttle: SharedThrottle;
  readonly setupToken: SetupToken;
  /** What was used once, for tokens that others make. */
  readonly spentTokens: SpentTokens;
}

/**
 * @param vault an open vault
 * @param store what keeps it, and the set-up token
 * @param told  hears why the sessions that are kept are not believed any more, if that comes about later
 */
export async function openTeam(
  vault: Vault,
  store: Store,
  told: (why: Problem) => void = () => undefined,
): Promise<Team> {
  const sessionCookieKey = vault.deriveKey("session cookie");
  const { sessions, discarded } = await openSessions({
    file: vault.document("sessions", { guarded: true, replaceable: true }),
    discarded: told,
    cookieKey: sessionCookieKey,
    storeKey: vault.deriveKey("session store"),
  });
  return {
    audit: audit(vault),
    users: users(collection(vault, userKind, userMeta)),
    grants: grants(collection(vault, "grants", grantsMeta)),
    favourites: favourites(collection(vault, "favourite", favouritesMeta)),
    preferences: preferenceStore(collection(vault, "pref", preferences)),
    sessions,
    sessionsDiscarded: discarded,
    sessionCookieKey,
    throttle: sharedThrottle({
      document: vault.document("tries", { replaceable: true }),
      key: vault.deriveKey("throttle"),
    }),
    setupToken: setupToken(store),
    spentTokens: spentTokens(vault.document("spent", { guarded: true, replaceable: true })),
  };
}
