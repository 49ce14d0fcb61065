import "server-only";
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import { type Act, type Actor, type ConnectionAct, can } from "#lib/team/access.ts";
import { auditSubject } from "./audit-subject.ts";
import { callerOf, currentCaller } from "./current-user.ts";
import { log } from "./log.ts";
import { offerSetup } from "./offer-setup.ts";
import { problemResponse } from "./problem-response.ts";
import { hostAllowed, isSafeMethod, originAllowed, site } from "./request-origin.ts";
import { pathHeader, readReturnPath } from "./return-path.ts";
import { workspace } from "./workspace.ts";

/**
 * The first line of every page behind the login: who is calling, and may they do this?
 * Everybody else is sent where they can go on: to the set-up, the login, or the page that says why the vault is
 * locked. What a signed-in user may not do is not found.
 */
export async function pageActor(act: Act): Promise<Actor> {
  const caller = await currentCaller();
  if (!caller.ok) redirect("/locked");
  if (caller.value.isFresh) redirect("/setup");
  if (caller.value.actor === undefined) redirect(`/login${await cameFrom()}`);
  if (!can(caller.value.actor, act)) {
    noteDenial(caller.value.actor, act);
    notFound();
  }
  return caller.value.actor;
}

/** The first line of the login page: whoever is signed in already, or cannot be yet, is sent on. */
export async function loginPage(returnTo: string | undefined): Promise<void> {
  const caller = await currentCaller();
  if (!caller.ok) redirect("/locked");
  if (caller.value.isFresh) redirect("/setup");
  // A fragment of its own: otherwise the browser would carry a sign-in link's token over to the next address.
  if (caller.value.actor !== undefined) redirect(`${returnTo ?? "/connections"}#content`);
}

/** The first line of the set-up page, which is there only while nobody is. */
export async function setupPage(): Promise<void> {
  const caller = await currentCaller();
  if (!caller.ok) redirect("/locked");
  if (!caller.value.isFresh) notFound();
  const opened = await workspace();
  if (opened.ok) await offerSetup(opened.value.setupToken, "if-over");
}

/** The first line of the locked page: why nothing else answers. */
export async function lockedPage(): Promise<Problem> {
  const caller = await currentCaller();
  if (caller.ok) redirect("/");
  return caller.problem;
}

/**
 * The first line of every server action. It does not lean on `proxy.ts`: where the request came from is checked here, too.
 * @returns who is calling; or `not-allowed`, `not-signed-in`, or the vault's problem
 */
export async function actionActor(act: Act): Promise<Result<Actor>> {
  const sent = await headers();
  if (!originAllowed(sent, site())) return failed(problem("not-allowed", { reason: "origin" }));
  return allow(await currentCaller(), act);
}

/** Whether who is calling may do this as well. A refusal is noted as one of the first line's is. */
export function mayAlso(actor: Actor, act: Act): boolean {
  const allowed = can(actor, act);
  if (!allowed) noteDenial(actor, act);
  return allowed;
}

/**
 * Whether who is calling may do this with a connection that they can see. A refusal is noted.
 * @returns `not-allowed`
 */
export function mayWith(actor: Actor, act: ConnectionAct, connection: FoundConnection): Result<void> {
  if (can(actor, act, connection)) return ok(undefined);
  const { profile, unsaved } = connection;
  noteDenial(actor, act, unsaved === undefined ? profile.id : unsaved.of?.id);
  return failed(problem("not-allowed", { act, reason: "access" }));
}

/**
 * The first line of every route handler behind the login:
 * `const actor = await handlerActor(request, act); if (actor instanceof Response) return actor;`
 *
 * @returns who is calling, or the answer to give: 403 for a foreign page's request or a forbidden act, 415 for a change
 *   that is not JSON, 401 without a session, 503 while the vault is locked; each with `{ problem }` as JSON
 */
export async function handlerActor(
  request: Knocking,
  act: Act,
  takes: TakenType = "application/json",
): Promise<Actor | Response> {
  const refused = refuseForeign(request, takes);
  if (refused !== undefined) return refused;
  if (isForeignRead(request.headers)) return problemResponse(problem("not-allowed", { reason: "origin" }));
  const actor = allow(await callerOf(request.headers), act);
  return actor.ok ? actor.value : problemResponse(actor.problem);
}

/** Of a request, what the first line of a handler looks at. */
type Knocking = Pick<Request, "method" | "headers">;

/** What a handler's body is. */
export type TakenType = "application/json" | "application/octet-stream";

/**
 * What holds for every handler, also before the login: a change comes from this console's own pages and brings JSON, or
 * bytes where the handler takes those.
 * @returns the refusal, or undefined when the request may go on
 */
export function refuseForeign(
  request: Knocking,
  takes: TakenType = "application/json",
): Response | undefined {
  if (isSafeMethod(request.method)) return undefined;
  if (!originAllowed(request.headers, site())) {
    return problemResponse(problem("not-allowed", { reason: "origin" }));
  }
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  // A form on another page can send three content types; neither of these is one of them.
  if (type !== takes && !(request.method === "DELETE" && type === undefined)) {
    return problemResponse(problem("setting-invalid", { field: "content-type", reason: "not-json" }), {
      status: 415,
    });
  }
  return undefined;
}

/**
 * Whether a request says of itself that another site sent it. Such a page could not see the answer, but could make the
 * work be done. Over plain HTTP between machines browsers say nothing, so silence is no reason to refuse a read.
 */
function isForeignRead(headers: Headers): boolean {
  const silent = headers.get("origin") === null && headers.get("sec-fetch-site") === null;
  return !(silent ? hostAllowed(headers.get("host"), site()) : originAllowed(headers, site()));
}

function allow(caller: Awaited<ReturnType<typeof callerOf>>, act: Act): Result<Actor> {
  if (!caller.ok) return caller;
  const { actor } = caller.value;
  if (actor === undefined) return failed(problem("not-signed-in"));
  if (can(actor, act)) return ok(actor);
  noteDenial(actor, act);
  return failed(problem("not-allowed", { act }));
}

function noteDenial(actor: Actor, act: Act | ConnectionAct, connectionId?: string): void {
  log().warn({ actor: actor.id, act }, "refused: not allowed");
  // Not waited for: it is refused in any case.
  auditDenial(actor, act, connectionId).catch((error: unknown) =>
    log().error({ err: error }, "a denial was not noted"),
  );
}

async function auditDenial(
  actor: Actor,
  act: Act | ConnectionAct,
  connectionId: string | undefined,
): Promise<void> {
  const opened = await workspace();
  if (!opened.ok) return;
  const about = connectionId === undefined ? { object: act } : { object: connectionId, target: act };
  const event = { action: "denied", ...about } as const;
  const noted = await opened.value.audit.noteRefusal(await auditSubject(actor), event, "not-allowed");
  if (!noted.ok) log().error({ problem: noted.problem.code }, "a denial was not noted");
}

/** `?returnTo=` of the page that was asked for. */
async function cameFrom(): Promise<string> {
  const path = readReturnPath((await headers()).get(pathHeader));
  return path === undefined || path === "/" ? "" : `?returnTo=${encodeURIComponent(path)}`;
}
