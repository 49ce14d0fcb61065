import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startConsole } from "#tests/support/console-server.ts";
import { isRunning } from "#tests/support/processes.ts";
import {
  cliProgram,
  ordinaryUid,
  type RunningCli,
  runCli,
  runHere,
  scratchFolder,
  startCli,
} from "#tests/support/run-cli.ts";

const scratch = scratchFolder();
const started: RunningCli[] = [];

// The build, if one is needed, is made once and first.
beforeAll(async () => {
  const first = await startConsole();
  await first.stop();
}, 300_000);

afterAll(async () => {
  await Promise.all(started.map((one) => one.end("SIGKILL")));
  scratch.remove();
});

function start(args: readonly string[], options: Parameters<typeof startCli>[1] = {}): RunningCli {
  const running = startCli(["start", ...args], { ...options, env: { ...scratch.env, ...options.env } });
  started.push(running);
  return running;
}

test("prints its address, and on a fresh install the link that makes the owner; ends with 0", async () => {
  const running = start(["--port", "0"]);
  const [, url = ""] = await running.until(/ready at (http:\/\/127\.0\.0\.1:\d+)\n/);
  const [, link = "", token = ""] = await running.until(/(http:\S+\/setup#token=([a-z2-7]{32}))\n/);
  expect(link).toBe(`${url}/setup#token=${token}`);
  const tokenFile = path.join(scratch.env.CLOAK_DB_STATE_DIR ?? "", "setup-token");
  expect(readFileSync(tokenFile, "utf8").trim()).toBe(token);
  expect((await fetch(`${url}/api/health`)).status).toBe(200);
  expect((await fetch(`${url}/setup`)).status).toBe(200);
  expect(await running.end("SIGINT")).toBe(0);
  expect(isRunning(running.pid)).toBe(false);
});

test("SIGHUP ends it in order, too; PG* variables do not reach it", async () => {
  const running = start(["--port", "0"], { env: { PGPASSWORD: "canary-pg-password", PGSSLMODE: "disable" } });
  const [, url = ""] = await running.until(/ready at (\S+)\n/);
  expect((await fetch(`${url}/api/health`)).status).toBe(200);
  expect(running.printed()).not.toContain("canary-pg-password");
  expect(await running.end("SIGHUP")).toBe(0);
});

test("works through a symlink and from any folder; a relative config folder is the caller's", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "cloak-db-cwd-"));
  symlinkSync(cliProgram, path.join(folder, "cloak-db"));
  const { code, stdout } = await runCli(["--version"], { cwd: folder });
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  const running = start(["--port", "0"], {
    cwd: folder,
    env: { CLOAK_DB_CONFIG_DIR: "./own/config", CLOAK_DB_STATE_DIR: "./own/state" },
  });
  await running.until(/ready at/);
  expect(existsSync(path.join(folder, "own/config/config.json"))).toBe(true);
  expect(await running.end("SIGTERM")).toBe(0);
  rmSync(folder, { recursive: true });
});

describe("a port that cannot be had", () => {
  let other: Server;
  let port: number;

  beforeAll(async () => {
    other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    port = (other.address() as { port: number }).port;
  });

  afterAll(() => other.close());

  test("taken: says so and names the next free one", async () => {
    const { code, stderr, stdout } = await runCli(["start", "--port", String(port)], { env: scratch.env });
    expect(stderr).toMatch(
      new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is in use\\. Port \\d+ is free: add --port \\d+\\.\n$`),
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  test("not an address of this machine", async () => {
    const { code, stderr } = await runCli(["start", "--host", "192.0.2.1"], { env: scratch.env });
    expect(stderr).toBe("192.0.2.1 is not an address of this machine.\n");
    expect(code).toBe(1);
  });
});

describe("wrong usage exits with 2", () => {
  test.each([
    [["start", "--prot", "1"], "Unknown option: --prot"],
    [["start", "--port"], "The option --port needs a value."],
    [["start", "--port", "http"], "http is not a port."],
    [["start", "--port", "65536"], "65536 is not a port."],
    [["start", "now"], "Unexpected argument: now"],
    [["demo", "--prot", "1"], "Unknown option: --prot"],
    [["demo", "--port", "x"], "x is not a port."],
    [["admin"], "An action is required"],
    [["admin", "create"], "A user name is required."],
    [[], "A command is required."],
    [["begin"], "Unknown command: begin"],
    [["--verbose"], "Unknown option: --verbose"],
  ])("%j", async (args, sentence) => {
    const { code, stderr, stdout } = await runQuickly(args);
    expect(stderr).toContain(sentence);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test.each(["", "start", "demo", "check", "admin", "audit"])("%s --help is no mistake", async (command) => {
    const { code, stdout, stderr } = await runQuickly([...(command ? [command] : []), "--help"]);
    expect(stdout).toMatch(/^(Cloak DB|Usage: cloak-db )/);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

/** `start` is a program of its own; of the others one process shows that the door leads to them. */
function runQuickly(args: readonly string[]) {
  return args[0] === "start" || args[0] === "begin" ? runCli(args, { env: scratch.env }) : runHere(args);
}

test("root's build serves an ordinary user", async () => {
  const uid = ordinaryUid();
  const folder = mkdtempSync(path.join(tmpdir(), "cloak-db-ordinary-"));
  chmodSync(folder, 0o700);
  const home = path.join(folder, "home");
  mkdirSync(home, { mode: 0o700 });
  if (uid !== undefined) for (const one of [folder, home]) chownSync(one, uid, uid);
  const running = start(["--port", "0"], {
    ...(uid === undefined ? {} : { uid }),
    env: {
      HOME: home,
      CLOAK_DB_CONFIG_DIR: path.join(folder, "c"),
      CLOAK_DB_STATE_DIR: path.join(folder, "s"),
    },
  });
  await running.until(/setup#token=/);
  expect(await running.end("SIGINT")).toBe(0);
  rmSync(folder, { recursive: true });
});

test("a second one on the same folder is refused, and says who runs there", async () => {
  const own = scratchFolder();
  try {
    const first = start(["--port", "0"], { env: own.env });
    const [, url = ""] = await first.until(/ready at (http:\/\/127\.0\.0\.1:\d+)\n/);
    const second = start(["--port", "0"], { env: own.env });
    await second.until(/Another console is using this folder: cloak-db start \(pid \d+, .+\)/);
    expect(await second.ended).toBe(1);
    expect((await fetch(`${url}/api/health`)).status).toBe(200);
    expect(await first.end("SIGKILL")).not.toBe(0);
    // One that was killed is in nobody's way.
    const third = start(["--port", "0"], { env: own.env });
    await third.until(/ready at/);
    expect(await third.end("SIGTERM")).toBe(0);
  } finally {
    own.remove();
  }
});
