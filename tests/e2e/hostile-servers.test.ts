import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { BrowserContext, Page } from "@playwright/test";
import { makeCertificate, type SampleCertificate } from "#lib/samples/certificates.ts";
import { outcome, signIn } from "#tests/support/person.ts";
import {
  authentication,
  drip,
  endless,
  type Line,
  oneColumn,
  readyForQuery,
  serverMessage,
  startRogue,
} from "#tests/support/rogue-server.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

interface Tried {
  readonly mode: "disable" | "verify-full";
  readonly script: (line: Line) => unknown;
  /** The code that the attempt ends with. */
  readonly code: string;
}

test.setTimeout(120_000);

test("hostile servers end in a problem each, while others get their pages and the memory stays", async ({
  page,
  context,
  consoleServer,
}) => {
  const dns = Array.from({ length: 10_000 }, (_one, index) => index.toString(36));
  const manyNames = shows(await makeCertificate({ dns }));
  const ordinary = shows(await makeCertificate({ ip: ["127.0.0.1"] }));
  await signIn(page, consoleServer);
  // The first attempt reads the system's trust store.
  await slowestWhile(page, context, ordinary);
  const before = residentBytes(consoleServer.pid);
  // This machine runs the console, its servers and the browser: what that costs by itself.
  const calm = await slowestWhile(page, context, ordinary);
  for (const hostile of [manyNames, endlessRows, endlessNotices, dripping]) {
    // What a server does to the console it does each time; what this machine's other work does, it does not.
    let slowest = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 3 && slowest >= calm + 500; round += 1)
      slowest = Math.min(slowest, await slowestWhile(page, context, hostile));
    expect(slowest, "ms until somebody else's page came").toBeLessThan(calm + 500);
  }
  expect(residentBytes(consoleServer.pid) - before).toBeLessThan(300 * 1024 * 1024);
});

function shows({ pem, keyPem }: SampleCertificate): Tried {
  // Made beforehand: the server's own work is none of the console's.
  const secureContext = createSecureContext({ cert: pem, key: keyPem });
  return { mode: "verify-full", code: "tls-self-signed", script: (line) => line.secure({ secureContext }) };
}

const endlessRows: Tried = {
  mode: "disable",
  code: "net-not-postgres",
  async script(line) {
    await line.message(false);
    line.send(authentication(0), readyForQuery);
    await line.message(true);
    line.send(oneColumn);
    const row = Buffer.concat([Buffer.from([0, 1, 0, 0, 128, 0]), Buffer.alloc(32_768, 97)]);
    endless(line, serverMessage("D", row));
  },
};

const endlessNotices: Tried = {
  mode: "disable",
  code: "net-not-postgres",
  async script(line) {
    await line.message(false);
    line.send(authentication(0));
    endless(line, serverMessage("N", "SNOTICE\0Mhello\0\0"));
  },
};

const dripping: Tried = {
  mode: "disable",
  code: "net-timeout",
  async script(line) {
    await line.message(false);
    line.send(Buffer.from("530000f000", "hex"));
    drip(line, "S");
  },
};

/**
 * Tests a server on a page of its own and asks for another page meanwhile, again and again.
 * @returns the ms that the slowest of those took
 */
async function slowestWhile(page: Page, context: BrowserContext, tried: Tried): Promise<number> {
  const server = await startRogue(tried.script);
  const form = await context.newPage();
  try {
    await form.goto(new URL("/connections/new", page.url()).href);
    await form
      .getByRole("textbox", { name: "Connection string" })
      .fill(`postgres://app:secret@127.0.0.1:${server.port}/shop?sslmode=${tried.mode}&connect_timeout=3`);
    await slowestPage(page, Promise.resolve());
    await form.getByRole("button", { name: "Test connection" }).click();
    const ended = outcome(form);
    const slowest = await slowestPage(page, ended);
    expect(await ended).toBe(tried.code);
    return slowest;
  } finally {
    await Promise.all([server.stop(), form.close()]);
  }
}

async function slowestPage(page: Page, work: Promise<unknown>): Promise<number> {
  let isDone = false;
  const whole = work.finally(() => {
    isDone = true;
  });
  whole.catch(() => undefined);
  let slowest = 0;
  do {
    const took = await page.evaluate(async () => {
      const start = performance.now();
      const answer = await fetch("/settings", { cache: "no-store" });
      await answer.text();
      return answer.ok ? performance.now() - start : Number.POSITIVE_INFINITY;
    });
    slowest = Math.max(slowest, took);
  } while (!isDone);
  await whole;
  return slowest;
}

/** What the process holds now; 0 where the system does not say it in a file. */
function residentBytes(pid: number): number {
  if (process.platform !== "linux") return 0;
  const kilobytes = /VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}
