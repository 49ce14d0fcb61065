import net from "node:net";
import pg from "pg";
import type { Attempt } from "#lib/connect/connect.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";

/** Opens a client of a sample server in plain text, without the ladder: for tests of what happens on a session. */
export async function openPlainly(profile: ConnectionProfile): Promise<Attempt> {
  const { host, port, database, user } = profile;
  const password = profile.secrets.password?.reveal() ?? "";
  const client = new pg.Client({ host, port, database, user, password, ssl: false });
  client.on("error", () => undefined);
  const inner = client as unknown as {
    connection: net.Socket & { stream: net.Socket };
    processID: number;
    secretKey: number;
  };
  const parameters = new Map<string, string>();
  inner.connection.on("parameterStatus", (said: { parameterName: string; parameterValue: string }) => {
    parameters.set(said.parameterName, said.parameterValue);
  });
  await client.connect();
  const report = { ok: true, problem: null, steps: [], tls: null, server: null, fallback: null, ms: 0 };
  return {
    report,
    connection: {
      client,
      socket: inner.connection.stream,
      inbound: {
        received: 0,
        ready: () => undefined,
        startResult: () => undefined,
        stop: () => undefined,
        breach: null,
        authentication: null,
      },
      report,
      parameters,
      backend: { pid: inner.processID, secretKey: inner.secretKey },
      close: () => client.end(),
    },
  };
}

/** Sends a CancelRequest in plain text. */
export function cancelPlainly(port: number, backend: { readonly pid: number; readonly secretKey: number }) {
  return new Promise<void>((resolve, reject) => {
    const message = Buffer.alloc(16);
    message.writeInt32BE(16, 0);
    message.writeInt32BE(80877102, 4);
    message.writeInt32BE(backend.pid, 8);
    message.writeInt32BE(backend.secretKey, 12);
    const socket = net.connect({ host: "127.0.0.1", port }, () => socket.write(message));
    socket.on("error", reject);
    socket.on("close", () => resolve());
    socket.resume();
  });
}
