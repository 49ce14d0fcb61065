import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, chownSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#lib/samples/free-port.ts";
import type { Pooler, PoolerOptions } from "./pooler.ts";

/** Where PgBouncer is (Debian: `apt-get install pgbouncer`); undefined where it is not installed. */
export const pgbouncer = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/local/sbin"]
  .map((folder) => path.join(folder, "pgbouncer"))
  .find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Starts a PgBouncer of one's own, on a free port, with its files in a temporary folder. */
export async function startPgbouncer(options: PoolerOptions): Promise<Pooler> {
  if (pgbouncer === undefined) throw new Error("PgBouncer is not installed");
  const folder = mkdtempSync(path.join(tmpdir(), "pooler-"));
  const port = await freePort(["127.0.0.1"]);
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {};
  const keep = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text, { mode: 0o600 });
    if (user.uid !== undefined && user.gid !== undefined)
      chownSync(path.join(folder, name), user.uid, user.gid);
    return path.join(folder, name);
  };
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  const { certificate } = options;
  const tls =
    certificate === undefined
      ? ""
      : `client_tls_sslmode = require
client_tls_cert_file = ${keep("server.crt", certificate.chainPem)}
client_tls_key_file = ${keep("server.key", certificate.keyPem)}`;
  const settings = keep(
    "pgbouncer.ini",
    `[databases]
postgres = host=127.0.0.1 port=${options.upstream} dbname=postgres user=app password=secret
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${keep("users.txt", '"app" "secret"\n')}
pool_mode = ${options.mode}
default_pool_size = ${options.poolSize}
server_tls_sslmode = disable
server_round_robin = 1
${tls}
`,
  );
  const child = spawn(pgbouncer, [settings], { ...user, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`PgBouncer did not start: ${log}`);
    await sleep(20);
  }
  return {
    port,
    async stop() {
      process.off("exit", end);
      await stopped(child);
      rmSync(folder, { recursive: true });
    },
  };
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

function idOf(which: "-u" | "-g"): number {
  return Number(execFileSync("id", [which, "nobody"], { encoding: "utf8" }));
}
