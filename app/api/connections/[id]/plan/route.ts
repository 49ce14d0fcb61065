import { z } from "zod";
import { acquireClient } from "#app/_server/acquire-client.ts";
import { auditStatement } from "#app/_server/audit-statement.ts";
import { canceller } from "#app/_server/canceller.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { log } from "#app/_server/log.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { noStore, refusal } from "#app/_server/read-connection.ts";
import { type NotExplained, planTarget } from "#lib/plan/explain.ts";
import { type ExplainTrouble, explainStatement } from "#lib/plan/explain-statement.ts";
import { problem } from "#lib/problems/problem.ts";
import { ok } from "#lib/problems/result.ts";
import { randomIdForm } from "#lib/random-id.ts";
import type { TabSession } from "#lib/session/held.ts";
import { type RunningStatement, startStatement } from "#lib/session/running-statements.ts";
import { mostValues } from "#lib/session/statement.ts";
import { parametersOf } from "#lib/sql/parameters-of.ts";
import type { Actor } from "#lib/team/access.ts";

const randomId = z.string().regex(randomIdForm);

/** A NUL would end the text early in the protocol. */
const text = z
  .string()
  .max(1_000_000)
  .refine((given) => !given.includes("\0"));

const planBody = z.strictObject({
  sql: text,
  /** Of its parameters; null for a plan that holds whatever they are. */
  values: z.array(text.nullable()).max(mostValues).nullable(),
  /** `measure` runs it, read-only; `measure-write` runs it and undoes what it has written. */
  how: z.enum(["plan", "measure", "measure-write"]),
  runId: randomId,
  /** As for a run: the SQL tab whose session it is asked in. */
  tab: z.strictObject({
    id: randomId,
    lease: randomId,
    name: z.string().max(60).default(""),
    session: randomId.optional(),
    knownLost: randomId.optional(),
  }),
  rev: z.int().min(0),
  /** The page believes that its transaction is open. */
  inTransaction: z.boolean().default(false),
});

export type PlanBody = z.input<typeof planBody>;

/** A plan, as the server wrote it. */
export interface PlanAnswer {
  readonly plan: string;
  /** Here, from the question to the answer. */
  readonly ms: number;
  /** How the tab's session stands, where it holds something. */
  readonly session: TabSession | null;
}

/** What keeps a statement from having a plan; with status 422. */
export type PlanRefusal =
  | { readonly why: NotExplained | "transaction-lost" }
  | Exclude<ExplainTrouble, { readonly why: "recalled" | "lost" }>;

/**
 * The plan of one statement, in the session of its tab: a `PlanAnswer`. Whatever it says is explained and undone; what
 * writes is only ever measured for who may write.
 */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, planBody, 4 * 1024 * 1024);
  if (!body.ok) return problemResponse(body.problem);
  const running = startStatement(actor.id, body.value.runId, request.signal);
  if (running === undefined) return problemResponse(problem("setting-invalid", { field: "runId" }));
  try {
    return await answer(actor, (await params).id, body.value, running);
  } finally {
    running.done();
  }
}

async function answer(
  actor: Actor,
  profileId: string,
  ask: z.output<typeof planBody>,
  { signal }: RunningStatement,
): Promise<Response> {
  const { how, inTransaction, tab, rev } = ask;
  const writes = how === "measure-write";
  // A transaction of the tab's is in its session for writing; whoever has one may write.
  const mode = writes || inTransaction ? "read-write" : "read-only";
  const acquired = await acquireClient(actor, { profileId, mode, tab, rev, signal });
  if (!acquired.ok) return refusal(acquired.problem.problem);
  const { session, profile } = acquired.value;
  const rules = {
    standardConformingStrings: session.connection.parameters.get("standard_conforming_strings") !== "off",
  };
  const target = planTarget(ask.sql, rules);
  if (!target.ok || (inTransaction && !session.resumed)) {
    session.release();
    return refused(target.ok ? { why: "transaction-lost" } : target);
  }
  const audited =
    how === "plan"
      ? ok(undefined)
      : await auditStatement(actor, acquired.value, { sql: target.sql, readOnly: !writes });
  if (!audited.ok) {
    session.release();
    return refusal(audited.problem);
  }
  const parameters = parametersOf(target.sql, rules).at(-1) ?? 0;
  log().info({ actor: actor.id, connection: profile.id, run: ask.runId, how }, "plan");
  let stands: TabSession | undefined;
  const plan = await explainStatement(
    session,
    {
      sql: target.sql,
      values: how === "plan" && parameters > 0 ? ask.values : (ask.values ?? []),
      parameters,
      kind: how === "plan" ? "plan" : "measure",
      writes,
      timeoutMs: how === "plan" ? planMs : measureMs,
      signal,
      cancel: canceller(acquired.value),
    },
    () => {
      stands = session.ofTab();
    },
  );
  if (plan.ok) {
    const { json, ms } = plan.value;
    const told: PlanAnswer = { plan: json, ms, session: stands ?? null };
    return Response.json(told, { headers: noStore });
  }
  if (plan.problem.why === "recalled") return refusal(plan.problem.problem);
  return plan.problem.why === "lost" ? refusal(problem("net-closed")) : refused(plan.problem);
}

const planMs = 30_000;
const measureMs = 60_000;

function refused(refusal: PlanRefusal): Response {
  return Response.json(refusal, { status: 422, headers: noStore });
}
