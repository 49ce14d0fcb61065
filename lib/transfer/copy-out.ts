import "server-only";
import type net from "node:net";
import type { Connection, Submittable } from "pg";
import { afterError } from "#lib/wire/after-error.ts";
import { extendedProtocol } from "#lib/wire/pg-internals.ts";
import { isServerError } from "#lib/wire/server-error.ts";

/**
 * `COPY … TO STDOUT` over the extended protocol: the server itself refuses a text that ends the COPY and runs something
 * else (42601), which over the simple protocol it would run. Rows come a message each and are gathered into pieces; while
 * nobody takes them, the socket is not read, and the server waits.
 *
 * Pieces are copies: the driver hands out views of a buffer that it uses again.
 */
export class CopyOut implements Submittable {
  readonly #text: string;
  readonly #socket: net.Socket;
  #piece: Buffer | undefined;
  #filled = 0;
  readonly #ready: Buffer[] = [];
  #readyBytes = 0;
  #isPaused = false;
  #isDropping = false;
  #wake: (() => void) | undefined;
  #isFlushing = false;
  #over: { readonly error: Error | undefined; readonly alive: boolean } | undefined;
  /** Messages of data: one a row, and one for the names of the columns. */
  messages = 0;

  /** @param text one COPY; @param socket that its connection is read from */
  constructor(text: string, socket: net.Socket) {
    this.#text = text;
    this.#socket = socket;
  }

  /** Called by the client when its turn has come. */
  submit(connection: Connection): void {
    const wire = extendedProtocol(connection);
    wire.stream.cork();
    wire.parse({ text: this.#text });
    wire.bind({});
    wire.execute({});
    wire.sync();
    wire.stream.uncork();
  }

  /**
   * The next piece; undefined when all was taken.
   * @throws what the server or the driver said: the file is not whole then. `alive` tells whether the session goes on
   */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const piece = this.#ready.shift();
      if (piece !== undefined) {
        this.#readyBytes -= piece.length;
        if (this.#isPaused && this.#readyBytes <= resumeBytes) this.#resume();
        return piece;
      }
      if (this.#over !== undefined) {
        if (this.#over.error !== undefined) throw this.#over.error;
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#filled > 0) this.#flushSoon();
      });
    }
  }

  /** Nothing more is taken: what still comes is dropped, so that the end can be heard. */
  drop(): void {
    this.#isDropping = true;
    this.#ready.length = 0;
    this.#readyBytes = 0;
    this.#filled = 0;
    this.#resume();
  }

  /** When it has ended, whichever way. @returns whether the session goes on */
  async ended(): Promise<boolean> {
    while (this.#over === undefined)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.#over.alive;
  }

  handleCopyData(message: { readonly chunk: Buffer }): void {
    if (this.#isDropping) return;
    this.messages += 1;
    const { chunk } = message;
    if (this.#piece !== undefined && this.#filled + chunk.length > pieceBytes) this.#flush();
    if (chunk.length > pieceBytes) {
      this.#push(Buffer.from(chunk));
      return;
    }
    this.#piece ??= Buffer.allocUnsafe(pieceBytes);
    this.#filled += chunk.copy(this.#piece, this.#filled);
    // Whoever waits is not to wait for a whole piece where rows come slowly.
    if (this.#wake !== undefined) this.#flushSoon();
  }

  handleCommandComplete(): void {
    this.#flush();
  }

  handleReadyForQuery(): void {
    this.#end(undefined, true);
  }

  handleError(error: Error, connection: Connection): void {
    this.#flush();
    if (!isServerError(error)) {
      this.#end(error, false);
      return;
    }
    afterError(connection, (alive) => this.#end(error, alive));
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  /** `COPY … FROM STDIN` is nothing that is sent here. */
  handleCopyInResponse(connection: Connection): void {
    extendedProtocol(connection).sendCopyFail("there is no input here");
  }

  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => {
      this.#isFlushing = false;
      if (this.#wake !== undefined) this.#flush();
    });
  }

  #flush(): void {
    if (this.#piece === undefined || this.#filled === 0) return;
    const piece = this.#piece.subarray(0, this.#filled);
    // What is left of a large one is not kept for the sake of a few bytes.
    this.#push(piece.length * 2 < pieceBytes ? Buffer.from(piece) : piece);
    if (piece.length * 2 >= pieceBytes) this.#piece = undefined;
    this.#filled = 0;
  }

  #push(piece: Buffer): void {
    this.#ready.push(piece);
    this.#readyBytes += piece.length;
    if (!this.#isPaused && this.#readyBytes >= pauseBytes) {
      this.#isPaused = true;
      this.#socket.pause();
    }
    this.#woken();
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#socket.resume();
  }

  #end(error: Error | undefined, alive: boolean): void {
    if (this.#over !== undefined) return;
    this.#over = { error, alive };
    this.#woken();
  }

  #woken(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}

/** Each piece costs the way through the framework: measured, 256 kB take a third of the time of 64 kB. */
const pieceBytes = 256 * 1024;
/** The socket is not read while so much waits to be taken. */
const pauseBytes = 1024 * 1024;
const resumeBytes = 256 * 1024;
