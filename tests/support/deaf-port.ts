import { spawn } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface DeafPort {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * A port on loopback that answers no further caller, as behind a firewall that drops packets: a process listens and
 * never accepts, and its short queue is full. (Linux drops what comes then; other systems may refuse it.)
 */
export async function startDeafPort(): Promise<DeafPort> {
  const child = spawn(process.execPath, ["--eval", listenAndSleep], { stdio: ["ignore", "pipe", "inherit"] });
  const [told] = await once(child.stdout, "data");
  const port = Number(String(told));
  const queued: net.Socket[] = [];
  for (let isFull = false; !isFull && queued.length < 50; ) {
    const socket = net.connect(port, "127.0.0.1").on("error", () => undefined);
    queued.push(socket);
    isFull = await Promise.race([once(socket, "connect").then(() => false), sleep(500, true)]);
  }
  return {
    port,
    async stop() {
      for (const socket of queued) socket.destroy();
      if (child.kill("SIGKILL")) await once(child, "exit");
    },
  };
}

const listenAndSleep = `
  const server = require("node:net").createServer();
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    process.stdout.write(String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;
