import net from "node:net";
import tls from "node:tls";

export interface RogueServer {
  readonly port: number;
  /** Everything that was sent to it, in the clear (after TLS, where it speaks TLS). */
  received(): Buffer;
  /** Connections taken so far. */
  accepted(): number;
  stop(): Promise<void>;
}

/** A line to one caller. */
export interface Line {
  readonly socket: net.Socket;
  /** The next `length` bytes from the caller. */
  read(length: number): Promise<Buffer>;
  /** The next message of protocol 3: with its type, or without for the startup message. */
  message(typed: boolean): Promise<Buffer>;
  send(...parts: readonly (Buffer | string)[]): void;
  /** Answers the request for TLS with 'S', and goes on in TLS; where TLS comes unasked (direct), at once. */
  secure(options: tls.TLSSocketOptions): Promise<Line>;
}

/** A TCP server that does what the script says to each caller, and remembers what it was told. */
export async function startRogue(script: (line: Line) => unknown): Promise<RogueServer> {
  const sockets = new Set<net.Socket>();
  const heard: Buffer[] = [];
  let accepted = 0;
  const server = net.createServer((socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    Promise.resolve(script(lineTo(socket, heard))).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    received: () => Buffer.concat(heard),
    accepted: () => accepted,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function lineTo(socket: net.Socket, heard: Buffer[]): Line {
  let bytes = Buffer.alloc(0);
  let wake = () => {};
  const onData = (chunk: Buffer) => {
    heard.push(chunk);
    bytes = Buffer.concat([bytes, chunk]);
    wake();
  };
  socket.on("data", onData);
  socket.on("close", () => wake());
  const read = async (length: number) => {
    while (bytes.length < length) {
      if (socket.destroyed) throw new Error("closed");
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const taken = bytes.subarray(0, length);
    bytes = bytes.subarray(length);
    return taken;
  };
  return {
    socket,
    read,
    async message(typed) {
      const head = await read(typed ? 5 : 4);
      return read(head.readInt32BE(typed ? 1 : 0) - 4);
    },
    send: (...parts) => {
      for (const part of parts) socket.write(part);
    },
    async secure(options) {
      const first = await read(1);
      // A TLS record, RFC 8446 section 5.1.
      const isDirect = first[0] === 0x16;
      if (!isDirect) await read(7);
      socket.off("data", onData);
      if (isDirect) {
        // What has been read goes back, for TLS to read it.
        socket.pause();
        socket.unshift(Buffer.concat([first, bytes]));
      } else socket.write("S");
      const secured = new tls.TLSSocket(socket, { isServer: true, ...options });
      secured.on("error", () => undefined);
      await new Promise((resolve) => secured.once("secure", resolve));
      return lineTo(secured, heard);
    },
  };
}

/** One message of the server: type, length, body. */
export function serverMessage(type: string, body: Buffer | string | readonly number[]): Buffer {
  const content = Buffer.from(body as Buffer);
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

/** An Authentication message. */
export function authentication(kind: number, rest: Buffer | string = ""): Buffer {
  const code = Buffer.alloc(4);
  code.writeInt32BE(kind);
  return serverMessage("R", Buffer.concat([code, Buffer.from(rest as string)]));
}

export const readyForQuery = serverMessage("Z", "I");

/** The head of a result with one column. */
export const oneColumn = serverMessage(
  "T",
  Buffer.concat([Buffer.from([0, 1]), Buffer.from("a\0"), Buffer.alloc(18)]),
);

/** Sends the same message for as long as somebody takes it. */
export function endless(line: Line, message: Buffer): void {
  const block = Buffer.concat(Array(Math.ceil(65536 / message.length)).fill(message));
  const pump = () => {
    while (!line.socket.destroyed && line.socket.write(block));
  };
  line.socket.on("drain", pump);
  pump();
}

/** Sends one byte after another, slowly, for as long as somebody waits. */
export function drip(line: Line, byte: string): void {
  const slow = setInterval(() => line.send(byte), 20);
  line.socket.on("close", () => clearInterval(slow));
}
