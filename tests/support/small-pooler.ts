import { randomInt } from "node:crypto";
import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import pg from "pg";
import { errorResponse } from "./front-server.ts";
import type { Pooler, PoolerOptions } from "./pooler.ts";

/**
 * Does what PgBouncer does, and no more: clients that come and go share a few server sessions, each for one transaction
 * or statement. So the ways of a pooler are tested also where PgBouncer is not installed. Lets everybody in.
 */
export async function startSmallPooler(
  options: PoolerOptions & {
    /** Hands out the key of its first server session, as if there were no pooler. */
    readonly disguised?: true;
  },
): Promise<Pooler> {
  const servers = await Promise.all(
    Array.from({ length: options.poolSize }, () => openServer(options.upstream)),
  );
  const pool = new Pool(servers, options.mode);
  const sockets = new Set<net.Socket>();
  const listener = net.createServer((raw) => {
    sockets.add(raw);
    raw.on("error", () => raw.destroy());
    raw.on("close", () => sockets.delete(raw));
    serve(raw, options, pool).catch(() => raw.destroy());
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

interface Server {
  readonly socket: net.Socket;
  readonly pid: number;
  readonly secretKey: number;
  readonly parameters: readonly (readonly [string, string])[];
  client: Client | undefined;
}

interface Client {
  readonly socket: net.Socket;
  server: Server | undefined;
  /** Messages that wait for a server. */
  readonly waiting: Buffer[];
  /** Queries and Syncs that are not answered yet. */
  open: number;
  /** Something was sent after the last Sync. */
  unsynced: boolean;
}

class Pool {
  readonly #servers: readonly Server[];
  readonly #mode: PoolerOptions["mode"];
  readonly #queue: Client[] = [];
  readonly keys = new Map<string, Client>();

  constructor(servers: readonly Server[], mode: PoolerOptions["mode"]) {
    this.#servers = servers;
    this.#mode = mode;
    for (const server of servers) {
      const messages = new Messages();
      server.socket.on("data", (chunk) => {
        for (const message of messages.take(chunk)) this.#fromServer(server, message);
      });
    }
  }

  get parameters(): Server["parameters"] {
    return this.#servers[0]?.parameters ?? [];
  }

  get firstKey(): Pick<Server, "pid" | "secretKey"> | undefined {
    return this.#servers[0];
  }

  fromClient(client: Client, message: Buffer): void {
    if (message[0] === kinds.terminate) return;
    client.waiting.push(message);
    if (client.server === undefined && !this.#queue.includes(client)) this.#queue.push(client);
    this.#link();
    this.#pass(client);
  }

  gone(client: Client): void {
    const place = this.#queue.indexOf(client);
    if (place >= 0) this.#queue.splice(place, 1);
    // What it left half-done is undone; PgBouncer throws the server session away instead.
    if (client.server !== undefined)
      client.server.socket.write(Buffer.concat([frame("S"), frame("Q", "rollback\0")]));
    client.open += 2;
    client.unsynced = false;
  }

  #link(): void {
    for (const server of this.#servers) {
      if (server.client !== undefined) continue;
      const client = this.#queue.shift();
      if (client === undefined) return;
      server.client = client;
      client.server = server;
      this.#pass(client);
    }
  }

  #pass(client: Client): void {
    const { server } = client;
    if (server === undefined) return;
    for (const message of client.waiting.splice(0)) {
      const ends = message[0] === kinds.query || message[0] === kinds.sync;
      if (ends) client.open += 1;
      client.unsynced = !ends;
      server.socket.write(message);
    }
  }

  #fromServer(server: Server, message: Buffer): void {
    const { client } = server;
    if (client === undefined) return;
    if (message[0] !== kinds.ready) {
      client.socket.write(message);
      return;
    }
    client.open -= 1;
    const isIdle = message[5] === 0x49;
    if (!isIdle && this.#mode === "statement" && !client.socket.destroyed) {
      // PgBouncer's own words.
      client.socket.end(errorResponse("08P01", "transaction blocks not allowed in statement pooling mode"));
      return;
    }
    client.socket.write(message);
    if (!isIdle || client.open > 0 || client.unsynced) return;
    server.client = undefined;
    client.server = undefined;
    if (client.waiting.length > 0) this.#queue.push(client);
    this.#link();
  }
}

const kinds = { query: 0x51, sync: 0x53, terminate: 0x58, ready: 0x5a } as const;
const cancelRequest = 80_877_102;

async function serve(
  raw: net.Socket,
  options: Parameters<typeof startSmallPooler>[0],
  pool: Pool,
): Promise<void> {
  let socket = raw;
  if (options.certificate !== undefined) {
    await once(raw, "readable");
    raw.read(8);
    raw.write("S");
    const { chainPem, keyPem } = options.certificate;
    socket = new tls.TLSSocket(raw, { isServer: true, cert: chainPem, key: keyPem });
    socket.on("error", () => socket.destroy());
  }
  const client: Client = { socket, server: undefined, waiting: [], open: 0, unsynced: false };
  const messages = new Messages({ startup: true });
  socket.on("close", () => pool.gone(client));
  socket.on("data", (chunk: Buffer) => {
    for (const message of messages.take(chunk)) {
      if (message[0] !== 0) pool.fromClient(client, message);
      else if (message.readInt32BE(4) === cancelRequest) passCancel(message, socket, pool, options.upstream);
      else welcome(client, pool, options.disguised ? pool.firstKey : undefined);
    }
  });
}

function welcome(client: Client, pool: Pool, given: Pool["firstKey"]): void {
  const pid = given?.pid ?? randomInt(1, 2 ** 31 - 1);
  const secretKey = given?.secretKey ?? randomInt(1, 2 ** 31 - 1);
  pool.keys.set(`${pid}:${secretKey}`, client);
  const key = Buffer.alloc(8);
  key.writeInt32BE(pid, 0);
  key.writeInt32BE(secretKey, 4);
  client.socket.write(
    Buffer.concat([
      frame("R", Buffer.alloc(4)),
      ...pool.parameters.map(([name, value]) => frame("S", `${name}\0${value}\0`)),
      frame("K", key),
      frame("Z", "I"),
    ]),
  );
}

function passCancel(message: Buffer, socket: net.Socket, pool: Pool, upstream: number): void {
  const server = pool.keys.get(`${message.readInt32BE(8)}:${message.readInt32BE(12)}`)?.server;
  if (server === undefined) {
    socket.end();
    return;
  }
  const request = Buffer.alloc(16);
  request.writeInt32BE(16, 0);
  request.writeInt32BE(cancelRequest, 4);
  request.writeInt32BE(server.pid, 8);
  request.writeInt32BE(server.secretKey, 12);
  const away = net.connect({ host: "127.0.0.1", port: upstream }, () => away.write(request));
  away.on("close", () => socket.end());
  away.on("error", () => socket.end());
  away.resume();
}

/** Signed in by the driver, which is then taken off the socket. */
async function openServer(port: number): Promise<Server> {
  const settings = { host: "127.0.0.1", port, user: "app", password: "secret", database: "postgres" };
  const client = new pg.Client(settings);
  const parameters: [string, string][] = [];
  client.connection.on("parameterStatus", (message: { parameterName: string; parameterValue: string }) => {
    parameters.push([message.parameterName, message.parameterValue]);
  });
  await client.connect();
  const inner = client as unknown as {
    connection: { stream: net.Socket };
    processID: number;
    secretKey: number;
  };
  const socket = inner.connection.stream;
  socket.removeAllListeners("data");
  socket.removeAllListeners("error");
  socket.removeAllListeners("close");
  socket.on("error", () => undefined);
  return { socket, pid: inner.processID, secretKey: inner.secretKey, parameters, client: undefined };
}

/** Cuts a stream into messages. The first of a client has no type: it is given with a 0 in front of its length. */
class Messages {
  #bytes = Buffer.alloc(0);
  #startup: boolean;

  constructor({ startup = false } = {}) {
    this.#startup = startup;
  }

  *take(chunk: Buffer): Generator<Buffer> {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    for (;;) {
      const head = this.#startup ? 0 : 1;
      if (this.#bytes.length < head + 4) return;
      const length = head + this.#bytes.readInt32BE(head);
      if (this.#bytes.length < length) return;
      const message = this.#bytes.subarray(0, length);
      this.#bytes = this.#bytes.subarray(length);
      this.#startup = false;
      yield message;
    }
  }
}

function frame(type: string, body: Buffer | string = ""): Buffer {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
}
