import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#lib/samples/free-port.ts";
import { wireMessages } from "./wire-messages.ts";

/** A way to a server that is slow at one message, in plain text. */
export interface SlowingProxy {
  readonly port: number;
  /** What came since the last `slowAt`, by kind: `>P` a Parse of the client's, `<Z` the server's ReadyForQuery. */
  readonly seen: readonly string[];
  /**
   * Holds the so many-th message from now on, and what comes behind it on its side, for so long, ms. As a network does, it
   * brings what a client sent to the server, even where the client has given up meanwhile. Undefined: never.
   */
  slowAt(message: number | undefined, ms?: number): void;
  /** Settles when nothing is under way any more. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one before a server on 127.0.0.1. */
export async function slowingProxy(upstream: number): Promise<SlowingProxy> {
  const port = await freePort(["127.0.0.1"]);
  const sockets = new Set<net.Socket>();
  const underWay = new Set<Promise<void>>();
  const seen: string[] = [];
  let slow: { readonly at: number; readonly ms: number } | undefined;

  /** Passes messages on in their order, each when those before it have gone. */
  const pass = (from: net.Socket, to: net.Socket, isClient: boolean) => {
    const messages = wireMessages(isClient);
    let last: Promise<void> = Promise.resolve();
    const queue = (work: () => Promise<void> | void) => {
      last = last.then(work);
      const mine = last;
      underWay.add(mine);
      void mine.finally(() => underWay.delete(mine));
    };
    from.on("data", (chunk: Buffer) => {
      for (const { kind, bytes } of messages(chunk)) {
        seen.push(`${isClient ? ">" : "<"}${kind}`);
        const held = seen.length === slow?.at ? slow.ms : 0;
        queue(async () => {
          if (held > 0) await sleep(held);
          if (!to.destroyed) to.write(bytes);
        });
      }
    });
    from.on("close", () => queue(() => void to.end()));
  };

  const server = net.createServer((client) => {
    const there = net.connect({ host: "127.0.0.1", port: upstream });
    for (const socket of [client, there]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    pass(client, there, true);
    pass(there, client, false);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port,
    seen,
    slowAt: (message, ms = 0) => {
      seen.length = 0;
      slow = message === undefined ? undefined : { at: message, ms };
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
