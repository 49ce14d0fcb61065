import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { contentPolicy, filePolicy } from "#app/_server/content-policy.ts";
import { type Site, site } from "#app/_server/request-origin.ts";
import { pathHeader } from "#app/_server/return-path.ts";
import { isDevelopment } from "#app/_server/runtime.ts";
import { turnAway } from "#app/_server/turn-away.ts";

/**
 * The outer gate: it turns away what no page of this console would send and sets the headers of every answer. It
 * decides nothing about who may do what; that is asked where data is read. There is no `matcher` on purpose: it runs
 * for every path, whatever headers a request carries.
 */
export function proxy(request: NextRequest): Response {
  const here = site();
  const policy = contentPolicy(randomBytes(18).toString("base64"), isDevelopment);
  const { headers, method, nextUrl } = request;
  const path = nextUrl.pathname;
  const answer = turnAway({ headers, method, path }, here) ?? passOn(request, here, policy);
  answer.headers.set("Content-Security-Policy", path.startsWith("/_next/static/") ? filePolicy : policy);
  if (here.publicUrl?.startsWith("https:")) {
    answer.headers.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  }
  return answer;
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
