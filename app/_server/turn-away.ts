import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { readSessionCookie } from "#lib/team/session-token.ts";
import { type GateRefusal, gate } from "./gate.ts";
import { problemResponse } from "./problem-response.ts";
import {
  cookieValue,
  hostAllowed,
  isSafeMethod,
  originAllowed,
  requestSource,
  type Site,
  sessionCookieForm,
} from "./request-origin.ts";

/** Of a request, what it is turned away by. */
export interface Knock {
  readonly method: string;
  /** Without what follows a question mark. */
  readonly path: string;
  readonly headers: Headers;
}

/**
 * Turns away what no page of this console would send: the first thing that is asked of any request, whoever answers it
 * then. It decides nothing about who may do what.
 * @returns 421, 404, 403 or 401; undefined where it may go on
 */
export function turnAway(knock: Knock, here: Site): Response | undefined {
  const { headers, method, path } = knock;
  const note = (reason: GateRefusal) => gate().noteRefusal?.(reason, requestSource(headers, here));
  // 421 Misdirected Request (RFC 9110, 15.5.20): this console does not answer under that name.
  if (!hostAllowed(headers.get("host"), here)) {
    note("host");
    return problemResponse(problem("not-allowed", { reason: "host" }), { status: 421 });
  }
  // The image optimiser is not used; its endpoint has been a way in (CVE-2026-96889).
  if (path.startsWith("/_next/image")) return new Response(null, { status: 404 });
  const changes = !isSafeMethod(method);
  if (changes && !originAllowed(headers, here)) {
    note("origin");
    return problemResponse(problem("not-allowed", { reason: "origin" }));
  }
  // Strangers never reach the decoder of server actions, which the framework runs for forms sent to any path at all.
  const forAnAction = headers.has("next-action") || (changes && !isOpenDoor(knock));
  if (!forAnAction || hasSession(headers, here)) return undefined;
  note("not-signed-in");
  return problemResponse(problem("not-signed-in"));
}

/** The three handlers that answer before the login, and what alone they take: JSON is nothing the decoder reads. */
function isOpenDoor({ headers, method, path }: Knock): boolean {
  const type = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  return method === "POST" && openDoors.has(path) && type === "application/json";
}

const openDoors: ReadonlySet<string> = new Set(["/api/login", "/api/setup", "/api/logout"]);

function hasSession(headers: Headers, here: Site): boolean {
  const { cookieKey } = gate();
  if (cookieKey === undefined) return false;
  const { name } = sessionCookieForm(headers.get("host"), here);
  return readSessionCookie(cookieValue(headers.get("cookie"), name), cookieKey) !== undefined;
}
