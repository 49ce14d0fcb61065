import "server-only";
import type net from "node:net";
import { beforeData } from "./node-internals.ts";

/** How much a server may send. */
export interface InboundLimits {
  /** Until the session is ready, bytes in all. */
  readonly startBytes: number;
  /** One message, bytes. */
  readonly messageBytes: number;
  /** One result, bytes, where the caller says nothing else. */
  readonly resultBytes: number;
  /** Notices in one result. */
  readonly notices: number;
  /** PostgreSQL's own limit (MaxTupleAttributeNumber). */
  readonly columns: number;
}

export const defaultInboundLimits: InboundLimits = {
  startBytes: 64 * 1024,
  messageBytes: 16 * 1024 * 1024,
  resultBytes: 64 * 1024 * 1024,
  notices: 1000,
  columns: 1664,
};

export interface InboundMeter {
  /** Bytes of PostgreSQL messages received so far. */
  readonly received: number;
  /** The last kind of sign-in the server asked for (the number in its Authentication message); null before. */
  readonly authentication: number | null;
  /** Set when the server went too far; the socket is destroyed then. */
  readonly breach: SocketBreach | null;
  /** The session is ready: the small limit of the start falls away, and the first result may begin. */
  ready(): void;
  /**
   * A new result begins: at most `maxBytes` may come until the next call, and so many notices.
   * A statement may raise any number of them honestly: who counts and drops them may lift that limit.
   */
  startResult(maxBytes: number, maxNotices?: number): void;
  /** Whoever reads the messages found that the server went too far: the socket is destroyed. */
  stop(reason: BreachReason): void;
}

export type BreachReason = "start" | "message" | "result" | "notices" | "columns" | "rows" | "malformed";

/** The server sent more than it may, or what is no PostgreSQL message. The socket is destroyed with this error. */
export class SocketBreach extends Error {
  readonly reason: BreachReason;
  /** The limit in bytes or pieces; 0 where there is none. */
  readonly limit: number;

  constructor(reason: BreachReason, limit: number, options?: ErrorOptions) {
    super(`the server went over a limit: ${reason}`, options);
    this.name = "SocketBreach";
    this.reason = reason;
    this.limit = limit;
  }
}

/**
 * Stands between a socket and the driver that reads it: counts bytes, reads the header of every message
 * (https://www.postgresql.org/docs/18/protocol-message-formats.html), and destroys the socket when the server
 * goes too far. What breaks a limit never reaches the driver: pg 8.23 grows without bound on a giant length,
 * loops for ever on an error message without its end, and throws out of the event loop on a negative count.
 *
 * Call it before the driver listens.
 */
export function meterSocket(socket: net.Socket, limits: InboundLimits = defaultInboundLimits): InboundMeter {
  const reader = new MessageReader(limits, (reason) => stop(new SocketBreach(reason, 0)));
  const stop = (breach: SocketBreach): false => {
    reader.breach ??= breach;
    socket.destroy(reader.breach);
    return false;
  };
  beforeData(socket, (chunk, passOn) => {
    if (reader.breach !== null) return false;
    const breach = reader.read(chunk);
    if (breach !== null) return stop(breach);
    try {
      return passOn();
    } catch (cause) {
      return stop(new SocketBreach("malformed", 0, { cause }));
    }
  });
  return reader;
}

/** Follows the messages through the chunks without keeping any of them. */
class MessageReader implements InboundMeter {
  readonly #limits: InboundLimits;
  readonly #header = Buffer.alloc(5);
  #headerLength = 0;
  #type = 0;
  #bodyLeft = 0;
  #bodySeen = 0;
  /** The first four and the last two bytes of the body: enough for what is checked. */
  readonly #first = Buffer.alloc(4);
  #last = 0;
  #windowBytes = 0;
  #windowLimit: number;
  #windowReason: BreachReason = "start";
  #notices = 0;
  #noticeLimit: number;
  received = 0;
  authentication: number | null = null;
  breach: SocketBreach | null = null;

  readonly stop: (reason: BreachReason) => void;

  constructor(limits: InboundLimits, stop: (reason: BreachReason) => void) {
    this.stop = stop;
    this.#limits = limits;
    this.#windowLimit = limits.startBytes;
    this.#noticeLimit = limits.notices;
  }

  ready(): void {
    this.startResult(this.#limits.resultBytes);
  }

  startResult(maxBytes: number, maxNotices = this.#limits.notices): void {
    this.#windowBytes = 0;
    this.#windowLimit = maxBytes;
    this.#windowReason = "result";
    this.#notices = 0;
    this.#noticeLimit = maxNotices;
  }

  read(chunk: Buffer): SocketBreach | null {
    this.received += chunk.length;
    this.#windowBytes += chunk.length;
    if (this.#windowBytes > this.#windowLimit) return new SocketBreach(this.#windowReason, this.#windowLimit);
    let at = 0;
    while (at < chunk.length) {
      if (this.#bodyLeft === 0) {
        at = this.#readHeader(chunk, at);
        if (this.#headerLength < 5) return null;
        const breach = this.#beginBody();
        if (breach !== null) return breach;
      } else {
        at = this.#readBody(chunk, at);
      }
      if (this.#bodyLeft === 0) {
        this.#headerLength = 0;
        const breach = this.#endBody();
        if (breach !== null) return breach;
      }
    }
    return null;
  }

  #readHeader(chunk: Buffer, at: number): number {
    const taken = chunk.copy(this.#header, this.#headerLength, at, at + 5 - this.#headerLength);
    this.#headerLength += taken;
    return at + taken;
  }

  #beginBody(): SocketBreach | null {
    const length = this.#header.readUInt32BE(1);
    this.#type = this.#header[0] ?? 0;
    this.#bodySeen = 0;
    this.#first.fill(0);
    this.#last = 0xffff;
    if (length < 4) return new SocketBreach("malformed", 0);
    this.#bodyLeft = length - 4;
    if (length > this.#limits.messageBytes) return new SocketBreach("message", this.#limits.messageBytes);
    // Said at the header, so that nothing of it has to arrive first.
    if (this.#windowReason === "start" && length > this.#limits.startBytes)
      return new SocketBreach("start", this.#limits.startBytes);
    if (this.#type === types.notice) this.#notices += 1;
    return this.#notices > this.#noticeLimit ? new SocketBreach("notices", this.#noticeLimit) : null;
  }

  #readBody(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#bodyLeft);
    if (this.#bodySeen < 4) chunk.copy(this.#first, this.#bodySeen, at, end);
    for (let index = Math.max(at, end - 2); index < end; index += 1) {
      this.#last = ((this.#last << 8) | (chunk[index] ?? 0)) & 0xffff;
    }
    this.#bodySeen += end - at;
    this.#bodyLeft -= end - at;
    return end;
  }

  #endBody(): SocketBreach | null {
    const isReport = this.#type === types.error || this.#type === types.notice;
    // Fields end with a NUL each, and the list with one more; without it the driver would read on for ever.
    if (isReport && this.#last !== 0 && !(this.#bodySeen === 1 && (this.#last & 0xff) === 0)) {
      return new SocketBreach("malformed", 0);
    }
    const hasColumns = this.#type === types.rowDescription || this.#type === types.dataRow;
    if (hasColumns && this.#first.readUInt16BE(0) > this.#limits.columns) {
      return new SocketBreach("columns", this.#limits.columns);
    }
    if (this.#type === types.authentication) this.authentication = this.#first.readUInt32BE(0);
    return null;
  }
}

/** First bytes of the messages that are looked at. */
const types = {
  authentication: 0x52,
  error: 0x45,
  notice: 0x4e,
  rowDescription: 0x54,
  dataRow: 0x44,
} as const;
