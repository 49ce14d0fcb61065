import { z } from "zod";
import { findConnection } from "#app/_server/find-connection.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { workspace } from "#app/_server/workspace.ts";
import type { HistoryEntry } from "#lib/notebook/history.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { randomIdForm } from "#lib/random-id.ts";
import type { Actor } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";

const entryId = z.string().regex(randomIdForm);

const historyAsk = z.strictObject({
  /** What was typed stands in the body, so that it is in no address and no log. */
  words: z.string().max(500).default(""),
  /** Of this connection, or of all the caller's. */
  everywhere: z.boolean().default(false),
  failedOnly: z.boolean().default(false),
  from: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
  after: entryId.optional(),
  most: z.int().min(1).max(100).default(50),
  /** Whole statements, as the editor brings them back; else their beginnings. */
  whole: z.boolean().default(false),
});

export type HistoryAskBody = z.input<typeof historyAsk>;

/** One run in a list. */
export interface ShownRun extends HistoryEntry {
  /** The statement goes on beyond what is shown of it here. */
  readonly goesOn: boolean;
}

export interface HistoryAnswer {
  readonly runs: readonly ShownRun[];
  readonly more: boolean;
  readonly kept: number;
  /** For how many days runs are kept on this console; 0: for none. */
  readonly days: number;
  /** Whether the caller keeps them. */
  readonly on: boolean;
}

const noStore = { "Cache-Control": "no-store" };

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

/** A sign or two more than a list shows. */
const shownLength = 400;
/** Of whole statements in one answer, in UTF-16 units. */
const mostWhole = 1_000_000;

/** The caller's own runs, the newest first: a `HistoryAnswer`. */
export async function POST(request: Request, { params }: Props): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, historyAsk);
  if (!body.ok) return problemResponse(body.problem);
  const place = await historyOf(actor, (await params).id);
  if (!place.ok) return problemResponse(place.problem);
  const { history, preferences, rootId } = place.value;
  const { words, everywhere, failedOnly, from, until, after, most, whole } = body.value;
  const page = await history.page(actor.id, {
    words,
    failedOnly,
    most,
    ...(everywhere ? {} : { connectionId: rootId }),
    ...(from !== undefined && { from: new Date(from).toISOString() }),
    ...(until !== undefined && { until: new Date(until).toISOString() }),
    ...(after !== undefined && { after }),
  });
  if (!page.ok) return problemResponse(page.problem);
  const chosen = await preferences.of(actor.id);
  if (!chosen.ok) return problemResponse(chosen.problem);
  let left = mostWhole;
  const runs = page.value.entries.map((entry) => {
    const length = whole && entry.sql.length <= left ? entry.sql.length : shownLength;
    left -= length;
    return shown(entry, length);
  });
  const answer: HistoryAnswer = {
    runs,
    more: page.value.more,
    kept: page.value.kept,
    days: history.days,
    on: chosen.value.keepHistory,
  };
  return Response.json(answer, { headers: noStore });
}

/** One of the caller's runs whole, `?run=ID`: `{ run }`, null where it is gone. */
export async function GET(request: Request, { params }: Props): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const place = await historyOf(actor, (await params).id);
  if (!place.ok) return problemResponse(place.problem);
  const asked = new URL(request.url).searchParams.get("run") ?? "";
  const found = await place.value.history.find(actor.id, asked);
  if (!found.ok) return problemResponse(found.problem);
  const run = found.value === undefined ? null : shown(found.value, found.value.sql.length);
  return Response.json({ run }, { headers: noStore });
}

/** Lets one of the caller's runs go, `?run=ID`, or all of every connection, `?run=all`. */
export async function DELETE(request: Request, { params }: Props): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const place = await historyOf(actor, (await params).id);
  if (!place.ok) return problemResponse(place.problem);
  const asked = new URL(request.url).searchParams.get("run") ?? "";
  const removed = await place.value.history.remove(actor.id, asked);
  return removed.ok ? Response.json({}, { headers: noStore }) : problemResponse(removed.problem);
}

/** Written by hand: what is kept besides is for nobody's eyes. */
function shown(entry: HistoryEntry, length: number): ShownRun {
  const { id, at, connectionId, connection, database, role, ms, rows, sqlstate, outcome, readOnly } = entry;
  return {
    id,
    at,
    sql: entry.sql.slice(0, length),
    goesOn: entry.sql.length > length,
    cut: entry.cut,
    masked: entry.masked,
    connectionId,
    connection,
    database,
    role,
    ms,
    rows,
    sqlstate,
    outcome,
    readOnly,
  };
}

/** Where the caller's history is kept, if the connection is there for them. */
async function historyOf(
  actor: Actor,
  connectionId: string,
): Promise<Result<Pick<Workspace, "history" | "preferences"> & { readonly rootId: string }>> {
  const opened = await workspace();
  if (!opened.ok) return opened;
  const found = await findConnection(opened.value, actor, connectionId);
  if (!found.ok) return found;
  if (found.value === undefined) return failed(problem("not-found"));
  const { history, preferences } = opened.value;
  return ok({ history, preferences, rootId: found.value.rootId });
}
