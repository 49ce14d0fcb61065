import "server-only";
import { once } from "node:events";
import type net from "node:net";
import type { Connection, Submittable } from "pg";
import { afterError } from "#lib/wire/after-error.ts";
import { type ExtendedProtocol, extendedProtocol } from "#lib/wire/pg-internals.ts";
import { isServerError } from "#lib/wire/server-error.ts";
import { deferred } from "./deferred.ts";

/**
 * `COPY … FROM STDIN` over the extended protocol. What is given is sent as the server takes it; once the server has refused
 * a row, what follows is not sent any more.
 */
export class CopyIn implements Submittable {
  readonly #text: string;
  readonly #socket: net.Socket;
  #wire: ExtendedProtocol | undefined;
  #isSynced = false;
  #tag: string | undefined;
  readonly #takes = deferred<void>();
  readonly #over = deferred<number>();
  #isOver = false;

  constructor(text: string, socket: net.Socket) {
    this.#text = text;
    this.#socket = socket;
    // Whoever waits hears of it; where nobody does, it is nobody's surprise.
    this.#takes.promise.catch(() => undefined);
    this.#over.promise.catch(() => undefined);
  }

  submit(connection: Connection): void {
    const wire = extendedProtocol(connection);
    this.#wire = wire;
    wire.stream.cork();
    wire.parse({ text: this.#text });
    wire.bind({});
    wire.execute({});
    wire.flush();
    wire.stream.uncork();
  }

  /** Resolves when the server waits for rows; rejects with its refusal. */
  get taking(): Promise<void> {
    return this.#takes.promise;
  }

  /** Rows that were copied. Rejects with what the server or the driver said. */
  get ended(): Promise<number> {
    return this.#over.promise;
  }

  /** Sends a piece, and waits where the server takes none for now. */
  async write(piece: Uint8Array): Promise<void> {
    if (this.#isOver || this.#isSynced) return;
    this.#wire?.sendCopyFromChunk(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
    if (!this.#socket.writableNeedDrain) return;
    const drained = new AbortController();
    try {
      await Promise.race([
        once(this.#socket, "drain", { signal: drained.signal }),
        this.#over.promise.catch(() => undefined),
      ]);
    } finally {
      drained.abort();
    }
  }

  /** All was given. */
  end(): void {
    if (this.#isSynced) return;
    this.#wire?.endCopyFrom();
    this.#sync();
  }

  /** Nothing more comes, and what came is to be undone. */
  fail(reason: string): void {
    if (this.#isSynced) return;
    this.#wire?.sendCopyFail(reason);
    this.#sync();
  }

  handleCopyInResponse(): void {
    this.#takes.resolve();
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#tag = text;
    // A COPY that was answered without asking for rows.
    this.#sync();
  }

  handleReadyForQuery(): void {
    this.#finish(() => this.#over.resolve(Number(/\d+$/.exec(this.#tag ?? "")?.[0] ?? 0)));
  }

  handleError(error: Error, connection: Connection): void {
    if (!isServerError(error)) {
      this.#finish(() => this.#fail(error));
      return;
    }
    afterError(connection, () => this.#finish(() => this.#fail(error)));
    this.#sync();
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}

  #fail(error: Error): void {
    this.#takes.reject(error);
    this.#over.reject(error);
  }

  #finish(settle: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    settle();
  }

  #sync(): void {
    if (this.#isSynced) return;
    this.#isSynced = true;
    this.#wire?.sync();
  }
}
