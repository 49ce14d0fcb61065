import { createHash } from "node:crypto";
import { z } from "zod";
import { auditSubject } from "#app/_server/audit-subject.ts";
import { findConnection } from "#app/_server/find-connection.ts";
import { handlerActor, mayWith } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { workspace } from "#app/_server/workspace.ts";
import { maskPasswords } from "#lib/notebook/mask-passwords.ts";
import {
  longestQuery,
  longestQueryName,
  longestQueryNote,
  mayChange,
  type QueryContent,
  type QueryReader,
  type SavedQuery,
} from "#lib/notebook/saved-queries.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { randomId, randomIdForm } from "#lib/random-id.ts";
import type { FoundConnection } from "#lib/session/unsaved-connections.ts";
import type { Actor } from "#lib/team/access.ts";
import type { AuditChange, AuditEvent } from "#lib/team/audit.ts";
import type { Workspace } from "#lib/workspace.ts";

const queryId = z.string().regex(randomIdForm);

const content = {
  name: z.string().trim().min(1).max(longestQueryName),
  sql: z
    .string()
    .min(1)
    .max(longestQuery)
    .refine((sql) => !sql.includes("\0")),
  note: z.string().trim().max(longestQueryNote).default(""),
  /** Of any connection, not of this one alone. */
  everywhere: z.boolean(),
  shared: z.boolean(),
};

const newQuery = z.strictObject(content);
const changedQuery = z.strictObject({ ...content, id: queryId, rev: z.int().min(1) });
const posted = z.union([newQuery, z.strictObject({ restore: queryId })]);

export type NewQueryBody = z.input<typeof newQuery>;
export type ChangedQueryBody = z.input<typeof changedQuery>;

/** A saved query as a page is told of it. */
export interface ShownQuery {
  readonly id: string;
  readonly rev: number;
  readonly name: string;
  readonly note: string;
  /** In a list its beginning. */
  readonly sql: string;
  readonly goesOn: boolean;
  readonly everywhere: boolean;
  readonly shared: boolean;
  readonly savedAt: string;
  /** Who saved it; null where nobody knows them any more. */
  readonly owner: string | null;
  readonly own: boolean;
  readonly mayChange: boolean;
}

export interface SavedQueryAnswer {
  readonly query: ShownQuery;
  /** Something in it was taken for a secret and left out. */
  readonly masked: boolean;
}

const noStore = { "Cache-Control": "no-store" };

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

/** The queries of a connection that the caller may see, `{ queries }`; with `?query=ID` that one whole, `{ query }`, or null. */
export async function GET(request: Request, { params }: Props): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const place = await placeOf(actor, (await params).id);
  if (!place.ok) return problemResponse(place.problem);
  const { opened, rootId, reader } = place.value;
  const names = await namesOf(opened);
  if (!names.ok) return problemResponse(names.problem);
  const asked = new URL(request.url).searchParams.get("query");
  if (asked === null) {
    const list = await opened.savedQueries.list(reader, rootId);
    if (!list.ok) return problemResponse(list.problem);
    const queries = list.value.map((query) => shown(query, reader, names.value, shownLength));
    return Response.json({ queries }, { headers: noStore });
  }
  const found = await opened.savedQueries.find(reader, rootId, asked);
  if (!found.ok) return problemResponse(found.problem);
  const query = found.value === undefined ? null : shown(found.value, reader, names.value);
  return Response.json({ query }, { headers: noStore });
}

/** Saves a query, or puts one back that the caller removed a moment ago: a `SavedQueryAnswer`. */
export async function POST(request: Request, { params }: Props): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, posted, largestBody);
  if (!body.ok) return problemResponse(body.problem);
  const place = await placeOf(actor, (await params).id);
  if (!place.ok) return problemResponse(place.problem);
  const { opened, rootId } = place.value;
  const given = body.value;
  if ("restore" in given) {
    const event = { action: "query-restore", object: rootId, changes: [idOf(given.restore)] } as const;
    return answer(actor, place.value, event, () => opened.savedQueries.putBack(actor.id, given.restore));
  }
  const made = contentOf(actor, place.value, given);
  if (!made.ok) return problemResponse(made.problem);
  const id = randomId();
  const event = savingOf(rootId, id, undefined, made.value);
  return answer(actor, place.value, event, () => opened.savedQueries.create(actor.id, made.value, id), given);
}

/** Changes a query that nobody has changed meanwhile: a `SavedQueryAnswer`. */
export async function PUT(request: Request, { params }: Props): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, changedQuery, largestBody);
  if (!body.ok) return problemResponse(body.problem);
  const place = await placeOf(actor, (await params).id);
  if (!place.ok) return problemResponse(place.problem);
  const { opened, rootId, reader } = place.value;
  const { id, rev } = body.value;
  const before = await opened.savedQueries.find(reader, rootId, id);
  if (!before.ok) return problemResponse(before.problem);
  if (before.value === undefined) return problemResponse(problem("not-found"));
  if (!mayChange(before.value, reader)) return problemResponse(problem("not-allowed"));
  const made = contentOf(actor, place.value, body.value);
  if (!made.ok) return problemResponse(made.problem);
  const event = savingOf(rootId, id, before.value, made.value);
  const change = () => opened.savedQueries.change(reader, rootId, id, rev, made.value);
  return answer(actor, place.value, event, change, body.value);
}

/** Removes a query, `?query=ID`: a `SavedQueryAnswer` of what is gone. */
export async function DELETE(request: Request, { params }: Props): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const place = await placeOf(actor, (await params).id);
  if (!place.ok) return problemResponse(place.problem);
  const { opened, rootId, reader } = place.value;
  const id = new URL(request.url).searchParams.get("query") ?? "";
  const before = await opened.savedQueries.find(reader, rootId, id);
  if (!before.ok) return problemResponse(before.problem);
  if (before.value === undefined) return problemResponse(problem("not-found"));
  if (!mayChange(before.value, reader)) return problemResponse(problem("not-allowed"));
  const event = { action: "query-remove", object: rootId, changes: [idOf(id)] } as const;
  return answer(actor, place.value, event, () => opened.savedQueries.remove(reader, rootId, id));
}

/** Signs that a list shows of each. */
const shownLength = 400;
const largestBody = 4 * (longestQuery + longestQueryName + longestQueryNote);

interface QueryPlace {
  readonly opened: Workspace;
  readonly found: FoundConnection;
  readonly rootId: string;
  readonly reader: QueryReader;
}

/** Where the queries of a connection are kept, if that is there for the caller. */
async function placeOf(actor: Actor, connectionId: string): Promise<Result<QueryPlace>> {
  const opened = await workspace();
  if (!opened.ok) return opened;
  const found = await findConnection(opened.value, actor, connectionId);
  if (!found.ok) return found;
  if (found.value === undefined) return failed(problem("not-found"));
  const { rootId } = found.value;
  const reader = { id: actor.id, mayChangeShared: actor.role === "owner" };
  return ok({ opened: opened.value, found: found.value, rootId, reader });
}

/** Notes the act, does it, and says what has come of it. */
async function answer(
  actor: Actor,
  { opened, reader }: QueryPlace,
  event: AuditEvent,
  act: () => Promise<Result<SavedQuery>>,
  given?: { readonly sql: string; readonly note?: string | undefined },
): Promise<Response> {
  const done = await opened.audit.during(await auditSubject(actor), event, act);
  if (!done.ok) return problemResponse(done.problem);
  const names = await namesOf(opened);
  if (!names.ok) return problemResponse(names.problem);
  const { sql, note } = done.value;
  const body: SavedQueryAnswer = {
    query: shown(done.value, reader, names.value),
    masked: given !== undefined && (given.sql !== sql || (given.note ?? "") !== note),
  };
  return Response.json(body, { headers: noStore });
}

/** What is not saved is of no connection tomorrow: a query of it is of any. @returns `not-allowed` to share it */
function contentOf(
  actor: Actor,
  { found, rootId }: QueryPlace,
  { name, sql, note, everywhere, shared }: z.output<typeof newQuery>,
): Result<QueryContent> {
  const allowed = shared ? mayWith(actor, "queries:share", found) : ok(undefined);
  if (!allowed.ok) return allowed;
  const isPassing = found.unsaved !== undefined && found.unsaved.of === undefined;
  return ok({ name, sql, note, connectionId: everywhere || isPassing ? null : rootId, shared });
}

/** Its text stands in no log: a hash tells whether it is the same. */
function savingOf(
  object: string,
  id: string,
  before: SavedQuery | undefined,
  { sql, shared }: QueryContent,
): AuditEvent {
  return {
    action: shared || before?.shared === true ? "query-share" : "query-save",
    object,
    changes: [
      idOf(id),
      {
        field: "sql",
        from: before === undefined ? "" : hashOf(before.sql),
        to: hashOf(maskPasswords(sql)),
      },
      { field: "shared", from: before === undefined ? "" : String(before.shared), to: String(shared) },
    ],
  };
}

function idOf(id: string): AuditChange {
  return { field: "query", from: "", to: id };
}

function hashOf(sql: string): string {
  return `sha256:${createHash("sha256").update(sql).digest("hex").slice(0, 16)}`;
}

async function namesOf({ users }: Workspace): Promise<Result<ReadonlyMap<string, string>>> {
  const all = await users.list();
  return all.ok ? ok(new Map(all.value.map(({ id, name }) => [id, name]))) : all;
}

/** Written by hand: what is kept besides is for nobody's eyes. */
function shown(
  query: SavedQuery,
  reader: QueryReader,
  names: ReadonlyMap<string, string>,
  length = query.sql.length,
): ShownQuery {
  const { id, rev, name, note, shared, savedAt } = query;
  return {
    id,
    rev,
    name,
    note,
    sql: query.sql.slice(0, length),
    goesOn: query.sql.length > length,
    everywhere: query.connectionId === null,
    shared,
    savedAt,
    owner: names.get(query.owner) ?? null,
    own: query.owner === reader.id,
    mayChange: mayChange(query, reader),
  };
}
