import "server-only";
import type { EventEmitter } from "node:events";
import type net from "node:net";
import type { Client, Connection } from "pg";

/**
 * Everything of pg that this console uses and pg does not promise: its types do not say it, or its manual does not
 * (pg 8.23; lib/client.js, lib/connection.js). Nothing else reaches into the driver. `pg-internals.test.ts` fails first
 * when a new version has changed one of them.
 */

/** The extended protocol as pg's `Connection` writes it. */
export interface ExtendedProtocol {
  readonly stream: { cork(): void; uncork(): void };
  parse(message: { readonly text: string }): void;
  /** Values go as text, each as it is; `null` is SQL's NULL. */
  bind(message: { readonly portal?: string; readonly values?: readonly (string | null)[] }): void;
  /** A portal, or a statement that was parsed. */
  describe(message: { readonly type: "P" | "S"; readonly name: string }): void;
  /** Without `rows` all there are. */
  execute(message: { readonly portal?: string; readonly rows?: number }): void;
  close(message: { readonly type: "P"; readonly name: string }): void;
  flush(): void;
  sync(): void;
  sendCopyFail(reason: string): void;
  sendCopyFromChunk(piece: Buffer): void;
  endCopyFrom(): void;
  once(event: "readyForQuery" | "end", listener: () => void): void;
  off(event: "readyForQuery" | "end", listener: () => void): void;
}

/** The published types ask for arguments that the protocol does not have. */
export function extendedProtocol(connection: Connection): ExtendedProtocol {
  return connection as unknown as ExtendedProtocol;
}

/** The driver connects its stream by itself; for one that is connected already, its `connect` only says so. */
export function alreadyConnected<Stream extends net.Socket>(socket: Stream): Stream {
  const connect = () => {
    process.nextTick(() => socket.emit("connect"));
    return socket;
  };
  return Object.defineProperty(socket, "connect", { value: connect });
}

/**
 * What the driver sends at the start of a session. What is empty in its options it fills from PGOPTIONS, PGAPPNAME and
 * PGREPLICATION: set here, after it was made, it is what was asked for.
 */
export function setStartup(
  client: Client,
  startup: { readonly options: string | undefined; readonly applicationName: string },
): void {
  const { connectionParameters } = inside(client);
  connectionParameters.options = startup.options;
  connectionParameters.replication = undefined;
  connectionParameters.application_name = startup.applicationName;
  connectionParameters.fallback_application_name = undefined;
}

/** The driver keeps the password as plain text for as long as the client lives. It has done its work. */
export function forgetPassword(client: Client): void {
  client.password = "";
  inside(client).connectionParameters.password = "";
}

/** What a CancelRequest must carry: the BackendKeyData of the session's start; zeros where the server sent none. */
export function backendOf(client: Client): { readonly pid: number; readonly secretKey: number } {
  const { processID, secretKey } = inside(client);
  return { pid: processID ?? 0, secretKey: secretKey ?? 0 };
}

/**
 * Puts a check before the driver's own answer to a message of the server: its listeners are called only when `check`
 * gives true. To be called between `client.connect()` and the first message, when the driver listens already.
 * @param when where the driver's answer takes long: says when it is made; what it rejects with breaks the connection
 */
export function beforeTheDriver<Message>(
  connection: EventEmitter,
  event: string,
  check: (message: Message) => boolean,
  when?: (message: Message, answer: () => Promise<unknown>) => Promise<unknown>,
): void {
  const driver = connection.listeners(event);
  connection.removeAllListeners(event);
  connection.on(event, (message: Message) => {
    if (!check(message)) return;
    const answer = () => Promise.all(driver.map((listener) => listener(message)));
    if (when === undefined) for (const listener of driver) listener(message);
    else when(message, answer).catch((error: unknown) => connection.emit("error", error));
  });
}

interface DriverInside {
  readonly connectionParameters: {
    options: string | undefined;
    replication: string | undefined;
    application_name: string | undefined;
    fallback_application_name: string | undefined;
    password: string | undefined;
  };
  readonly processID: number | null;
  readonly secretKey: number | null;
}

function inside(client: Client): DriverInside {
  return client as unknown as DriverInside;
}
