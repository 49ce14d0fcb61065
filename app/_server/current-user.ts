import "server-only";
import { cookies, headers } from "next/headers";
import { cache } from "react";
import { ok, type Result } from "#lib/problems/result.ts";
import type { Actor } from "#lib/team/access.ts";
import { cookieValue, sessionCookieForm, site } from "./request-origin.ts";
import { workspace } from "./workspace.ts";

/** What a request finds: whether there is anybody at all yet, and who is calling. */
export interface Caller {
  /** Nobody has been created: only the set-up page answers. */
  readonly isFresh: boolean;
  readonly actor: Actor | undefined;
}

/**
 * Who is calling, read from the store anew for each request: a role or a ban holds from the next click on.
 * @returns the caller, or the vault's problem
 */
export const currentCaller = cache(async (): Promise<Result<Caller>> => {
  const sent = await headers();
  // After an action has renewed the cookie, Next renders the page in the same answer: by then the cookies are the new
  // ones, while the headers are still as they came.
  const { name } = sessionCookieForm(sent.get("host"), site());
  const renewed = (await cookies()).get(name)?.value;
  return callerWith(renewed ?? cookieValue(sent.get("cookie"), name));
});

/** As `currentCaller`, for a handler that holds the request. */
export async function callerOf(sent: Headers): Promise<Result<Caller>> {
  const { name } = sessionCookieForm(sent.get("host"), site());
  return callerWith(cookieValue(sent.get("cookie"), name));
}

async function callerWith(cookie: string | undefined): Promise<Result<Caller>> {
  const opened = await workspace();
  if (!opened.ok) return opened;
  const { users, sessions } = opened.value;
  const session = await sessions.find(cookie);
  if (session === undefined) {
    const anybody = await users.any();
    return anybody.ok ? ok({ isFresh: !anybody.value, actor: undefined }) : anybody;
  }
  const found = await users.find(session.userId);
  if (!found.ok) return found;
  const user = found.value;
  const counts = user !== undefined && !user.disabled && session.epoch === user.sessionsFrom;
  if (!counts) return ok({ isFresh: false, actor: undefined });
  return ok({
    isFresh: false,
    actor: { id: user.id, name: user.name, role: user.role, sessionId: session.id },
  });
}
