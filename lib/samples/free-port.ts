import "server-only";
import { createServer } from "node:net";

/**
 * A TCP port that is free on every given address, and that this process was not given before.
 * Another process may take it before you do: be ready to ask again.
 */
export async function freePort(addresses: readonly string[]): Promise<number> {
  for (;;) {
    const port = await listenOnce(addresses[0] ?? "127.0.0.1", 0);
    if (port === undefined) throw new Error(`No port is free on ${addresses[0]}`);
    if (given.has(port)) continue;
    given.add(port);
    const others = await Promise.all(addresses.slice(1).map((address) => listenOnce(address, port)));
    if (others.every((one) => one === port)) return port;
  }
}

/** Whether somebody could listen there at this moment. */
export async function isPortFree(host: string, port: number): Promise<boolean> {
  return (await listenOnce(host, port)) !== undefined;
}

/** Whether this machine has the IPv6 loopback address; containers often do not. */
export async function hasIpv6Loopback(): Promise<boolean> {
  return (await listenOnce("::1", 0)) !== undefined;
}

const given = new Set<number>();

function listenOnce(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? address?.port : undefined));
    });
  });
}
