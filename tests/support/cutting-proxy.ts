import net from "node:net";
import { freePort } from "#lib/samples/free-port.ts";
import { wireMessages } from "./wire-messages.ts";

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
  /** Breaks a connection when so many bytes of a side (`>` the client's) have been passed on from now. Undefined: never. */
  cutAfter(bytes: number | undefined, side?: ">" | "<"): void;
  /** Bytes of each side that were passed on since the last `cutAfter`. */
  readonly passed: { readonly ">": number; readonly "<": number };
  stop(): Promise<void>;
}

/** Starts one before a server on 127.0.0.1. */
export async function cuttingProxy(upstream: number): Promise<CuttingProxy> {
  const port = await freePort(["127.0.0.1"]);
  const seen: string[] = [];
  const sockets = new Set<net.Socket>();
  let cut: number | undefined;
  let when: CutWhen = "before";
  let cutBytes: { readonly at: number; readonly side: ">" | "<" } | undefined;
  const passed = { ">": 0, "<": 0 };
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
    const breakOff = () => {
      // What was passed on arrives; nothing comes back.
      client.destroy();
      if (!isUnheard) there.end();
    };
    /** @returns whether there is more to come */
    const write = (to: net.Socket, bytes: Buffer, side: ">" | "<"): boolean => {
      const room = cutBytes?.side === side ? cutBytes.at - passed[side] : Number.POSITIVE_INFINITY;
      passed[side] += Math.min(room, bytes.length);
      to.write(bytes.subarray(0, room));
      if (bytes.length < room) return true;
      cutBytes = undefined;
      breakOff();
      return false;
    };
    const pass = (from: net.Socket, to: net.Socket, sign: ">" | "<", isStart: boolean) => {
      const messages = wireMessages(isStart);
      from.on("data", (chunk: Buffer) => {
        for (const { kind, bytes } of messages(chunk)) {
          seen.push(`${sign}${kind}`);
          const isCut = cut !== undefined && seen.length >= cut;
          if ((!isCut || when === "after") && !write(to, bytes, sign)) return;
          if (!isCut) continue;
          cut = undefined;
          isUnheard = when === "unheard";
          breakOff();
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
    passed,
    cutAfter(bytes, side = ">") {
      passed[">"] = 0;
      passed["<"] = 0;
      cutBytes = bytes === undefined ? undefined : { at: bytes, side };
    },
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
