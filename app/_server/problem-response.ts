import "server-only";
import type { Problem } from "#lib/problems/problem.ts";
import { isOfStore, withoutPlaces } from "./without-places.ts";

/**
 * A problem as a handler's answer: `{ problem }` as JSON, never cached.
 * The status follows from the code unless one is given; the fact `retryAfter` (seconds) becomes the header.
 */
export function problemResponse(problem: Problem, { status }: { readonly status?: number } = {}): Response {
  const headers = new Headers({ "Cache-Control": "no-store" });
  if (typeof problem.facts.retryAfter === "number") {
    headers.set("Retry-After", String(problem.facts.retryAfter));
  }
  return Response.json({ problem: withoutPlaces(problem) }, { status: status ?? statusOf(problem), headers });
}

function statusOf(problem: Problem): number {
  switch (problem.code) {
    case "not-signed-in":
      return 401;
    case "not-allowed":
      return 403;
    case "not-found":
      return 404;
    case "connection-moved":
    case "vault-changed-meanwhile":
    case "session-gone":
    case "session-elsewhere":
      return 409;
    case "too-many-attempts":
    case "session-places":
      return 429;
    case "unexpected":
    case "vault-write-failed":
      return 500;
    default:
      return isOfStore(problem.code) ? 503 : 400;
  }
}
