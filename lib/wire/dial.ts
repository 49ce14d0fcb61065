import "server-only";
import net from "node:net";
import type { AttemptSteps } from "./attempt-steps.ts";
import type { Evidence } from "./evidence.ts";

/** RFC 8305 section 5: the next address is tried when the one before has not answered for so long. */
const staggerMs = 250;

/** Keepalive finds out that a server went away without a word, before the next statement waits for it. */
const socketOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 } as const;

/**
 * Dials the addresses, IPv6 and IPv4 in turn, a quarter of a second apart; the first to answer is kept. An earlier
 * one is not given up when a later one starts (Node's own way drops it, and a far server then never answers).
 * @returns a paused socket
 * @throws the first address's error when none answers; all of them are in the evidence
 */
export async function dial(
  steps: AttemptSteps,
  evidence: Evidence,
  addresses: readonly string[],
  port: number,
): Promise<net.Socket> {
  steps.begin("address");
  steps.note({ port });
  const sockets = new Set<net.Socket>();
  try {
    const socket = await steps.within(
      firstToAnswer(steps.signal, interleaved(addresses), port, evidence, sockets),
    );
    sockets.delete(socket);
    evidence.dialled = socket.remoteAddress ?? null;
    steps.note({ address: evidence.dialled, family: socket.remoteFamily ?? "" });
    return socket;
  } finally {
    for (const socket of sockets) socket.destroy();
    const errors = evidence.addressErrors.map(({ address, code }) => `${address} ${code}`);
    if (errors.length > 0) steps.note({ errors });
  }
}

function firstToAnswer(
  signal: AbortSignal,
  addresses: readonly string[],
  port: number,
  evidence: Evidence,
  sockets: Set<net.Socket>,
): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    let open = 0;
    let next = 0;
    let timer: NodeJS.Timeout | undefined;
    let firstError: unknown;
    const tryNext = () => {
      clearTimeout(timer);
      if (signal.aborted) return;
      const address = addresses[next];
      if (address === undefined) {
        if (open === 0) reject(firstError ?? new Error("no address to dial"));
        return;
      }
      next += 1;
      open += 1;
      const place = address.startsWith("/") ? { path: address } : { host: address, port };
      const socket = net.connect({ ...place, ...socketOptions });
      sockets.add(socket);
      // Nobody reads yet: what the server says early must wait for the one who will.
      socket.pause();
      // An error at a moment when nobody listens must not end the process; those who wait hear it too.
      socket.on("error", () => {});
      const failed = (error: Error & { code?: string }) => {
        open -= 1;
        firstError ??= error;
        evidence.addressErrors.push({ address, code: error.code ?? "unknown" });
        sockets.delete(socket);
        tryNext();
      };
      socket.once("error", failed);
      socket.once("connect", () => {
        clearTimeout(timer);
        next = addresses.length;
        socket.off("error", failed);
        resolve(socket);
      });
      if (next < addresses.length) timer = setTimeout(tryNext, staggerMs);
    };
    tryNext();
  });
}

/** RFC 8305 section 4: the resolver's first choice, then the families in turn. */
function interleaved(addresses: readonly string[]): string[] {
  const first = net.isIPv6(addresses[0] ?? "") ? 6 : 4;
  const preferred = addresses.filter((address) => net.isIP(address) === first);
  const others = addresses.filter((address) => net.isIP(address) !== first);
  return preferred
    .flatMap((address, index) => {
      const other = others[index];
      return other === undefined ? [address] : [address, other];
    })
    .concat(others.slice(preferred.length));
}
