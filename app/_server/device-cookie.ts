import "server-only";
import { deviceToken, readDeviceToken } from "#lib/team/device-token.ts";
import { foldUserName } from "#lib/team/user-name.ts";
import type { Workspace } from "#lib/workspace.ts";
import { callerOf } from "./current-user.ts";
import { cookieValue, sessionCookieForm, site } from "./request-origin.ts";

/**
 * The browser behind a try to sign in, where that account is known to have used it: by its cookie, or because the account
 * is signed in there now.
 */
export async function knownDevice(
  { sessionCookieKey }: Workspace,
  sent: Headers,
  account: string,
): Promise<string | undefined> {
  const value = cookieValue(sent.get("cookie"), formOf(sent).name);
  const id = readDeviceToken(value, account, sessionCookieKey);
  if (id !== undefined) return id;
  const caller = await callerOf(sent);
  const actor = caller.ok ? caller.value.actor : undefined;
  const isTheirs = actor !== undefined && foldUserName(actor.name) === foldUserName(account);
  return isTheirs ? sessionDevice(actor.sessionId) : undefined;
}

/** A session as the browser it belongs to, for what asks a signed-in user for the password again. */
export function sessionDevice(sessionId: string): string {
  return `session ${sessionId}`;
}

/** The `Set-Cookie` header by which a browser is known again; a browser that is known keeps its id. */
export function deviceCookie({ sessionCookieKey }: Workspace, sent: Headers, account: string): string {
  const { name, secure } = formOf(sent);
  const before = readDeviceToken(cookieValue(sent.get("cookie"), name), account, sessionCookieKey);
  const value = deviceToken(account, sessionCookieKey, before);
  return `${name}=${value}; Path=/; Max-Age=${180 * 24 * 60 * 60}; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
}

function formOf(sent: Headers): { readonly name: string; readonly secure: boolean } {
  const { name, secure } = sessionCookieForm(sent.get("host"), site());
  return { name: name.replace("cloak_sid", "cloak_device"), secure };
}
