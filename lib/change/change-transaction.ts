import "server-only";
import type pg from "pg";
import { escapeIdentifier, escapeLiteral } from "pg";
import { outputs } from "#lib/browse/reading.ts";
import { built, type Sql } from "#lib/browse/sql-text.ts";
import { type Cancelling, cancelOrCut } from "#lib/session/cancel-or-cut.ts";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import { runTogether, type Together } from "#lib/session/run-together.ts";
import type { Statement } from "#lib/session/statement.ts";
import { statement } from "#lib/session/statement.ts";
import { isServerError, type ServerError } from "#lib/wire/server-error.ts";
import { serverText } from "#lib/wire/server-text.ts";

export interface TransactionAsk {
  /** That the page was read with. */
  readonly timeZone: string | undefined;
  /** Where operators of the table's types are, beside pg_catalog. */
  readonly operatorSchemas: readonly string[];
  /** Aborts when the person cancels or left: until it is committed everything is undone. */
  readonly signal: AbortSignal;
  /** Sends a CancelRequest for the session's backend, over a channel of its own. */
  readonly cancel: () => Promise<unknown>;
}

/** Whose names a statement sees: the system's alone, or what the person's session shows, as triggers and defaults need it. */
export type NamesSeen = "system" | "session";

/** The connection is gone, or was given up. */
export class TransactionGone extends Error {
  override readonly name = "TransactionGone";
}

/** How long a change waits for a lock, and for itself; how long the transaction may rest, for a connection that was cut; ms. */
const limits = {
  lock_timeout: 2_000,
  statement_timeout: 30_000,
  idle_in_transaction_session_timeout: 15_000,
} as const;
/** A server that is silent for so long after a packet of ours is not waited for any longer, ms. */
const silenceMs = 90_000;
/** What the answers to one packet may weigh. */
const mostBytes = 256 * 1024 * 1024;
const mostNotices = 20;

type Setting = keyof typeof outputs | keyof typeof limits | "timezone";

/** What a server that refuses some of the settings does not take. As long as the client lives. */
const refusedSettings = new WeakMap<pg.Client, Set<Setting>>();

/**
 * One transaction of changes, with what values look like set for it as pages have it, and the limits of changes. Every ask
 * is one packet. `ask`, `begin`, `commit` and `rollback` throw `TransactionGone` when the connection is gone.
 */
export class ChangeTransaction {
  readonly #session: PooledSession;
  readonly #ask: TransactionAsk;
  readonly #signal: AbortSignal;
  readonly #notices: string[] = [];
  readonly #onNotice = (notice: { readonly message?: string | undefined }) => {
    if (this.#notices.length < mostNotices) this.#notices.push(serverText(notice.message ?? ""));
  };
  #path: string | null = null;
  #seen: NamesSeen = "session";
  #isGone = false;
  #isOver = false;
  /** A cancellation was sent: it may still arrive. */
  #wasCancelled = false;

  constructor(session: PooledSession, ask: TransactionAsk) {
    this.#session = session;
    this.#ask = ask;
    this.#signal = AbortSignal.any([ask.signal, session.signal]);
    session.connection.client.on("notice", this.#onNotice);
  }

  get isCancelled(): boolean {
    return this.#signal.aborted;
  }

  /** What the server has said beside its answers. */
  get notices(): readonly string[] {
    return this.#notices;
  }

  /** @returns what the server has against it: a time zone that it does not know, say */
  async begin(mode: "read write" | "read only"): Promise<ServerError | undefined> {
    const { client } = this.#session.connection;
    for (;;) {
      const settings = this.#settings().filter(([name]) => !refusedSettings.get(client)?.has(name));
      const begun = await this.#send([
        statement(mode === "read only" ? "begin transaction read only" : "begin"),
        ...settings.map(([, text]) => statement(text)),
        statement("select pg_catalog.current_setting('search_path')"),
      ]);
      this.#seen = "session";
      if (begun.ok) {
        this.#path = begun.results.at(-1)?.rows[0]?.[0] ?? null;
        return undefined;
      }
      const setting = settings[begun.index - 1]?.[0];
      // The zone is the person's: that there is none of the name is for them to know.
      const isTheirs = setting === "timezone" && begun.error.code === "22023";
      if (setting === undefined || isTheirs || begun.error.code === "57014") return begun.error;
      const known = refusedSettings.get(client) ?? new Set<Setting>();
      refusedSettings.set(client, known.add(setting));
      await this.rollback();
    }
  }

  /** Statements in one packet. What one is refused for is told by its index among these. */
  async ask(names: NamesSeen, statements: readonly Sql[]): Promise<Together> {
    if (statements.length === 0) return { ok: true, results: [] };
    const path = this.#seen === names ? [] : [this.#pathFor(names)];
    const asked = await this.#send([...path, ...statements.map((one) => built(one))]);
    if (!asked.ok) return { ...asked, index: Math.max(0, asked.index - path.length) };
    this.#seen = names;
    return { ok: true, results: asked.results.slice(path.length) };
  }

  /** @returns what the server refused it for: a deferred constraint, say; it has rolled back then */
  async commit(): Promise<ServerError | "rolled-back" | undefined> {
    this.#isOver = true;
    // Deferred triggers are the person's, too.
    const path = this.#seen === "session" ? [] : [this.#pathFor("session")];
    const ended = await this.#send([...path, statement("commit")]);
    if (!ended.ok) return ended.error;
    return ended.results.at(-1)?.tag === "COMMIT" ? undefined : "rolled-back";
  }

  async rollback(): Promise<void> {
    if (this.#session.connection.client.getTransactionStatus() === "I") return;
    const undone = await this.#send([statement("rollback")]);
    if (undone.ok) return;
    this.#isGone = true;
    throw new TransactionGone("it would not roll back", { cause: undone.error });
  }

  /** Gives the session back, emptied; one that cannot be is closed. Never rejects. */
  async end(): Promise<void> {
    const { client } = this.#session.connection;
    client.off("notice", this.#onNotice);
    try {
      if (this.#isGone || this.#wasCancelled) return this.#session.discard();
      this.#isOver = true;
      await this.rollback();
      // Of a shared one nothing was set for longer than a transaction, and what is there is others'.
      if (!this.#session.learned.shared) {
        const emptied = await this.#send([statement("discard all")]);
        if (!emptied.ok) return this.#session.discard();
      }
      this.#session.release();
    } catch {
      this.#session.discard();
    }
  }

  #settings(): readonly (readonly [Setting, string])[] {
    const { timeZone } = this.#ask;
    return [
      ...Object.entries(limits).map(([name, ms]) => [name as Setting, `set local ${name} = ${ms}`] as const),
      ...Object.entries(outputs).map(
        ([name, value]) => [name as Setting, `set local ${name} = '${value}'`] as const,
      ),
      ...(timeZone === undefined
        ? []
        : [["timezone", `set local timezone = ${escapeLiteral(timeZone)}`] as const]),
    ];
  }

  #pathFor(names: NamesSeen): Statement {
    if (names === "session")
      return statement("select pg_catalog.set_config('search_path', $1, true)", this.#path);
    const schemas = this.#ask.operatorSchemas.map((schema) => escapeIdentifier(schema));
    return statement(`set local search_path = ${["pg_catalog", ...schemas, "pg_temp"].join(", ")}`);
  }

  async #send(statements: readonly Statement[]): Promise<Together> {
    if (this.#isGone || (!this.#isOver && this.#signal.aborted)) throw new TransactionGone();
    const { connection } = this.#session;
    const silence = setTimeout(() => connection.socket.destroy(), silenceMs);
    let cancelling: Cancelling | undefined;
    const onAbort = () => {
      // What is committed is committed; a rollback is what is wanted.
      if (this.#isOver) return;
      this.#wasCancelled = true;
      cancelling = cancelOrCut(connection, this.#ask.cancel);
    };
    this.#signal.addEventListener("abort", onAbort, { once: true });
    try {
      const together = await runTogether(connection, statements, mostBytes);
      if (this.#wasCancelled && !this.#isOver) throw new TransactionGone();
      return together;
    } catch (error) {
      if (error instanceof TransactionGone) throw error;
      this.#isGone = true;
      if (isServerError(error)) this.#notices.push(serverText(error.message));
      throw new TransactionGone("the connection broke", { cause: error });
    } finally {
      this.#signal.removeEventListener("abort", onAbort);
      clearTimeout(silence);
      await cancelling?.ended();
    }
  }
}
