import { z } from "zod";
import { findConnection } from "#app/_server/find-connection.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { workspace } from "#app/_server/workspace.ts";
import { changesMark } from "#lib/notebook/changes-mark.ts";
import { longestDraft } from "#lib/notebook/drafts.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { randomIdForm } from "#lib/random-id.ts";
import type { Actor } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";

const randomId = z.string().regex(randomIdForm);
const text = z.string().max(longestDraft);

const draftBody = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  /** The revision that the page knows; 0 for a new one. */
  rev: z.int().min(0),
  /** Of the page, made when it was loaded. */
  window: randomId,
  /** A number that rises with each edit of that page. */
  edit: z.int().min(1),
  change: z.union([
    z.strictObject({ text }),
    z.strictObject({ at: z.int().min(0), cut: z.int().min(0), put: text }),
  ]),
});

export type DraftBody = z.input<typeof draftBody>;

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

/**
 * The caller's own SQL drafts of a connection, the last saved first; with `?draft=ID` that one with its text, or null.
 * Pending changes of tables are found by their own id alone.
 */
export async function GET(request: Request, { params }: Props): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const { id } = await params;
  const place = await draftsOf(actor, id);
  if (!place.ok) return problemResponse(place.problem);
  const asked = new URL(request.url).searchParams.get("draft");
  if (asked === null) {
    const list = await place.value.list(actor.id, id);
    if (!list.ok) return problemResponse(list.problem);
    return answer({ drafts: list.value.filter(({ begins }) => !begins.startsWith(changesMark)) });
  }
  const draft = await place.value.find(actor.id, id, asked);
  if (!draft.ok) return problemResponse(draft.problem);
  // Of a new tab there is none yet: that is an answer, not a fault.
  return answer({ draft: draft.value ?? null });
}

/** Keeps what was typed: `{ id, rev }`, of another draft where another window had changed this one meanwhile. */
export async function PUT(request: Request, { params }: Props): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, draftBody, 4 * 1024 * 1024);
  if (!body.ok) return problemResponse(body.problem);
  const { id } = await params;
  const place = await draftsOf(actor, id);
  if (!place.ok) return problemResponse(place.problem);
  const saved = await place.value.save(actor.id, { ...body.value, connectionId: id });
  return saved.ok ? answer(saved.value) : problemResponse(saved.problem);
}

/** Lets a draft go whose tab was closed: `?draft=ID`. One that is not there is gone already. */
export async function DELETE(request: Request, { params }: Props): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const { id } = await params;
  const place = await draftsOf(actor, id);
  if (!place.ok) return problemResponse(place.problem);
  const asked = new URL(request.url).searchParams.get("draft") ?? "";
  const removed = await place.value.remove(actor.id, id, asked);
  return removed.ok ? answer({}) : problemResponse(removed.problem);
}

/** Where the caller's drafts are kept, if the connection is there for them. */
async function draftsOf(actor: Actor, connectionId: string): Promise<Result<Workspace["drafts"]>> {
  const opened = await workspace();
  if (!opened.ok) return opened;
  const found = await findConnection(opened.value, actor, connectionId);
  if (!found.ok) return found;
  return found.value === undefined ? failed(problem("not-found")) : ok(opened.value.drafts);
}

function answer(body: object): Response {
  return Response.json(body, { headers: { "Cache-Control": "no-store" } });
}
