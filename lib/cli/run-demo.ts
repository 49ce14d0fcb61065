import "server-only";
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type DemoNotes, demoFaults, writeDemoNotes } from "#lib/demo-notes.ts";
import { readEnvironment } from "#lib/env.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { Result } from "#lib/problems/result.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import { type DemoServers, demoUser, fillLarge, startDemoServers } from "#lib/samples/demo-servers.ts";
import { isPortFree } from "#lib/samples/free-port.ts";
import { largeNumbers } from "#lib/samples/large-schema.ts";
import { makeSampleFolder } from "#lib/samples/sample-folder.ts";
import { Secret } from "#lib/secret.ts";
import { createSignInLink } from "#lib/team/sign-in-link.ts";
import { openWorkspace, type Workspace } from "#lib/workspace.ts";
import { type ConsoleProcess, startConsole } from "./console-process.ts";
import { demoConnections, demoNames } from "./demo-connections.ts";
import type { DemoOptions } from "./demo-options.ts";
import type { ExitCode, Io } from "./io.ts";
import { say } from "./words.ts";

/** Runs the demo until a signal comes. Whatever happens, nothing of it is left afterwards. */
export async function runDemo(options: DemoOptions, io: Io): Promise<ExitCode> {
  const wish = wishToStop();
  const folder = makeSampleFolder();
  const running: Running[] = [];
  try {
    return await run(options, folder.path, { io, wish, running });
  } catch (error) {
    // Most often a sample server that cannot run on this machine; its own words say why.
    io.err(say("cli.demo.failed", { reason: error instanceof Error ? error.message : String(error) }));
    return 1;
  } finally {
    if (wish.signal.aborted) io.out(say("cli.demo.stopping"));
    await Promise.all(running.map((one) => one.stop()));
    await folder.remove();
  }
}

interface Running {
  stop(): Promise<void>;
}

interface Stage {
  readonly io: Io;
  readonly wish: Wish;
  /** What must be stopped in the end, as far as it has come. */
  readonly running: Running[];
}

async function run(options: DemoOptions, folder: string, stage: Stage): Promise<ExitCode> {
  const { io, wish, running } = stage;
  io.out(say("cli.demo.starting"));
  const env = demoEnvironment(folder, options);
  const { workspace, password, owner } = await makeVault(env);
  // The console looks at the vault anew when another process has written to it, so both can begin at once.
  const [console, servers] = await Promise.allSettled([
    startOnPort(options, env, stage).then((started) => keep(started, running)),
    startDemoServers().then((started) => keep(started, running)),
  ]);
  if (wish.signal.aborted) return 0;
  if (servers.status === "rejected") throw servers.reason;
  if (console.status === "rejected") throw console.reason;
  if (console.value === undefined) return 1;
  const files = await writeFiles(demoDirIn(folder), servers.value);
  const saved = await saveConnections(workspace, servers.value, owner);
  await writeDemoNotes(demoDirIn(folder), demoNotesOf(servers.value, saved));
  const token = await createSignInLink(workspace.store, userName);
  io.out(
    say("cli.demo.ready", {
      url: `${console.value.url}/login#token=${token}`,
      user: userName,
      password: password.reveal(),
      folder: files,
      passphrase: servers.value.client.passphrase,
      sampleUser: demoUser.user,
      samplePassword: demoUser.password,
    }),
  );
  // Not waited for: what is there can be tried meanwhile.
  if (options.large) void fill(servers.value, stage);
  await Promise.race([wish.come, console.value.ended]);
  if (wish.signal.aborted) return 0;
  io.err(say("cli.demo.consoleEnded"));
  return 1;
}

async function fill(servers: DemoServers, { io, wish }: Stage): Promise<void> {
  const facts = { tables: String(largeNumbers.tables), rows: String(largeNumbers.rows) };
  io.out(say("cli.demo.filling", facts));
  try {
    await fillLarge(servers);
    io.out(say("cli.demo.filled", facts));
  } catch (error) {
    // Its server is stopped when the demo ends.
    if (wish.signal.aborted) return;
    io.err(say("cli.demo.notFilled", { reason: error instanceof Error ? error.message : String(error) }));
  }
}

const userName = "demo";

interface Wish {
  /** Resolves when somebody wants the demo to end. */
  readonly come: Promise<void>;
  readonly signal: AbortSignal;
}

function wishToStop(): Wish {
  const controller = new AbortController();
  let since: number | undefined;
  const come = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        // npm passes a signal on that the terminal has already given us: only a later one is a second one.
        if (since !== undefined && performance.now() - since > 1000) process.exit(1);
        since ??= performance.now();
        controller.abort();
        resolve();
      });
    }
  });
  return { come, signal: controller.signal };
}

/** Nothing of the caller's own console is used: neither its folders nor its key nor its address. */
function demoEnvironment(folder: string, { host }: DemoOptions): NodeJS.ProcessEnv {
  const mine = Object.entries(process.env).filter(
    ([name]) => !/^(CLOAK_|XDG_|PG[A-Z])/.test(name) || name === "CLOAK_DB_BUILD_DIR",
  );
  return {
    ...(Object.fromEntries(mine) as NodeJS.ProcessEnv),
    CLOAK_DB_CONFIG_DIR: path.join(folder, "config"),
    CLOAK_DB_STATE_DIR: path.join(folder, "state"),
    CLOAK_DB_DEMO_DIR: demoDirIn(folder),
    CLOAK_DB_ALLOW_LOOPBACK: "1",
    CLOAK_DB_LOG_LEVEL: process.env.CLOAK_DB_LOG_LEVEL ?? "warn",
    // Somebody else's address is answered only when it is named, and plain HTTP only when that is allowed.
    ...(isLoopback(host) ? {} : { CLOAK_DB_INSECURE_HTTP: "1" }),
    ...(process.env.CLOAK_DB_PUBLIC_URL ? { CLOAK_DB_PUBLIC_URL: process.env.CLOAK_DB_PUBLIC_URL } : {}),
  };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

async function makeVault(
  env: NodeJS.ProcessEnv,
): Promise<{ workspace: Workspace; password: Secret; owner: string }> {
  const workspace = need(await openWorkspace(need(readEnvironment(env))));
  const password = new Secret(randomBytes(12).toString("base64url"));
  const owner = need(await workspace.users.create({ name: userName, password, role: "owner" }));
  return { workspace, password, owner: owner.id };
}

/** What can only fail here when the program itself is wrong. */
function need<T>(result: Result<T, Problem>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.problem.code} ${JSON.stringify(result.problem.facts)}`);
}

function keep<T extends Running | undefined>(started: T, running: Running[]): T {
  if (started) running.push(started);
  return started;
}

/** A port that was asked for is taken or nothing; otherwise the next free one. */
async function startOnPort(
  { host, port }: DemoOptions,
  env: NodeJS.ProcessEnv,
  { io, wish: { signal } }: Stage,
): Promise<ConsoleProcess | undefined> {
  for (const candidate of port === undefined ? await freePorts(host) : [port]) {
    const address = withAddress(env, host, candidate);
    const started = await startConsole({ host, port: candidate, env: address, signal });
    if (started === undefined || "url" in started) return started;
    if (port !== undefined) {
      io.err(say("cli.start.portTaken", { host, port: String(port), next: String(started.next) }));
    }
  }
  return undefined;
}

/** Another program may take a port between the look and the listening, so there are some to go on with. */
async function freePorts(host: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (let port = 3000; port < 3100 && found.length < 5; port += 1) {
    if (await isPortFree(host, port)) found.push(port);
  }
  return [...found, 0];
}

/** On one address of the network people type that address; on all of them, whichever the caller has named. */
function withAddress(env: NodeJS.ProcessEnv, host: string, port: number): NodeJS.ProcessEnv {
  if (isLoopback(host) || env.CLOAK_DB_PUBLIC_URL || ["0.0.0.0", "::"].includes(host)) return env;
  return { ...env, CLOAK_DB_PUBLIC_URL: `http://${host.includes(":") ? `[${host}]` : host}:${port}` };
}

/**
 * Whoever signs in by the printed link counts as who gave the secrets, and may lead them on.
 * @returns the connections' ids by their names
 */
async function saveConnections(
  workspace: Workspace,
  servers: DemoServers,
  owner: string,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const values of demoConnections(servers)) {
    const draft = await parseProfileForm(values);
    if (!draft.ok) throw new Error(`${values.name}: ${JSON.stringify(draft.problem)}`);
    const made = workspace.profiles.create(draft.value, owner, undefined, workspace.grants.starting(owner));
    ids.set(values.name, need(await made).id);
  }
  return ids;
}

function demoNotesOf({ client }: DemoServers, ids: ReadonlyMap<string, string>): DemoNotes {
  const { user, password } = demoUser;
  return {
    user,
    password,
    servers: demoFaults.map((fault) => ({ fault, connectionId: ids.get(demoNames[fault]) ?? "" })),
    client: { certificate: client.certificatePem, key: client.keyPem, passphrase: client.passphrase },
  };
}

function demoDirIn(folder: string): string {
  return path.join(folder, "files");
}

/** What somebody needs to fix the connection that lacks its client certificate. */
async function writeFiles(folder: string, { ca, client }: DemoServers): Promise<string> {
  await mkdir(folder, { mode: 0o700 });
  const files = { "ca.crt": ca.pem, "client.crt": client.certificatePem, "client.key": client.keyPem };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(path.join(folder, name), text, { mode: 0o600 });
  }
  return folder;
}
