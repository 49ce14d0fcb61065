import "server-only";
import type pg from "pg";
import type { Problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { randomId } from "#lib/random-id.ts";
import { roundedMs } from "#lib/rounded-ms.ts";
import { noteState } from "#lib/session/note-state.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import { PortalQuery, type PortalStep } from "#lib/session/portal-query.ts";
import type { StatementError } from "#lib/session/run-events.ts";
import { errorOf } from "#lib/session/server-words.ts";
import { stopInTime } from "#lib/session/stop-in-time.ts";
import { isServerError } from "#lib/wire/server-error.ts";
import { settledStatus } from "#lib/wire/settled-status.ts";
import { explainPrefix, firstLevel, type PlanKind, plainLevel } from "./explain.ts";
import { type PlanFrame, planFrame } from "./plan-frame.ts";

export interface ExplainAsk {
  /** One statement, as the person wrote it; the server refuses a second. */
  readonly sql: string;
  /** Of its parameters; null for a plan that holds whatever they are, which only `plan` has. */
  readonly values: readonly (string | null)[] | null;
  /** The greatest number of a parameter in it, where there are no values. */
  readonly parameters: number;
  readonly kind: PlanKind;
  /** It may write; all that it does is undone. */
  readonly writes: boolean;
  /** The server ends it after so many ms. */
  readonly timeoutMs: number;
  /** Aborts when the person cancels or left. */
  readonly signal: AbortSignal;
  /** Sends a CancelRequest for the session's backend, over a channel of its own. */
  readonly cancel: () => Promise<unknown>;
}

export interface ExplainedStatement {
  /** As the server wrote it. */
  readonly json: string;
  /** Here, from the question to the answer. */
  readonly ms: number;
}

export type ExplainTrouble =
  /** The server's own words; a position is one in the statement. */
  | { readonly why: "refused"; readonly error: StatementError }
  | { readonly why: "cancelled" | "too-long" | "too-large" | "transaction-failed" }
  | { readonly why: "recalled"; readonly problem: Problem }
  | { readonly why: "lost" };

/**
 * Asks a server for the plan of one statement, in the session it is to run in: its search path, its settings and its
 * temporary tables count. Nothing of it stays: it is a transaction of its own that is rolled back, read-only unless
 * `writes`; where the person has one open, a savepoint of that.
 *
 * Extended protocol, so that whatever the text says, it is one statement behind the word EXPLAIN. Takes over the session
 * and releases it; never throws for what the server or the network does.
 * @param onLeft told once the session is as it was, before it is given back
 */
export async function explainStatement(
  session: PooledSession,
  ask: ExplainAsk,
  onLeft: () => void = () => undefined,
): Promise<Result<ExplainedStatement, ExplainTrouble>> {
  const run = new ExplainRun(session, ask);
  const answer = await run.answer();
  await run.leave();
  onLeft();
  run.giveBack();
  return answer;
}

/** A plan of thousands of partitions has some megabytes. */
const mostBytes = 16 * 1024 * 1024;
const slackBytes = 64 * 1024 * 1024;

/** What a server was found to take of the options. As long as the client lives. */
const levels = new WeakMap<pg.Client, number>();

class ExplainRun {
  readonly #session: PooledSession;
  readonly #ask: ExplainAsk;
  readonly #frame: PlanFrame;
  readonly #signal: AbortSignal;
  readonly #prepared = `cloak-db plan ${randomId()}`;
  #isPrepared = false;
  #isInside = false;
  #begunAt = 0;
  #broken = false;
  /** A cancellation was sent, and what it was for ended without it: it may still arrive. */
  #outran = false;

  constructor(session: PooledSession, ask: ExplainAsk) {
    this.#session = session;
    this.#ask = ask;
    this.#frame = planFrame(session, ask);
    this.#signal = AbortSignal.any([ask.signal, session.signal]);
  }

  async answer(): Promise<Result<ExplainedStatement, ExplainTrouble>> {
    const { client, parameters } = this.#session.connection;
    if (this.#signal.aborted) return failed(this.#stopped("cancelled"));
    if (client.getTransactionStatus() === "E") return failed({ why: "transaction-failed" });
    let level = levels.get(client) ?? firstLevel(parameters.get("server_version"));
    for (; ; level += 1) {
      const refused = await this.#enter();
      if (refused !== undefined) return failed(refused);
      const answer = await this.#explain(level);
      levels.set(client, level);
      if (answer.ok || !mayBeOfOptions(answer.problem) || level === plainLevel) return answer;
      // What has no plan of `select 1` either is our own options; what was run once is not run again.
      const lost = (await this.#endFrame()) ? await this.#enter() : ({ why: "lost" } as const);
      if (lost !== undefined) return failed(lost);
      const probe = await this.#query(explainPrefix({ kind: this.#ask.kind, level }), "select 1", []);
      if (probe.ok) return answer;
      if (!(await this.#endFrame())) return failed({ why: "lost" });
    }
  }

  async #enter(): Promise<ExplainTrouble | undefined> {
    this.#isInside = true;
    const refused = await this.#frame.enter();
    return refused === undefined ? undefined : this.#troubleOf(refused, isServerError(refused), 0);
  }

  /** Takes from the session what was needed for the question. */
  async leave(): Promise<void> {
    if (!(await this.#endFrame())) return;
    // What the statement has set up besides, an advisory lock say, no rollback undoes.
    if (this.#session.ofTab() === undefined) return;
    await noteState(this.#session, this.#ask.sql).catch(() => {
      this.#broken = true;
    });
  }

  giveBack(): void {
    // A cancellation that came too late may hit whatever comes next. What is in a transaction is worth more.
    const isIdle = this.#session.connection.client.getTransactionStatus() === "I";
    if (this.#broken || (this.#outran && isIdle)) this.#session.discard();
    else this.#session.release();
  }

  async #endFrame(): Promise<boolean> {
    if (this.#broken || !this.#isInside) return !this.#broken;
    this.#isInside = false;
    const { client } = this.#session.connection;
    const forget = `deallocate "${this.#prepared}"`;
    try {
      // A prepared statement outlives its transaction; once that has failed, it has to wait for the end.
      const isNow = this.#isPrepared && (await settledStatus(client)) === "T";
      if (isNow) await client.query(forget);
      this.#broken = !(await this.#frame.leave());
      if (this.#isPrepared && !isNow && !this.#broken && this.#frame.keepsPrepared)
        await client.query(forget);
      this.#isPrepared = false;
    } catch {
      this.#broken = true;
    }
    return !this.#broken;
  }

  async #explain(level: number): Promise<Result<ExplainedStatement, ExplainTrouble>> {
    const { sql, values, kind, parameters } = this.#ask;
    const prefix = explainPrefix({ kind, level });
    const startedAt = performance.now();
    const answer =
      values === null ? await this.#generic(prefix, sql, parameters) : await this.#query(prefix, sql, values);
    if (!answer.ok) return answer;
    return ok({ json: answer.value, ms: roundedMs(performance.now() - startedAt) });
  }

  /**
   * A plan for whatever the values are. `GENERIC_PLAN` would not do: this protocol asks for a value of each parameter, and
   * the planner takes it for the only one. So it is the plan that a prepared statement has from some time on.
   */
  async #generic(prefix: string, sql: string, parameters: number): Promise<Result<string, ExplainTrouble>> {
    const { client } = this.#session.connection;
    const prepared = await this.#query(`prepare "${this.#prepared}" as\n`, sql, []);
    if (!prepared.ok) return prepared;
    this.#isPrepared = true;
    try {
      await client.query("set local plan_cache_mode = force_generic_plan");
    } catch (error) {
      return failed(this.#troubleOf(error as Error, isServerError(error), 0));
    }
    const nulls = Array.from({ length: parameters }, () => "null").join(", ");
    const execute = `execute "${this.#prepared}"${parameters === 0 ? "" : `(${nulls})`}`;
    const answer = await this.#query(`${prefix}${execute}`, "", []);
    if (answer.ok || answer.problem.why !== "refused") return answer;
    // In words of ours the person has no place.
    const { position, ...error } = answer.problem.error;
    return failed({ why: "refused", error });
  }

  /** @returns the one value of its one row; of a command that has none an empty text */
  async #query(
    prefix: string,
    sql: string,
    values: readonly (string | null)[],
  ): Promise<Result<string, ExplainTrouble>> {
    if (this.#signal.aborted) return failed(this.#stopped("cancelled"));
    const { client, inbound } = this.#session.connection;
    let value = "";
    let isCut = false;
    let portal: PortalQuery | undefined;
    this.#begunAt = performance.now();
    const stopping = stopInTime(this.#session, {
      timeoutMs: this.#ask.timeoutMs,
      signal: this.#signal,
      cancel: this.#ask.cancel,
      portal: () => portal,
    });
    const end = await new Promise<Extract<PortalStep, { type: "end" | "error" }>>((resolve) => {
      const limits = {
        firstBatch: 0,
        byteCap: mostBytes,
        cellCap: mostBytes,
        onBreach: () => inbound.stop("rows"),
      };
      portal = new PortalQuery({ text: `${prefix}${sql}`, values }, limits, (step) => {
        if (step.type === "batch") for (const [cell] of step.rows) value += cell ?? "";
        else if (step.type === "overflow") isCut = true;
        else if (step.type === "end" || step.type === "error") resolve(step);
      });
      inbound.startResult(mostBytes + slackBytes, Number.POSITIVE_INFINITY);
      client.query(portal);
    });
    const isHit = end.type === "error" && isServerError(end.error) && end.error.code === "57014";
    await stopping.ended();
    this.#outran = stopping.sent && !isHit;
    if (end.type === "error") {
      if (isHit && stopping.why !== undefined) return failed(this.#stopped(stopping.why));
      return failed(this.#troubleOf(end.error, end.alive, [...prefix].length));
    }
    return isCut ? failed({ why: "too-large" }) : ok(value);
  }

  #stopped(why: "cancelled" | "too-long"): ExplainTrouble {
    const { aborted, reason } = this.#session.signal;
    return aborted ? { why: "recalled", problem: reason as Problem } : { why };
  }

  /** @param before signs of ours before the person's own */
  #troubleOf(error: Error, alive: boolean, before: number): ExplainTrouble {
    if (!alive) this.#broken = true;
    if (!isServerError(error)) return this.#signal.aborted ? this.#stopped("cancelled") : { why: "lost" };
    const { position, ...said } = errorOf(error);
    // Somebody else may cancel it as well, in words that the server has for that.
    const isTime = said.sqlstate === "57014" && performance.now() - this.#begunAt >= this.#ask.timeoutMs;
    if (isTime) return { why: "too-long" };
    const place = position === undefined ? {} : { position: Math.max(0, position - before) };
    return { why: "refused", error: { ...said, ...place } };
  }
}

/** Whether it may be our own words that the server does not know: the error lies in them, or nobody knows where. */
function mayBeOfOptions(trouble: ExplainTrouble): boolean {
  if (trouble.why !== "refused") return false;
  const { sqlstate, position = 0 } = trouble.error;
  // 42601 syntax_error, 0A000 feature_not_supported, 22023 invalid_parameter_value.
  return position === 0 && ["42601", "0A000", "22023"].includes(sqlstate);
}
