import "server-only";
import { z } from "zod";
import { acquireClient } from "#app/_server/acquire-client.ts";
import { laterExplainer } from "#app/_server/answer.ts";
import { auditStatement } from "#app/_server/audit-statement.ts";
import { canceller } from "#app/_server/canceller.ts";
import type { Asked, FrontDoor } from "#app/_server/front-door.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { log } from "#app/_server/log.ts";
import { longAnswerHeaders } from "#app/_server/long-answer.ts";
import { noteHistory } from "#app/_server/note-history.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { site } from "#app/_server/request-origin.ts";
import { runMessages } from "#app/_server/run-messages.ts";
import { runTimeLimit } from "#app/_server/run-time-limit.ts";
import { problem } from "#lib/problems/problem.ts";
import { randomIdForm } from "#lib/random-id.ts";
import { defaultRowCap, greatestRowCap, resultWaitMs, runStatement } from "#lib/session/run-statement.ts";
import { type RunningStatement, startStatement } from "#lib/session/running-statements.ts";
import { mostValues } from "#lib/session/statement.ts";
import { noteWaiting } from "#lib/session/waiting-results.ts";
import type { Actor } from "#lib/team/access.ts";

/** A statement that takes half a millisecond goes through no framework that takes three. */
export const runDoor: FrontDoor = {
  method: "POST",
  target: /^\/api\/connections\/([\w-]+)\/run$/,
  guard: ["connections:use"],
  answer: (actor, asked, [id = ""]) => runFor(actor, asked, id),
};

/** Runs what a request asks for, on behalf of whoever the guard has let in. */
export async function runFor(actor: Actor, asked: Asked, id: string): Promise<Response> {
  const body = await jsonBody(asked, runBody, 4 * 1024 * 1024);
  if (!body.ok) return problemResponse(body.problem);
  const running = startStatement(actor.id, body.value.runId, asked.signal);
  if (running === undefined) return problemResponse(problem("setting-invalid", { field: "runId" }));
  try {
    return await answer(actor, id, body.value, running, asked.headers);
  } catch (error) {
    running.done();
    throw error;
  }
}

async function answer(
  actor: Actor,
  profileId: string,
  ask: z.output<typeof runBody>,
  running: RunningStatement,
  asked: Headers,
): Promise<Response> {
  const explain = laterExplainer(actor, asked);
  const acquired = await acquireClient(actor, {
    profileId,
    mode: ask.readOnly ? "read-only" : "read-write",
    tab: ask.tab,
    rev: ask.rev,
    signal: running.signal,
  });
  if (!acquired.ok) {
    running.done();
    const { problem, report } = acquired.problem;
    const { status, headers } = problemResponse(problem);
    const explained = await explain(problem);
    return Response.json({ problem: explained.problem, explained, report }, { status, headers });
  }
  const { profile, session } = acquired.value;
  const audited = await auditStatement(actor, acquired.value, ask);
  if (!audited.ok) {
    session.release();
    running.done();
    return problemResponse(audited.problem);
  }
  // The SQL itself is never written to a log: it may hold what nobody else should read.
  log().info({ actor: actor.id, connection: profile.id, run: ask.runId, readOnly: ask.readOnly }, "run");
  const events = runStatement(session, {
    statement: { text: ask.sql, values: ask.values },
    readOnly: ask.readOnly,
    rowCap: ask.rowCap,
    timeoutMs: runTimeLimit(actor, ask),
    inTransaction: ask.inTransaction,
    waitMs: ask.waits ? resultWaitMs : 0,
    onWait: (more) => noteWaiting(actor.id, ask.runId, more),
    signal: running.signal,
    cancel: canceller(acquired.value),
  });
  const noted = noteHistory(actor, { profile, session, sql: ask.sql, readOnly: ask.readOnly }, events);
  return new Response(runMessages(noted, running, explain), { headers: longAnswerHeaders(asked, site()) });
}

/** An id that a page makes: 16 random bytes in hex. */
const randomId = z.string().regex(randomIdForm);

const tabName = z.string().max(60).default("");

/** A NUL would end the text early in the protocol. */
const text = z
  .string()
  .max(1_000_000)
  .refine((given) => !given.includes("\0"));

const runBody = z.strictObject({
  sql: text,
  /** Of the parameters `$1`, `$2` …, each as the server's own input function reads it. */
  values: z.array(text.nullable()).max(mostValues).default([]),
  readOnly: z.boolean(),
  runId: randomId,
  tab: z.strictObject({
    id: randomId,
    lease: randomId,
    /** As the page shows it, for the message that says which tabs hold a place. */
    name: tabName,
    /** The session whose state the page counts on. */
    session: randomId.optional(),
    /** The session of which the person knows that it is gone. */
    knownLost: randomId.optional(),
  }),
  /** Of the connection, as the page shows it. */
  rev: z.int().min(0),
  /** The page believes that its transaction is open. */
  inTransaction: z.boolean().default(false),
  rowCap: z.int().min(1).max(greatestRowCap).default(defaultRowCap),
  /** At that limit it waits a while for `/more`, where that keeps nothing of others'. */
  waits: z.boolean().default(false),
  /** 0: no limit. Of a read-only run the console's own limit holds, unless an owner asks for more. */
  timeoutMs: z.int().min(0).max(86_400_000).optional(),
});

export type RunBody = z.input<typeof runBody>;
