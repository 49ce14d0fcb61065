import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startConsole } from "#tests/support/console-server.ts";
import { processesWith } from "#tests/support/processes.ts";
import { ordinaryUid, type RunningCli, runCli, startCli } from "#tests/support/run-cli.ts";

const tmp = mkdtempSync(path.join(tmpdir(), "cloak-db-demo-test-"));
chmodSync(tmp, 0o777);
const started: RunningCli[] = [];

// The build, if one is needed, is made once and first.
beforeAll(async () => {
  const first = await startConsole();
  await first.stop();
}, 300_000);

afterAll(async () => {
  await Promise.all(started.map((one) => one.end("SIGKILL")));
  rmSync(tmp, { recursive: true, force: true });
});

interface Demo {
  readonly running: RunningCli;
  readonly url: string;
  readonly token: string;
  /** The folder with everything the demo keeps of its own. */
  readonly folder: string;
}

async function startDemo(uid?: number): Promise<Demo> {
  const running = launch(uid);
  const [, url = "", token = ""] = await running.until(/(http:\S+)\/login#token=(\S+)\n/);
  const [, files = ""] = await running.until(/ are in (\S+)\n/);
  expect(files.startsWith(tmp)).toBe(true);
  return { running, url, token, folder: path.dirname(files) };
}

/** With a folder for temporary files of its own, so that all it leaves is seen. */
function launch(uid?: number): RunningCli {
  const running = startCli(["demo"], { env: { TMPDIR: tmp }, ...(uid === undefined ? {} : { uid }) });
  started.push(running);
  return running;
}

/** What is left of demos: files, their servers (named by folder) and their consoles. */
async function traces(...demos: readonly Demo[]): Promise<readonly string[]> {
  const answering = await Promise.all(
    demos.map(({ url }) =>
      fetch(`${url}/api/health`).then(
        () => [url],
        () => [],
      ),
    ),
  );
  return [...readdirSync(tmp), ...processesWith(tmp), ...answering.flat()];
}

async function signIn({ url, token }: Demo): Promise<string> {
  const answer = await fetch(`${url}/api/login`, {
    method: "POST",
    headers: { Origin: url, "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  });
  expect(answer.status).toBe(200);
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

describe.sequential("the demo", () => {
  test("twice at once, as root and as an ordinary user, with the usual port taken", async () => {
    const blocker = createServer();
    const blocked = await new Promise<boolean>((resolve) => {
      blocker.once("error", () => resolve(false));
      blocker.listen(3000, "127.0.0.1", () => resolve(true));
    });
    const demos = await Promise.all([startDemo(), startDemo(ordinaryUid())]);
    if (blocked) blocker.close();
    expect(demos.map(({ url }) => url)).not.toContain("http://127.0.0.1:3000");
    expect(new Set(demos.map(({ url }) => url)).size).toBe(2);
    for (const demo of demos) {
      const cookie = await signIn(demo);
      const page = await (await fetch(`${demo.url}/connections`, { headers: { Cookie: cookie } })).text();
      for (const name of ["Verified", "Self-signed", "Expired", "Wrong host name", "Client certificate"]) {
        expect(page).toContain(name);
      }
      const again = await fetch(`${demo.url}/api/login`, {
        method: "POST",
        headers: { Origin: demo.url, "Content-Type": "application/json" },
        body: JSON.stringify({ token: demo.token }),
      });
      expect(again.status, "the link is good once").not.toBe(200);
    }
    const [first, second] = demos.map(({ running }) => running);
    expect(await Promise.all([first?.end("SIGINT"), second?.end("SIGTERM")])).toEqual([0, 0]);
    expect(await traces(...demos)).toEqual([]);
  }, 120_000);

  test("each of its servers is what the connection's name says; killed, it takes them all along", async () => {
    const demo = await startDemo();
    const { stdout } = await runCli(
      [
        "check",
        "--json",
        "Verified",
        "Self-signed",
        "Expired",
        "Wrong host name",
        "Client certificate",
        "Client certificate, given",
      ],
      {
        env: {
          CLOAK_DB_CONFIG_DIR: path.join(demo.folder, "config"),
          CLOAK_DB_STATE_DIR: path.join(demo.folder, "state"),
        },
      },
    );
    const outcomes = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { target: string; problem: { code: string } | null })
      .map(({ target, problem }) => [target, problem?.code ?? "ok"]);
    expect(outcomes).toEqual([
      ["Verified", "ok"],
      ["Self-signed", "tls-self-signed"],
      ["Expired", "tls-expired"],
      ["Wrong host name", "tls-hostname-mismatch"],
      ["Client certificate", "auth-client-certificate-missing"],
      ["Client certificate, given", "ok"],
    ]);
    await demo.running.end("SIGKILL");
    await expect.poll(() => traces(demo), { timeout: 15_000, interval: 200 }).toEqual([]);
  }, 60_000);

  test("told to stop while it starts, it leaves nothing either", async () => {
    const stopped = [50, 700, 1200].map(async (delay) => {
      const running = launch();
      await running.until(/Starting/);
      await new Promise((resolve) => setTimeout(resolve, delay));
      return running.end("SIGINT");
    });
    expect(await Promise.all(stopped)).toEqual([0, 0, 0]);
    expect(await traces()).toEqual([]);
  }, 60_000);

  test("a port that was asked for and is taken is not replaced in silence", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    const { code, stderr } = await runCli(["demo", "--port", String(port)]);
    other.close();
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is taken.`);
    expect(code).toBe(1);
  }, 60_000);
});
