import { execFile, execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCertificate, type SampleCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";

let root: SampleCertificate;
let first: SampleCertificate;
let second: SampleCertificate;
let server: SampleServer;

beforeAll(async () => {
  root = await makeCertificate({ commonNames: ["Sample Root"], ca: true });
  first = await makeCertificate({ commonNames: ["first"], dns: ["localhost"], issuer: root });
  second = await makeCertificate({ commonNames: ["second"], dns: ["localhost"], issuer: root });
  server = await startPostgres({
    certificate: first,
    ca: root.pem,
    users: [{ name: "o'app", password: `it's "secret"` }],
    databases: ["shop"],
    fill: { shop: "create table item as select generate_series(1, 3) as id" },
  });
});

afterAll(() => server?.stop());

describe("a sample server", () => {
  test("is PostgreSQL 18 with its users, databases and rows", async () => {
    const rows = await server.admin(
      "select current_setting('server_version_num')::int / 10000 as major, count(*)::int from item",
      [],
      "shop",
    );
    expect(rows).toEqual([{ major: 18, count: 3 }]);
  });

  test.each(["127.0.0.1", "::1"])("speaks TLS on %s with the certificate it was given", async (host) => {
    if (host === "::1") expect(server.ipv6, "this machine has no ::1").toBe(true);
    expect(await peer(host)).toBe("first");
  });

  test("shows a swapped certificate to the next client at once", async () => {
    await server.swapCertificate(second);
    expect(await peer("127.0.0.1")).toBe("second");
    await server.swapCertificate(first);
    expect(await peer("127.0.0.1")).toBe("first");
  });

  test("holds a changed pg_hba.conf against the next client at once", async () => {
    await server.writeHba(["hostssl all all all reject"]);
    await expect(peer("127.0.0.1")).rejects.toThrow("pg_hba.conf rejects");
    await server.writeHba(["hostssl all all all scram-sha-256"]);
    expect(await peer("127.0.0.1")).toBe("first");
  });

  test("says when settings are refused, and goes on with the old ones", async () => {
    await expect(server.writeHba(["nonsense"])).rejects.toThrow("invalid connection type");
    await expect(server.swapCertificate({ chainPem: "none", keyPem: "none" })).rejects.toThrow(
      "could not load server certificate",
    );
    expect(await peer("127.0.0.1")).toBe("first");
  });

  test("asks clients for certificates when told to", async () => {
    const client = await makeCertificate({ commonNames: ["o'app"], issuer: root, purposes: ["clientAuth"] });
    await server.writeHba(["hostssl all all all scram-sha-256 clientcert=verify-full"]);
    await expect(peer("127.0.0.1")).rejects.toThrow("valid client certificate");
    expect(await peer("127.0.0.1", { cert: client.chainPem, key: client.keyPem })).toBe("first");
  });
});

test("stop() leaves no process and no file", async () => {
  const other = await startPostgres();
  expect(isRunning(other.pid)).toBe(true);
  expect(existsSync(other.socketFolder)).toBe(true);
  await other.stop();
  await other.stop();
  expect(isRunning(other.pid)).toBe(false);
  expect(existsSync(other.socketFolder)).toBe(false);
});

describe("whatever ends the process, nothing is left", () => {
  test.each(["exit", "exception", "SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])("%s", async (how) => {
    const { stdout, code, signal } = await runScript(how);
    const { pid, folder } = JSON.parse(stdout);
    expect(folder).toContain("cloak-db-samples-");
    expect({ code, signal }).toEqual(
      how.startsWith("SIG") ? { code: null, signal: how } : { code: how === "exit" ? 3 : 1, signal: null },
    );
    // Nobody can act on SIGKILL in the process itself: the watcher needs a moment.
    if (how === "SIGKILL") await expect.poll(() => existsSync(folder), { timeout: 5000 }).toBe(false);
    expect(existsSync(folder)).toBe(false);
    // Its pid file is gone; the process follows within the blink of an eye.
    await expect.poll(() => isRunning(pid), { timeout: 5000 }).toBe(false);
    const parent = path.basename(path.dirname(folder));
    await expect.poll(() => readdirSync(tmpdir()).includes(parent), { timeout: 5000 }).toBe(false);
  });
});

async function peer(host: string, more: { cert?: string; key?: string } = {}): Promise<string> {
  const client = new Client({
    host,
    port: server.port,
    user: "o'app",
    password: `it's "secret"`,
    database: "shop",
    ssl: { ca: root.pem, rejectUnauthorized: true, checkServerIdentity: () => undefined, ...more },
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { stream } = (client as unknown as { connection: { stream: import("node:tls").TLSSocket } })
      .connection;
    return String(stream.getPeerCertificate().subject.CN);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A process that has ended and waits for its parent to ask how is not running. */
function isRunning(pid: number): boolean {
  try {
    const state = execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return !state.startsWith("Z");
  } catch {
    return false;
  }
}

interface Ending {
  readonly stdout: string;
  readonly code: number | null;
  readonly signal: string | null;
}

async function runScript(how: string): Promise<Ending> {
  const script = `
    const { startPostgres } = await import("#lib/samples/postgres-server.ts");
    const server = await startPostgres();
    process.stdout.write(JSON.stringify({ pid: server.pid, folder: server.socketFolder }));
    const how = ${JSON.stringify(how)};
    if (how === "exit") process.exit(3);
    if (how === "exception") throw new Error("on purpose");
    setInterval(() => undefined, 1000);
    process.kill(process.pid, how);
  `;
  const args = ["--conditions=react-server", "--import", "tsx", "--input-type=module", "--eval", script];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return { stdout, code: 0, signal: null };
  } catch (error) {
    return error as Ending;
  }
}
