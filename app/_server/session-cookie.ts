import "server-only";
import { cookies, headers } from "next/headers";
import type { Secret } from "#lib/secret.ts";
import { sessionLifetime } from "#lib/team/sessions.ts";
import { sessionCookieForm, site } from "./request-origin.ts";

/** The `Set-Cookie` header that hands a session to the browser. */
export function sessionCookie(host: string | null, value: Secret): string {
  return cookie(host, value.reveal(), Math.floor(sessionLifetime / 1000));
}

/** The `Set-Cookie` header that takes the session's cookie away. */
export function endedSessionCookie(host: string | null): string {
  return cookie(host, "", 0);
}

/** Hands the browser of a server action the new value of its session's cookie. */
export async function renewSessionCookie(value: Secret): Promise<void> {
  const host = (await headers()).get("host");
  const { name, secure } = sessionCookieForm(host, site());
  const maxAge = Math.floor(sessionLifetime / 1000);
  const form = { path: "/", maxAge, httpOnly: true, sameSite: "lax", secure } as const;
  (await cookies()).set(name, value.reveal(), form);
}

function cookie(host: string | null, value: string, maxAge: number): string {
  const { name, secure } = sessionCookieForm(host, site());
  return `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
}
