import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { type Browser, chromium } from "@playwright/test";
import { findBrowser } from "#tests/support/browser.ts";

const root = path.join(import.meta.dirname, "../..");

/**
 * Starts the demo and a browser, and ends both when the work is done.
 * @param work given the browser and the link that signs in
 * @throws with what the demo printed when it ends before its link is there
 */
export async function withDemo(work: (browser: Browser, link: string) => Promise<void>): Promise<void> {
  const demo = await startDemo();
  const { executablePath, args, env } = await findBrowser();
  const browser = await chromium.launch({
    executablePath,
    args: [...args],
    env: { ...(process.env as Record<string, string>), ...env },
  });
  try {
    await work(browser, demo.link);
  } finally {
    await browser.close();
    await demo.stop();
  }
}

async function startDemo(): Promise<{ readonly link: string; readonly stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [path.join(root, "bin/cloak-db"), "demo"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const link = await linkOf(child);
  return {
    link,
    async stop() {
      child.kill("SIGINT");
      await ended;
    },
  };
}

function linkOf({ stdout }: ChildProcess): Promise<string> {
  let printed = "";
  return new Promise((resolve, reject) => {
    stdout?.setEncoding("utf8").on("data", (part: string) => {
      printed += part;
      const link = /http:\S+\/login#token=\S+(?=\n)/.exec(printed)?.[0];
      if (link !== undefined) resolve(link);
    });
    stdout?.once("end", () => reject(new Error(`The demo ended before its link:\n${printed}`)));
  });
}
