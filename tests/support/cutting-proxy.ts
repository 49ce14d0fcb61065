import net from "node:net";
import { freePort } from "#lib/samples/free-port.ts";

export type CutWhen = "before" | "after" | "unheard";

/** A way to a server that breaks off at one message, in plain text. */
export interface CuttingProxy {
  readonly port: number;
  /** What went through since the last `cutAt`, by kind: `>P` a Parse of the client's, `<Z` the server's ReadyForQuery. */
  readonly seen: readonly string[];
  /**
   * Breaks a connection at the so many-th message from now on, before or after it was passed on; `unheard`: before, and the
   * server is not told that nobody is there any more. Undefined: never.
   */
  cutAt(message: number | undefined, when?: CutWhen): void;
  stop(): Promise<void>;
}

/** Starts one before a server on 127.0.0.1. */
export async function cuttingProxy(upstream: number): Promise<CuttingProxy> {
  const port = await freePort(["127.0.0.1"]);
  const seen: string[] = [];
  const sockets = new Set<net.Socket>();
  let cut: number | undefined;
  let when: CutWhen = "before";
  const server = net.createServer((client) => {
    const there = net.connect({ host: "127.0.0.1", port: upstream });
    const both = [client, there];
    let isUnheard = false;
    for (const socket of both) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        if (!isUnheard) for (const one of both) one.destroy();
        sockets.delete(socket);
      });
    }
    const pass = (from: net.Socket, to: net.Socket, sign: string, isStart: boolean) => {
      let rest = Buffer.alloc(0);
      let starting = isStart;
      from.on("data", (chunk: Buffer) => {
        rest = Buffer.concat([rest, chunk]);
        for (;;) {
          // The first message of a client has no kind.
          const head = starting ? 0 : 1;
          if (rest.length < head + 4) return;
          const length = head + rest.readInt32BE(head);
          if (rest.length < length) return;
          const message = rest.subarray(0, length);
          rest = rest.subarray(length);
          seen.push(`${sign}${starting ? "start" : String.fromCharCode(message[0] ?? 0)}`);
          starting = false;
          const isCut = cut !== undefined && seen.length >= cut;
          if (!isCut || when === "after") to.write(message);
          if (!isCut) continue;
          cut = undefined;
          isUnheard = when === "unheard";
          // What was passed on arrives; nothing comes back.
          client.destroy();
          if (!isUnheard) there.end();
          return;
        }
      });
    };
    pass(client, there, ">", true);
    pass(there, client, "<", false);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port,
    seen,
    cutAt(message, how = "before") {
      seen.length = 0;
      cut = message;
      when = how;
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
