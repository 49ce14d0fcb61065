import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "#lib/samples/free-port.ts";
import type { SampleServer } from "#lib/samples/postgres-server.ts";

/** Where Debian lays the programs of a version. */
const folderOf = (version: number) => `/usr/lib/postgresql/${version}/bin`;

/** Whether this machine has the server of a version beside the one that comes with the tests. */
export function hasSystemPostgres(version: number): boolean {
  return existsSync(join(folderOf(version), "postgres"));
}

/** Starts it on a free port, with a role `app`, and fills its one database. Ends by `stop`. */
export async function startSystemPostgres(
  version: number,
  fill: string,
): Promise<Pick<SampleServer, "port" | "admin" | "stop">> {
  const home = mkdtempSync(join(tmpdir(), "cloak-postgres-"));
  const user = unprivileged();
  if (user !== undefined) chownSync(home, user.uid, user.gid);
  const data = join(home, "data");
  const options = {
    ...user,
    cwd: home,
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C", NODE_ENV: "test" },
  } as const;
  const initdb = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale", "C"];
  execFileSync(join(folderOf(version), "initdb"), initdb, { ...options, stdio: "ignore" });
  const port = await freePort(["127.0.0.1"]);
  const settings = { port, listen_addresses: "127.0.0.1", unix_socket_directories: home, fsync: "off" };
  const given = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(join(folderOf(version), "postgres"), ["-D", data, ...given], {
    ...options,
    stdio: "ignore",
  });
  const admin: SampleServer["admin"] = async (sql, values, database = "postgres") => {
    const client = new pg.Client({
      host: "127.0.0.1",
      port,
      user: "postgres",
      database,
      ssl: false,
    });
    await client.connect();
    try {
      const result: unknown = values ? await client.query(sql, [...values]) : await client.query(sql);
      return (Array.isArray(result) ? result.at(-1) : (result as pg.QueryResult)).rows;
    } finally {
      await client.end();
    }
  };
  const stop = async () => {
    const ended = once(child, "exit");
    if (child.exitCode === null && child.kill("SIGINT")) await ended;
    rmSync(home, { recursive: true, force: true });
  };
  try {
    for (let tries = 0; ; tries += 1) {
      try {
        await admin(`create role app login; ${fill}`);
        return { port, admin, stop };
      } catch (error) {
        // It is not up yet, or it never will be.
        const isStarting = /ECONNREFUSED|starting up/.test(String(error));
        if (!isStarting || tries > 200 || child.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    }
  } catch (error) {
    await stop();
    throw error;
  }
}

/** PostgreSQL does not run as root. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [, , uid, gid] = /^nobody:.*$/m.exec(readFileSync("/etc/passwd", "utf8"))?.[0].split(":") ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}
