import "server-only";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, escapeIdentifier, escapeLiteral } from "pg";
import { freePort, hasIpv6Loopback } from "./free-port.ts";
import type { PostgresPrograms } from "./postgres-programs.ts";
import { makeSampleFolder, type SampleFolder } from "./sample-folder.ts";
import { type SampleGround, sampleGround } from "./sample-ground.ts";
import { giveToServer, makeServerFolder, runAsServer, serverUser } from "./server-user.ts";

/** What a server shows; a `SampleCertificate` is one. */
export interface ServerCertificate {
  /** PEM, leaf first: sent as it is. */
  readonly chainPem: string;
  /** PEM, not encrypted. */
  readonly keyPem: string;
}

/** What can be changed while the server runs. */
export interface ServerSettings {
  /** Left out, the server has no TLS. */
  readonly certificate?: ServerCertificate;
  /** CA certificates for the clients' certificates, PEM (`ssl_ca_file`). */
  readonly ca?: string;
  /** Revocation lists for them, PEM (`ssl_crl_file`). */
  readonly crl?: string;
  /** Lines of pg_hba.conf; by default everybody comes in with a SCRAM password, with and without TLS. */
  readonly hba?: readonly string[];
  /** Lines of pg_ident.conf. */
  readonly ident?: readonly string[];
  /** More of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

export interface SampleServerOptions extends ServerSettings {
  readonly users?: readonly SampleUser[];
  /** Names of databases; `postgres` is always there. */
  readonly databases?: readonly string[];
  /** SQL that is run in the database of that name when all is set up. */
  readonly fill?: Readonly<Record<string, string>>;
}

export interface SampleUser {
  readonly name: string;
  readonly password?: string;
  readonly superuser?: boolean;
}

export interface SampleServer {
  readonly host: "127.0.0.1";
  readonly port: number;
  /** Whether it listens on `::1` too. */
  readonly ipv6: boolean;
  /** Where its unix socket lies. */
  readonly socketFolder: string;
  /** Process id of the postmaster. */
  readonly pid: number;
  /** Runs SQL as superuser over the unix socket; several statements when there are no values. */
  admin(sql: string, values?: readonly unknown[], database?: string): Promise<Record<string, unknown>[]>;
  /**
   * Changes the settings that are given, and returns when new connections meet them.
   * @throws when the server refuses them; the old ones hold then
   */
  change(settings: ServerSettings): Promise<void>;
  swapCertificate(certificate: ServerCertificate): Promise<void>;
  writeHba(lines: readonly string[]): Promise<void>;
  /** Reads all settings again; returns when they hold. @throws when the server refuses them */
  reload(): Promise<void>;
  /** The end of what the server wrote. */
  log(): string;
  /** Ends the process and removes its files. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL on a free port of 127.0.0.1 (and ::1 where there is one), with its own cluster in a
 * temporary folder. Takes about 0.2 s, the first one 0.6 s where no ground is laid yet. It never outlives this process.
 *
 * As root, PostgreSQL does not run: it is started as an unprivileged user then.
 * @throws when it does not start; the message has the server's own words
 */
export async function startPostgres(options: SampleServerOptions = {}): Promise<SampleServer> {
  const ground = await takeGround();
  try {
    for (let attempt = 1; ; attempt += 1) {
      const server = await startOn(ground, options);
      if (server) return server;
      if (attempt === 5) throw new Error("PostgreSQL found its port taken five times");
    }
  } catch (error) {
    await leaveGround();
    throw error;
  }
}

/** What the servers of this process share. */
interface Ground extends SampleGround {
  readonly folder: SampleFolder;
  readonly ipv6: boolean;
}

let ground: Promise<Ground> | undefined;
let tenants = 0;
let made = 0;

async function takeGround(): Promise<Ground> {
  tenants += 1;
  ground ??= layGround();
  try {
    return await ground;
  } catch (error) {
    ground = undefined;
    tenants -= 1;
    throw error;
  }
}

async function leaveGround(): Promise<void> {
  tenants -= 1;
  if (tenants > 0 || ground === undefined) return;
  const old = ground;
  ground = undefined;
  await (await old).folder.remove();
}

async function layGround(): Promise<Ground> {
  const folder = makeSampleFolder();
  try {
    return { ...(await sampleGround(folder.path)), folder, ipv6: await hasIpv6Loopback() };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Undefined when somebody else took the port first. */
async function startOn(
  { folder, programs, template, ipv6 }: Ground,
  options: SampleServerOptions,
): Promise<SampleServer | undefined> {
  made += 1;
  const home = path.join(folder.path, String(made));
  const data = path.join(home, "data");
  await makeServerFolder(home);
  await runAsServer("cp", ["-R", template, data], programs.env);

  const port = await freePort(ipv6 ? ["127.0.0.1", "::1"] : ["127.0.0.1"]);
  const base = {
    listen_addresses: ipv6 ? "127.0.0.1,::1" : "127.0.0.1",
    port,
    unix_socket_directories: home,
    ...smallSettings,
  };
  let current: ServerSettings = options;
  let generation = 1;
  const write = () => writeConfiguration(data, base, current, generation);
  await write();

  const { child, log } = launch(programs, data);
  const running = await readyOrEnded(child, log);
  if (!running || /could not bind|Address already in use/.test(log())) {
    await end(child);
    await rm(home, { recursive: true, force: true });
    if (/could not bind|Address already in use/.test(log())) return undefined;
    throw new Error(`PostgreSQL did not start:\n${log()}`);
  }

  const admin: SampleServer["admin"] = (sql, values, database = "postgres") =>
    query(home, port, database, sql, values);

  let stopping: Promise<void> | undefined;
  const server: SampleServer = {
    host: "127.0.0.1",
    port,
    ipv6,
    socketFolder: home,
    pid: child.pid ?? 0,
    admin,
    async change(settings) {
      const before = current;
      current = { ...current, ...settings };
      try {
        await server.reload();
      } catch (error) {
        current = before;
        await server.reload();
        throw error;
      }
    },
    swapCertificate: (certificate) => server.change({ certificate }),
    writeHba: (hba) => server.change({ hba }),
    async reload() {
      generation += 1;
      await write();
      child.kill("SIGHUP");
      await untilReloaded(admin, generation, log);
    },
    log,
    stop() {
      stopping ??= (async () => {
        await end(child);
        await rm(home, { recursive: true, force: true, maxRetries: 3 });
        await leaveGround();
      })();
      return stopping;
    },
  };
  try {
    await setUp(server, options);
  } catch (error) {
    await end(child);
    await rm(home, { recursive: true, force: true });
    throw error;
  }
  child.unref();
  return server;
}

const smallSettings = {
  fsync: false,
  max_connections: 40,
  shared_buffers: "16MB",
  // One worker less a server, and no standby needs the log.
  io_method: "sync",
  wal_level: "minimal",
  max_wal_senders: 0,
  max_logical_replication_workers: 0,
  max_wal_size: "64MB",
  min_wal_size: "5MB",
  jit: false,
  dynamic_shared_memory_type: "mmap",
  // What is matched in the log is matched in English.
  lc_messages: "C",
  log_timezone: "UTC",
  timezone: "UTC",
} as const;

const everybodyWithPassword = ["host all all all scram-sha-256"];

/**
 * The ssl settings stand in postgresql.conf and never on the command line, which would outrank the file and make
 * a reload change nothing.
 */
async function writeConfiguration(
  data: string,
  base: Readonly<Record<string, string | number | boolean>>,
  { certificate, ca, crl, hba, ident, settings }: ServerSettings,
  generation: number,
): Promise<void> {
  const files: Record<string, string> = {
    "server.crt": certificate?.chainPem ?? "",
    "server.key": certificate?.keyPem ?? "",
    "clients.crt": ca ?? "",
    "clients.crl": crl ?? "",
    "pg_hba.conf": lines(["local all postgres trust", ...(hba ?? everybodyWithPassword)]),
    "pg_ident.conf": lines(ident ?? []),
    "postgresql.conf": lines(
      Object.entries({
        ...base,
        ssl: certificate !== undefined,
        ssl_cert_file: "server.crt",
        ssl_key_file: "server.key",
        ssl_ca_file: ca === undefined ? "" : "clients.crt",
        ssl_crl_file: crl === undefined ? "" : "clients.crl",
        ...settings,
        // A setting of our own: a session that shows the new value was born after the reload.
        "cloak.generation": generation,
      }).map(([name, value]) => `${name} = ${settingValue(value)}`),
    ),
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writeForServer(path.join(data, name), text)));
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

function settingValue(value: string | number | boolean): string {
  return typeof value === "boolean" ? (value ? "on" : "off") : `'${String(value).replaceAll("'", "''")}'`;
}

/** The key must belong to the server's user and be closed to others, so every file is. */
async function writeForServer(file: string, text: string): Promise<void> {
  const next = `${file}.next`;
  await writeFile(next, text, { mode: 0o600 });
  await giveToServer(next);
  await rename(next, file);
}

function launch(programs: PostgresPrograms, data: string): { child: ChildProcess; log: () => string } {
  const child = spawn(programs.postgres, ["-D", data], {
    ...serverUser(),
    env: programs.env,
    cwd: data,
    // Its own group: Ctrl-C in the terminal is for us, and we end it in order.
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (part: string) => {
    text = (text + part).slice(-100_000);
  });
  child.on("error", (error) => {
    text += error.message;
  });
  return { child, log: () => text };
}

async function readyOrEnded(child: ChildProcess, log: () => string): Promise<boolean> {
  const until = Date.now() + 30_000;
  while (Date.now() < until) {
    if (log().includes("database system is ready to accept connections")) {
      const pipe = child.stderr;
      if (pipe && "unref" in pipe && typeof pipe.unref === "function") pipe.unref();
      return true;
    }
    if (hasEnded(child)) return false;
    await sleep(5);
  }
  return false;
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** In order (sessions are told, shared memory is given back), and by force after three seconds. */
async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.ref();
  const ended = once(child, "exit");
  child.kill("SIGINT");
  const force = setTimeout(() => child.kill("SIGQUIT"), 3000);
  await ended;
  clearTimeout(force);
}

async function query(
  socketFolder: string,
  port: number,
  database: string,
  sql: string,
  values: readonly unknown[] | undefined,
): Promise<Record<string, unknown>[]> {
  const client = new Client({
    host: socketFolder,
    port,
    user: "postgres",
    database,
    password: "",
    ssl: false,
  });
  await client.connect();
  try {
    const result = values ? await client.query(sql, [...values]) : await client.query(sql);
    // Several statements give several results, whatever the types say.
    const last = Array.isArray(result) ? result.at(-1) : result;
    return last.rows;
  } finally {
    await client.end();
  }
}

async function untilReloaded(
  admin: SampleServer["admin"],
  generation: number,
  log: () => string,
): Promise<void> {
  const until = Date.now() + 10_000;
  for (;;) {
    const [row] = await admin("show cloak.generation");
    // pg_hba.conf and the certificates are read in the same breath, after the settings, by the postmaster itself.
    if (row?.["cloak.generation"] === String(generation)) break;
    if (Date.now() > until) throw new Error(`PostgreSQL did not reload:\n${log()}`);
    await sleep(5);
  }
  const ofThisReload = log().slice(log().lastIndexOf("received SIGHUP"));
  if (/was not reloaded|contains errors|could not load/.test(ofThisReload)) {
    throw new Error(`PostgreSQL refused its new settings: ${ofThisReload}`);
  }
}

async function setUp(server: SampleServer, { users, databases, fill }: SampleServerOptions): Promise<void> {
  for (const { name, password, superuser } of users ?? []) {
    const secret = password === undefined ? "" : ` password ${escapeLiteral(password)}`;
    await server.admin(
      `create role ${escapeIdentifier(name)} login${superuser ? " superuser" : ""}${secret}`,
    );
  }
  for (const name of databases ?? []) await server.admin(`create database ${escapeIdentifier(name)}`);
  for (const [database, sql] of Object.entries(fill ?? {})) await server.admin(sql, undefined, database);
}
