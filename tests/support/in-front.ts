import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { processWide } from "#lib/process-wide.ts";
import { here } from "./transfer-console.ts";

/** What `bin/start.js` asks before the framework; it knows the door by its name alone. */
export interface InFront {
  readonly url: string;
  stop(): Promise<void>;
}

/** The status of what nobody takes in front. */
export const behind = 599;

/** A server that asks the front door as `bin/start.js` does, its doors open, for the host that `x-host` names. */
export async function inFront(): Promise<InFront> {
  const { openFrontDoors } = await import("#app/api/front-doors.ts");
  openFrontDoors();
  const server = createServer((request, response) => {
    request.headers.host = String(request.headers["x-host"] ?? here);
    const door = processWide<{ take?: Take }>("front-door", () => ({}));
    const taken = door.take?.(request, response);
    if (taken === undefined) response.writeHead(behind).end();
    else taken.catch(() => response.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

type Take = (request: IncomingMessage, response: ServerResponse) => Promise<void> | undefined;
