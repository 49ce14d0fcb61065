import "server-only";
import type { Connection, Submittable } from "pg";
import type { LiveConnection } from "#lib/connect/connect.ts";
import { afterError } from "#lib/wire/after-error.ts";
import { extendedProtocol } from "#lib/wire/pg-internals.ts";
import { isServerError, type ServerError } from "#lib/wire/server-error.ts";
import type { QueryRow } from "./query-answer.ts";
import type { Statement } from "./statement.ts";

/** What became of statements that were sent together. */
export type Together =
  | { readonly ok: true; readonly results: readonly TogetherResult[] }
  /** The server refused the one of that index, and did none of those after it. */
  | { readonly ok: false; readonly index: number; readonly error: ServerError };

export interface TogetherResult {
  readonly rows: readonly QueryRow[];
  /** `UPDATE 1`. */
  readonly tag: string;
}

/**
 * Sends statements in one packet, each with its values, and one Sync behind them: a thousand changes cost one round trip.
 * Inside a transaction each sees what the ones before it did; outside, they are one implicit transaction.
 * @param bytes what all answers may weigh: beyond it the connection is cut
 * @returns the rows of each, or what the server refused; throws when the connection is gone
 */
export function runTogether(
  { client, inbound }: Pick<LiveConnection, "client" | "inbound">,
  statements: readonly Statement[],
  bytes: number,
): Promise<Together> {
  if (statements.length === 0) return Promise.resolve({ ok: true, results: [] });
  inbound.startResult(bytes, Number.POSITIVE_INFINITY);
  return new Promise((resolve, reject) => {
    client.query(new StatementsTogether(statements, resolve, reject));
  });
}

class StatementsTogether implements Submittable {
  readonly #statements: readonly Statement[];
  readonly #resolve: (together: Together) => void;
  readonly #reject: (error: Error) => void;
  readonly #results: TogetherResult[] = [];
  #rows: QueryRow[] = [];
  #connection: Connection | undefined;
  #over = false;

  constructor(
    statements: readonly Statement[],
    resolve: (together: Together) => void,
    reject: (error: Error) => void,
  ) {
    this.#statements = statements;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: Connection): void {
    this.#connection = connection;
    const wire = extendedProtocol(connection);
    wire.stream.cork();
    let parsed: string | undefined;
    for (const { text, values } of this.#statements) {
      // Rows that are changed alike are one statement with other values: it stands until the next one is parsed.
      if (text !== parsed) wire.parse({ text });
      parsed = text;
      wire.bind({ values });
      wire.execute({});
    }
    wire.sync();
    wire.stream.uncork();
  }

  handleRowDescription(): void {}

  handleDataRow(message: { readonly fields: (string | null)[] }): void {
    this.#rows.push(message.fields);
  }

  handleCommandComplete(message: { readonly text: string }): void {
    this.#results.push({ rows: this.#rows, tag: message.text });
    this.#rows = [];
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: "" });
  }

  handlePortalSuspended(): void {}

  handleCopyInResponse(): void {
    if (this.#connection !== undefined)
      extendedProtocol(this.#connection).sendCopyFail("COPY FROM STDIN has no input here");
  }

  handleCopyData(): void {}

  handleError(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    const connection = this.#connection;
    if (connection === undefined || !isServerError(error)) {
      this.#reject(error);
      return;
    }
    afterError(connection, (alive) => {
      if (alive) this.#resolve({ ok: false, index: this.#results.length, error });
      else this.#reject(error);
    });
  }

  handleReadyForQuery(): void {
    if (this.#over) return;
    this.#over = true;
    this.#resolve({ ok: true, results: this.#results });
  }
}
