import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { processWide } from "#lib/process-wide.ts";
import { filePolicy } from "./content-policy.ts";
import { gate } from "./gate.ts";
import { handlerActor } from "./guard.ts";
import { requestSource, site } from "./request-origin.ts";
import { takePiece } from "./take-piece.ts";

/**
 * Lets `bin/start.js` hand pieces of imports over before the framework has copied them: it keeps each body twice, which of a
 * file of 230 MB was 200 MB of memory. The guard is the handler's own; where there is no such start, the handler answers.
 */
export function frontPieces(): void {
  processWide("import-pieces", () => ({ take }));
}

/** One piece, from the socket. */
async function take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const [, id = "", transfer = ""] = piecePath.exec(incoming.url ?? "") ?? [];
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (typeof value === "string") headers.set(name, value);
  const request = new Request(`http://console.invalid${incoming.url}`, { method: "PUT", headers });
  const actor = await handlerActor(request, "connections:use", "application/octet-stream");
  const isRefused = actor instanceof Response;
  if (isRefused && (actor.status === 401 || actor.status === 403))
    gate().noteRefusal?.(actor.status === 401 ? "not-signed-in" : "origin", requestSource(headers, site()));
  const place = { id: decodeURIComponent(id), transfer: decodeURIComponent(transfer) };
  const answer = isRefused ? actor : await takePiece(actor, place, request, incoming);
  const text = await answer.text();
  outgoing.writeHead(answer.status, { ...Object.fromEntries(answer.headers), ...frontHeaders() }).end(text);
}

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
