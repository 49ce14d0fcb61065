import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { problem } from "#lib/problems/problem.ts";
import { processWide } from "#lib/process-wide.ts";
import type { Act, Actor } from "#lib/team/access.ts";
import { filePolicy } from "./content-policy.ts";
import { handlerActor, type TakenType } from "./guard.ts";
import { noteSurprise } from "./note-surprise.ts";
import { problemResponse } from "./problem-response.ts";
import { site } from "./request-origin.ts";
import { sendResponse } from "./send-response.ts";
import { withSentHeaders } from "./sent-headers.ts";
import { turnAway } from "./turn-away.ts";

/** What a handler is told of a request; a `Request` is one. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array> | null;
  /** The browser has gone. */
  readonly signal: AbortSignal;
}

/** What is answered in front of the framework. */
interface Door {
  readonly method: string;
  /** Of the whole target; its groups are handed on. It must match no second way of writing an address. */
  readonly target: RegExp;
}

/** What anybody is given who comes to the right host: no more than what the framework gives, too. */
export interface OpenDoor extends Door {
  /** Whether it answers this one; otherwise the framework does. */
  readonly takes: (incoming: IncomingMessage, groups: readonly string[]) => boolean;
  readonly answer: (asked: Asked, groups: readonly string[]) => Promise<Response>;
}

/** A handler. */
export interface FrontDoor extends Door {
  /** What the handler's first line asks, and what kind of body it takes. */
  readonly guard: readonly [act: Act, takes?: TakenType];
  readonly answer: (actor: Actor, asked: Asked, groups: readonly string[]) => Promise<Response>;
}

/**
 * Lets `bin/start.js` answer a handler's requests before the framework has seen them: for the few that it costs too much.
 * The gate of `proxy.ts` and the guard of the handler stand here as there. Every door is the framework's until it is opened
 * (`app/api/front-doors.ts`), and under another start (`next dev`, `next start`).
 */
export function openFrontDoor(name: string, door: FrontDoor | OpenDoor): void {
  const { doors } = processWide("front-door", () => ({
    doors: new Map<string, FrontDoor | OpenDoor>(),
    take,
  }));
  doors.set(name, door);

  /** @returns undefined for what the framework is to answer */
  function take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> | undefined {
    for (const door of doors.values()) {
      const match = incoming.method === door.method ? door.target.exec(incoming.url ?? "") : null;
      if (match === null) continue;
      const groups = match.slice(1);
      if ("guard" in door || door.takes(incoming, groups)) return through(door, groups, incoming, outgoing);
    }
    return undefined;
  }
}

async function through(
  door: FrontDoor | OpenDoor,
  groups: readonly string[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const asked = askedBy(incoming, outgoing);
  let told: Response;
  try {
    told = await withSentHeaders(asked.headers, () => answerBehind(door, groups, asked));
  } catch (error) {
    if (outgoing.destroyed) return;
    const reference = noteSurprise(error, "a request was not answered");
    told = problemResponse(problem("unexpected", { reference }));
  }
  try {
    await sendResponse(outgoing, told, frontHeaders(), asked.headers.get("accept-encoding"));
  } catch (error) {
    if (!outgoing.destroyed) noteSurprise(error, "an answer broke off");
    outgoing.destroy();
  }
}

async function answerBehind(
  door: FrontDoor | OpenDoor,
  groups: readonly string[],
  asked: Asked,
): Promise<Response> {
  const { method, headers, url } = asked;
  const refused = turnAway({ method, headers, path: new URL(url).pathname }, site());
  if (refused !== undefined) return refused;
  if (!("guard" in door)) return door.answer(asked, groups);
  const actor = await handlerActor(asked, ...door.guard);
  return actor instanceof Response ? actor : door.answer(actor, asked, groups);
}

function askedBy(incoming: IncomingMessage, outgoing: ServerResponse): Asked {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (typeof value === "string") headers.set(name, value);
  // What nobody has read of a body would stand in the way of the next request.
  outgoing.once("finish", () => incoming.resume());
  const gone = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  return {
    method: incoming.method ?? "",
    url: `http://console.invalid${incoming.url}`,
    headers,
    // A body that is too long is left where it is; to destroy it would take the answer along.
    body: incoming.iterator({ destroyOnReturn: false }),
    signal: gone.signal,
  };
}

/** What `proxy.ts` and `next.config.mjs` give an answer that is no page. */
function frontHeaders(): Readonly<Record<string, string>> {
  const isSecure = site().publicUrl?.startsWith("https:") === true;
  return {
    "Content-Security-Policy": filePolicy,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    ...(isSecure ? { "Strict-Transport-Security": "max-age=31536000; includeSubDomains" } : {}),
  };
}
