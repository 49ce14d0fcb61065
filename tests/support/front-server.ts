import net from "node:net";
import tls from "node:tls";
import type { SampleCertificate } from "#lib/samples/certificates.ts";

/** What a relative of PostgreSQL does not know: the first that fits a statement refuses it. */
export interface Refusal {
  readonly statement: RegExp;
  readonly sqlstate: string;
  readonly message: string;
  /** Only where it comes by the extended protocol. */
  readonly parsed?: true;
}

/** The SQLSTATE of what is taken, and does nothing. */
export const ignored = "00000";

export interface FrontOptions {
  /** Where the real PostgreSQL listens, in plain text. */
  readonly upstream: number;
  /** Left out, the front speaks plain text. */
  readonly certificate?: Pick<SampleCertificate, "chainPem" | "keyPem">;
  readonly refuses?: readonly Refusal[];
  /**
   * Each error comes by itself, and what the server says behind it so many ms later: PostgreSQL sends it on its own, and
   * a network may deliver it so.
   */
  readonly errorsAheadMs?: number;
  /** Refuses a session by its start: the answer's SQLSTATE and text. */
  readonly refusesStart?: (
    start: Start,
  ) => { readonly sqlstate: string; readonly message: string } | undefined;
  /** At a statement that fits it says so as FATAL and hangs up, as a pooler does that takes no transactions. */
  readonly hangsUpAt?: Refusal;
}

/** How a session began. */
export interface Start {
  readonly sni: string | null;
  readonly direct: boolean;
  readonly parameters: ReadonlyMap<string, string>;
}

export interface FrontServer {
  readonly port: number;
  /** Sessions in the order they began. */
  readonly starts: readonly Start[];
  /** Statements as the client sent them. */
  readonly statements: readonly string[];
  stop(): Promise<void>;
}

/**
 * A server that is not quite PostgreSQL: a real one with some of its ways taken away. A refused statement is replaced,
 * on its way, by one that fails with the wanted error: so the session and its transaction are in the state that the
 * real server puts them in.
 */
export async function startFront(options: FrontOptions): Promise<FrontServer> {
  const sockets = new Set<net.Socket>();
  const keep = (socket: net.Socket) => {
    sockets.add(socket);
    // Each message as it comes: else the two ends wait for each other, 40 ms a time.
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const starts: Start[] = [];
  const statements: string[] = [];
  const server = net.createServer((socket) => {
    keep(socket);
    serve(socket, options, { starts, statements, keep }).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    starts,
    statements,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

interface Notes {
  readonly starts: Start[];
  readonly statements: string[];
  readonly keep: (socket: net.Socket) => void;
}

const sslRequest = 80_877_103;
const cancelRequest = 80_877_102;

async function serve(raw: net.Socket, options: FrontOptions, notes: Notes): Promise<void> {
  const { certificate, upstream, refuses = [] } = options;
  let client: net.Socket = raw;
  let reader = new Reader(client);
  let direct = false;
  if (certificate !== undefined && (await reader.peek()) === 0x16) direct = true;
  else if (certificate !== undefined) {
    await reader.take(8);
    raw.write("S");
  }
  let sni: string | null = null;
  if (certificate !== undefined) {
    const rest = reader.release();
    if (rest.length > 0) raw.unshift(rest);
    const secured = new tls.TLSSocket(raw, {
      isServer: true,
      cert: certificate.chainPem,
      key: certificate.keyPem,
      ALPNProtocols: ["postgresql"],
      SNICallback: (name, done) => {
        sni = name;
        done(null, undefined);
      },
    });
    notes.keep(secured);
    client = secured;
    reader = new Reader(client);
  }
  const startup = await reader.untyped();
  const kind = startup.readInt32BE(4);
  const server = net.connect({ host: "127.0.0.1", port: upstream });
  notes.keep(server);
  client.on("close", () => server.destroy());
  server.on("close", () => client.end());
  if (kind === cancelRequest) {
    server.write(startup);
    return;
  }
  if (kind === sslRequest) throw new Error("asked for TLS twice");
  const start = { sni, direct, parameters: parametersOf(startup) };
  notes.starts.push(start);
  const refused = options.refusesStart?.(start);
  if (refused !== undefined) {
    client.end(errorResponse(refused.sqlstate, refused.message));
    return;
  }
  server.write(startup);
  if (options.errorsAheadMs === undefined) server.pipe(client);
  else sendErrorsAhead(server, client, options.errorsAheadMs).catch(() => client.destroy());
  for (;;) {
    const message = await reader.typed();
    const { hangsUpAt } = options;
    if (hangsUpAt?.statement.test(message.toString("utf8", 5))) {
      server.destroy();
      client.end(errorResponse(hangsUpAt.sqlstate, hangsUpAt.message));
      return;
    }
    server.write(rewritten(message, refuses, notes.statements));
  }
}

async function sendErrorsAhead(server: net.Socket, client: net.Socket, ms: number): Promise<void> {
  const reader = new Reader(server);
  for (;;) {
    const message = await reader.typed();
    client.write(message);
    if (message[0] === "E".charCodeAt(0)) await new Promise((resolve) => setTimeout(resolve, ms));
  }
}

function parametersOf(startup: Buffer): ReadonlyMap<string, string> {
  const texts = startup.subarray(8).toString("utf8").split("\0");
  const parameters = new Map<string, string>();
  for (let index = 0; index + 1 < texts.length && texts[index] !== ""; index += 2) {
    parameters.set(texts[index] ?? "", texts[index + 1] ?? "");
  }
  return parameters;
}

/** Query and Parse carry statements (protocol-message-formats); everything else passes. */
function rewritten(message: Buffer, refuses: readonly Refusal[], heard: string[]): Buffer {
  const type = String.fromCharCode(message[0] ?? 0);
  if (type === "Q") {
    const text = message.subarray(5, -1).toString("utf8");
    heard.push(text);
    // What the console sends of itself has no semicolon within a statement.
    const several = text.split(";").map((one) => {
      const refusal = refuses.find(({ statement, parsed }) => !parsed && statement.test(one));
      return refusal === undefined ? one : failing(refusal);
    });
    return query("Q", several.join(";"));
  }
  if (type === "P") {
    const nameEnd = message.indexOf(0, 5);
    const textEnd = message.indexOf(0, nameEnd + 1);
    const text = message.subarray(nameEnd + 1, textEnd).toString("utf8");
    heard.push(text);
    const refusal = refuses.find(({ statement }) => statement.test(text));
    if (refusal === undefined) return message;
    const name = message.subarray(5, nameEnd).toString("utf8");
    return query("P", `${name}\0${failing(refusal)}`, Buffer.from([0, 0]));
  }
  return message;
}

function failing({ sqlstate, message }: Refusal): string {
  if (sqlstate === ignored) return "do $front$ begin null; end $front$";
  const text = message.replaceAll("'", "''");
  return `do $front$ begin raise exception using errcode = '${sqlstate}', message = '${text}'; end $front$`;
}

function query(type: "Q" | "P", text: string, rest = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(`${text}\0`), rest]);
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export function errorResponse(sqlstate: string, message: string, severity = "FATAL"): Buffer {
  const body = Buffer.from(`S${severity}\0V${severity}\0C${sqlstate}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write("E", 0, "latin1");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Takes a stream apart, message by message. */
class Reader {
  readonly #socket: net.Socket;
  #bytes = Buffer.alloc(0);
  #wake: () => void = () => undefined;
  readonly #onData = (chunk: Buffer) => {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#wake();
  };

  constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.on("data", this.#onData);
    socket.on("close", () => this.#wake());
  }

  async peek(): Promise<number | undefined> {
    await this.#has(1);
    return this.#bytes[0];
  }

  async take(length: number): Promise<Buffer> {
    await this.#has(length);
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  async untyped(): Promise<Buffer> {
    await this.#has(4);
    return this.take(this.#bytes.readInt32BE(0));
  }

  async typed(): Promise<Buffer> {
    await this.#has(5);
    return this.take(this.#bytes.readInt32BE(1) + 1);
  }

  /** Stops reading. @returns what was read and not taken */
  release(): Buffer {
    this.#socket.off("data", this.#onData);
    this.#socket.pause();
    return this.#bytes;
  }

  async #has(length: number): Promise<void> {
    while (this.#bytes.length < length) {
      if (this.#socket.destroyed) throw new Error("closed");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
