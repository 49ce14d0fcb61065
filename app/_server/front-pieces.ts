import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { problem } from "#lib/problems/problem.ts";
import { processWide } from "#lib/process-wide.ts";
import type { Actor } from "#lib/team/access.ts";
import { filePolicy } from "./content-policy.ts";
import { type GateRefusal, gate } from "./gate.ts";
import { handlerActor } from "./guard.ts";
import { noteSurprise } from "./note-surprise.ts";
import { problemResponse } from "./problem-response.ts";
import { hostAllowed, requestSource, site } from "./request-origin.ts";
import { takePiece } from "./take-piece.ts";

/**
 * Lets `bin/start.js` hand pieces of imports over before the framework has copied them: it keeps each body twice, which of a
 * file of 230 MB was 200 MB of memory. The guard is the handler's own; where there is no such start, the handler answers.
 */
export function frontPieces(): void {
  processWide("import-pieces", () => ({ take }));
}

/** One piece, from the socket. Throws what nobody foresaw: it is noted, as the framework's errors are. */
async function take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  try {
    await answer(incoming, outgoing);
  } catch (error) {
    noteSurprise(error, "a piece of an import was not taken");
    throw error;
  }
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const [, id = "", transfer = ""] = piecePath.exec(incoming.url ?? "") ?? [];
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (typeof value === "string") headers.set(name, value);
  const request = new Request(`http://console.invalid${incoming.url}`, { method: "PUT", headers });
  const actor = await actorOf(request);
  const isRefused = actor instanceof Response;
  const refusal = isRefused ? refusals[actor.status] : undefined;
  if (refusal !== undefined) gate().noteRefusal?.(refusal, requestSource(headers, site()));
  const place = { id: decodeURIComponent(id), transfer: decodeURIComponent(transfer) };
  const told = isRefused ? actor : await takePiece(actor, place, request, incoming);
  const text = await told.text();
  outgoing.writeHead(told.status, { ...Object.fromEntries(told.headers), ...frontHeaders() }).end(text);
}

/** What `proxy.ts` asks, and then the handler. */
async function actorOf(request: Request): Promise<Actor | Response> {
  if (hostAllowed(request.headers.get("host"), site()))
    return handlerActor(request, "connections:use", "application/octet-stream");
  return problemResponse(problem("not-allowed", { reason: "host" }), { status: 421 });
}

const refusals: Readonly<Record<number, GateRefusal>> = { 401: "not-signed-in", 403: "origin", 421: "host" };

const piecePath = /^\/api\/connections\/([^/?]+)\/imports\/([^/?]+)\?piece=\d+$/;

/** What `proxy.ts` and `next.config.mjs` give every answer. */
function frontHeaders(): Readonly<Record<string, string>> {
  const isSecure = site().publicUrl?.startsWith("https:") === true;
  return {
    "Content-Security-Policy": filePolicy,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    ...(isSecure ? { "Strict-Transport-Security": "max-age=31536000; includeSubDomains" } : {}),
  };
}
