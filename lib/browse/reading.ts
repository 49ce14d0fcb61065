import "server-only";
import type pg from "pg";
import { escapeIdentifier, escapeLiteral } from "pg";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import { PortalQuery, type PortalStep } from "#lib/session/portal-query.ts";
import type { QueryRow } from "#lib/session/query-answer.ts";
import { enterRun, leaveReadOnlyRun } from "#lib/session/run-frame.ts";
import { StepQueue } from "#lib/session/step-queue.ts";
import { stopInTime } from "#lib/session/stop-in-time.ts";
import { isServerError, type ServerError } from "#lib/wire/server-error.ts";
import { type BuiltStatement, built, type Sql } from "./sql-text.ts";

export interface ReadingAsk {
  /** The server ends each statement after so many ms. */
  readonly timeoutMs: number;
  /** Of the person; the session's own where it is left out. */
  readonly timeZone?: string | undefined;
  /** Where operators of the table's types are, beside pg_catalog. */
  readonly operatorSchemas: readonly string[];
  /** A text of the person's is among what is asked: their search path holds. Else only the system's names are in sight. */
  readonly ownNames: boolean;
  /** Rows are wanted as they lie: one process reads them, from the beginning. */
  readonly asStored?: boolean;
  /** Aborts when the person cancels or left. */
  readonly signal: AbortSignal;
  /** Sends a CancelRequest for the session's backend, over a channel of its own. */
  readonly cancel: () => Promise<unknown>;
}

/** Why a question of a reading has no answer. */
export type ReadTrouble =
  /** `about`: the piece of the statement that the server names. */
  | { readonly why: "refused"; readonly error: ServerError; readonly about: string | number | null }
  | { readonly why: "cancelled" }
  | { readonly why: "too-long" }
  | { readonly why: "lost" };

export interface Rows {
  readonly rows: readonly QueryRow[];
  /** The rest was too heavy, and was dropped. */
  readonly short: boolean;
}

/**
 * Statements of one page, count or value, inside one read-only transaction of the server's own, with what values look
 * like set for it alone: a date is written the same way whatever the role or the database prefers.
 */
export interface Reading {
  /** Rows of one statement, in the server's own text. After a trouble nothing more can be asked. */
  ask(statement: Sql): Promise<Result<Rows, ReadTrouble>>;
  /** The same, row by row as they are taken. */
  stream(statement: Sql): AsyncGenerator<Result<QueryRow, ReadTrouble>, void, void>;
  /**
   * Ends the transaction and gives the session back; never rejects. Two round trips that an answer need not wait for: who
   * asks again meanwhile gets a second session.
   */
  leave(): Promise<void>;
}

/** Takes over a session for reading; it is given back by `leave`, and at once where there is a trouble. */
export async function openReading(
  session: PooledSession,
  ask: ReadingAsk,
): Promise<Result<Reading, ReadTrouble>> {
  const reading = new OpenReading(session, ask);
  const trouble = await reading.enter();
  if (trouble === undefined) return ok(reading);
  await reading.leave();
  return failed(trouble);
}

/** What a page of values weighs at most, bytes; rows beyond it come with the next one. */
const mostBytes = 64 * 1024 * 1024;
/** What may still come of it, and is dropped as it comes. */
const slackBytes = 192 * 1024 * 1024;

export const outputs = {
  datestyle: "ISO, MDY",
  intervalstyle: "postgres",
  bytea_output: "hex",
  extra_float_digits: "1",
  xmloption: "content",
} as const;
const scans = { max_parallel_workers_per_gather: "0", synchronize_seqscans: "off" } as const;
type Output = keyof typeof outputs | keyof typeof scans | "timezone" | "search_path";

/** What a server that refuses some of it takes. As long as the client lives. */
const refusedOutputs = new WeakMap<pg.Client, ReadonlySet<Output>>();

class OpenReading implements Reading {
  readonly #session: PooledSession;
  readonly #ask: ReadingAsk;
  readonly #signal: AbortSignal;
  #isSet = false;
  #broken = false;
  /** A cancellation was sent, and its statement ended without it: it may still arrive. */
  #outran = false;
  #left = false;

  constructor(session: PooledSession, ask: ReadingAsk) {
    this.#session = session;
    this.#ask = ask;
    this.#signal = AbortSignal.any([ask.signal, session.signal]);
  }

  async enter(): Promise<ReadTrouble | undefined> {
    if (this.#signal.aborted) return { why: "cancelled" };
    const refused = await enterRun(this.#session, { readOnly: true, timeoutMs: this.#ask.timeoutMs });
    if (refused === undefined) return undefined;
    if (!isServerError(refused)) this.#broken = true;
    return isServerError(refused) ? { why: "refused", error: refused, about: null } : { why: "lost" };
  }

  async ask(statement: Sql): Promise<Result<Rows, ReadTrouble>> {
    const text = built(statement);
    let short = false;
    const rows: QueryRow[] = [];
    for (;;) {
      let again = false;
      for await (const step of this.#steps(text, 0, () => {
        short = true;
      })) {
        if (step.type === "batch") for (const row of step.rows) rows.push(row);
        else if (step.type === "again") again = true;
        else if (step.type === "trouble") return failed(step.trouble);
      }
      if (!again) return ok({ rows, short });
    }
  }

  async *stream(statement: Sql): AsyncGenerator<Result<QueryRow, ReadTrouble>, void, void> {
    const text = built(statement);
    for (;;) {
      let again = false;
      for await (const step of this.#steps(text, 1, () => undefined)) {
        if (step.type === "batch") for (const row of step.rows) yield ok(row);
        else if (step.type === "again") again = true;
        else if (step.type === "trouble") yield failed(step.trouble);
      }
      if (!again) return;
    }
  }

  async leave(): Promise<void> {
    if (this.#left) return;
    this.#left = true;
    const usable = !this.#broken && !this.#outran;
    if (usable && (await leaveReadOnlyRun(this.#session, null))) this.#session.release();
    else this.#session.discard();
  }

  /** @param batch rows the server sends at a time, 0 for all */
  async *#steps(
    statement: BuiltStatement,
    batch: number,
    onOverflow: () => void,
  ): AsyncGenerator<
    | Extract<PortalStep, { type: "batch" }>
    | { readonly type: "again" }
    | { readonly type: "trouble"; readonly trouble: ReadTrouble },
    void,
    void
  > {
    if (this.#signal.aborted) {
      yield { type: "trouble", trouble: { why: "cancelled" } };
      return;
    }
    const { client, inbound } = this.#session.connection;
    const steps = new StepQueue();
    const limits = {
      firstBatch: batch,
      byteCap: mostBytes,
      cellCap: mostBytes,
      before: this.#isSet ? [] : this.#settings(),
      onBreach: () => inbound.stop("rows"),
    };
    const portal = new PortalQuery(statement, limits, (step) => {
      if (step.type === "overflow") onOverflow();
      else if (step.type !== "copy-out") steps.push(step);
    });
    const stop = stopInTime(this.#session, {
      timeoutMs: this.#ask.timeoutMs,
      signal: this.#signal,
      cancel: this.#ask.cancel,
      portal: () => portal,
    });
    inbound.startResult(mostBytes + slackBytes, Number.POSITIVE_INFINITY);
    client.query(portal);
    let ended = false;
    try {
      for (;;) {
        const step = await steps.next();
        if (step.type === "batch") {
          yield step;
          // What streams is as heavy as it is; each row by itself is not.
          if (batch > 0) portal.bytes = 0;
        } else if (step.type === "suspended") {
          if (stop.why === undefined) {
            inbound.startResult(mostBytes + slackBytes, Number.POSITIVE_INFINITY);
            portal.more(batch);
          } else portal.abandon();
        } else if (step.type === "end" || step.type === "error") {
          ended = true;
          const isHit = step.type === "error" && isServerError(step.error) && step.error.code === "57014";
          this.#outran = stop.sent && !isHit;
          if (step.type === "end") this.#isSet = true;
          else if (await this.#learned(step, portal.framing > 0)) yield { type: "again" };
          else
            yield {
              type: "trouble",
              trouble: this.#troubleOf(step, stop.why, statement, portal.framing > 0),
            };
          return;
        }
      }
    } finally {
      // Whoever takes the rows has gone.
      if (!ended) this.#broken = true;
      await stop.ended();
    }
  }

  /**
   * In one statement: each one more is a message there and two back. To a server that has refused that, only what it
   * takes, one by one.
   */
  #settings(): readonly string[] {
    const { timeZone, operatorSchemas, ownNames, asStored } = this.#ask;
    const refused = refusedOutputs.get(this.#session.connection.client);
    const names = operatorSchemas.map((schema) => escapeIdentifier(schema));
    const added = names.join(", ");
    const values: readonly (readonly [Output, string])[] = [
      ...(Object.entries(asStored ? { ...outputs, ...scans } : outputs) as [Output, string][]),
      ...(timeZone === undefined ? [] : [["timezone", timeZone] as const]),
      ...(ownNames ? [] : [["search_path", ["pg_catalog", ...names, "pg_temp"].join(", ")] as const]),
    ];
    const extended =
      ownNames && names.length > 0 && refused?.has("search_path") !== true
        ? [
            `select pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ',
               nullif(pg_catalog.current_setting('search_path'), ''), ${escapeLiteral(added)}), true)`,
          ]
        : [];
    if (refused !== undefined)
      return [...values.filter(([name]) => !refused.has(name)).map(setLocal), ...extended];
    const all = values.map(
      ([name, value]) => `pg_catalog.set_config('${name}', ${escapeLiteral(value)}, true)`,
    );
    return [`select ${all.join(", ")}`, ...extended];
  }

  /** A server that refuses one of the settings is asked once which, and gets the others. */
  async #learned(step: Extract<PortalStep, { type: "error" }>, isFrame: boolean): Promise<boolean> {
    const { client } = this.#session.connection;
    if (!isFrame || !step.alive || !isServerError(step.error) || refusedOutputs.has(client)) return false;
    // The zone is the person's: that there is none of the name is for them to know.
    if (step.error.code === "22023" || step.error.code === "57014") return false;
    const refused = new Set<Output>();
    try {
      const tried: readonly (readonly [Output, string])[] = [
        ...(Object.entries({ ...outputs, ...scans }) as [Output, string][]),
        ["timezone", "UTC"],
        ["search_path", "pg_catalog, pg_temp"],
      ];
      for (const one of tried) {
        const [name] = one;
        const text = setLocal(one);
        await client.query("rollback");
        await client.query("begin transaction read only");
        await client.query(text).catch((error: unknown) => {
          if (!isServerError(error)) throw error;
          refused.add(name);
        });
      }
      await client.query("rollback");
    } catch {
      this.#broken = true;
      return false;
    }
    refusedOutputs.set(client, refused);
    return (await this.enter()) === undefined;
  }

  #troubleOf(
    { error, alive }: Extract<PortalStep, { type: "error" }>,
    stopped: "cancelled" | "too-long" | undefined,
    statement: BuiltStatement,
    isFrame: boolean,
  ): ReadTrouble {
    if (!alive) this.#broken = true;
    if (!isServerError(error)) return stopped === undefined ? { why: "lost" } : { why: stopped };
    const isAsked = error.code === "57014" || error.code === "34000";
    if (isAsked && stopped !== undefined) return { why: stopped };
    return { why: "refused", error, about: isFrame ? null : aboutOf(error, statement) };
  }
}

/** A path is a list of names, each quoted by itself. */
function setLocal([name, value]: readonly [Output, string]): string {
  return `set local ${name} = ${name === "search_path" ? value : escapeLiteral(value)}`;
}

/**
 * The piece of a statement that an error is about: where its place lies in it, or, for a value that does not parse, the
 * parameter that the server's context names in every language as `$n`.
 */
function aboutOf(error: ServerError, { text, pieces }: BuiltStatement): string | number | null {
  const parameter = /\$(\d+)/.exec(error.where?.split("\n").at(-1) ?? "")?.[1];
  if (parameter !== undefined) {
    const number = Number(parameter);
    const found = pieces.find(
      ({ firstValue, values }) => number >= firstValue && number < firstValue + values,
    );
    if (found !== undefined) return found.of;
  }
  // Characters, from 1: a sign outside of the basic plane is one of them, and two here.
  const position = Number(error.position);
  if (!Number.isSafeInteger(position) || position < 1) return null;
  const place = [...text].slice(0, position - 1).join("").length;
  return pieces.find(({ start, end }) => place >= start && place < end)?.of ?? null;
}
