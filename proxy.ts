import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { contentPolicy, filePolicy } from "#app/_server/content-policy.ts";
import { type GateRefusal, gate } from "#app/_server/gate.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import {
  cookieValue,
  hostAllowed,
  isSafeMethod,
  originAllowed,
  requestSource,
  type Site,
  sessionCookieForm,
  site,
} from "#app/_server/request-origin.ts";
import { pathHeader } from "#app/_server/return-path.ts";
import { isDevelopment } from "#app/_server/runtime.ts";
import { problem } from "#lib/problems/problem.ts";
import { readSessionCookie } from "#lib/team/session-token.ts";

/**
 * The outer gate: it turns away what no page of this console would send and sets the headers of every answer. It
 * decides nothing about who may do what; that is asked where data is read. There is no `matcher` on purpose: it runs
 * for every path, whatever headers a request carries.
 */
export function proxy(request: NextRequest): Response {
  const here = site();
  const policy = contentPolicy(randomBytes(18).toString("base64"), isDevelopment);
  const answer = turnAway(request, here) ?? passOn(request, here, policy);
  const isFile = request.nextUrl.pathname.startsWith("/_next/static/");
  answer.headers.set("Content-Security-Policy", isFile ? filePolicy : policy);
  if (here.publicUrl?.startsWith("https:")) {
    answer.headers.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  }
  return answer;
}

function turnAway(request: NextRequest, here: Site): Response | undefined {
  const { headers, method, nextUrl } = request;
  const note = (reason: GateRefusal) => gate().noteRefusal?.(reason, requestSource(headers, here));
  // 421 Misdirected Request (RFC 9110, 15.5.20): this console does not answer under that name.
  if (!hostAllowed(headers.get("host"), here)) {
    note("host");
    return problemResponse(problem("not-allowed", { reason: "host" }), { status: 421 });
  }
  // The image optimiser is not used; its endpoint has been a way in (CVE-2026-96889).
  if (nextUrl.pathname.startsWith("/_next/image")) return new Response(null, { status: 404 });
  const changes = !isSafeMethod(method);
  if (changes && !originAllowed(headers, here)) {
    note("origin");
    return problemResponse(problem("not-allowed", { reason: "origin" }));
  }
  // Strangers never reach the decoder of server actions, which the framework runs for forms sent to any path at all.
  const forAnAction = headers.has("next-action") || (changes && !isOpenDoor(request));
  if (!forAnAction || hasSession(headers, here)) return undefined;
  note("not-signed-in");
  return problemResponse(problem("not-signed-in"));
}

/** The three handlers that answer before the login, and what alone they take: JSON is nothing the decoder reads. */
function isOpenDoor({ headers, method, nextUrl }: NextRequest): boolean {
  const type = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  return method === "POST" && openDoors.has(nextUrl.pathname) && type === "application/json";
}

const openDoors: ReadonlySet<string> = new Set(["/api/login", "/api/setup", "/api/logout"]);

function hasSession(headers: Headers, here: Site): boolean {
  const { cookieKey } = gate();
  if (cookieKey === undefined) return false;
  const { name } = sessionCookieForm(headers.get("host"), here);
  return readSessionCookie(cookieValue(headers.get("cookie"), name), cookieKey) !== undefined;
}

function passOn(request: NextRequest, here: Site, policy: string): Response {
  const headers = new Headers(request.headers);
  // Next takes the nonce for its own scripts from this header, so one that came in must not stay (CVE-2026-44581).
  headers.set("Content-Security-Policy", policy);
  headers.delete("Content-Security-Policy-Report-Only");
  headers.set(pathHeader, request.nextUrl.pathname + request.nextUrl.search);
  // Next compares an action's origin with this header, which the client may have sent; ours has been checked above.
  const address = new URL(here.publicUrl ?? `http://${request.headers.get("host")}`);
  headers.set("X-Forwarded-Host", address.host);
  headers.set("X-Forwarded-Proto", address.protocol.slice(0, -1));
  headers.delete("Forwarded");
  return NextResponse.next({ request: { headers } });
}
