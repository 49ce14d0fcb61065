// `npm run screenshots`: walks the demo and takes the README's pictures, in light and dark.
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { chromium, type Page } from "@playwright/test";
import { findBrowser } from "#tests/support/browser.ts";
import { views } from "./views.ts";

const root = path.join(import.meta.dirname, "../..");
const themes = ["light", "dark"] as const;

const demo = await startDemo();
const browser = await findBrowser();
const chrome = await chromium.launch({
  executablePath: browser.executablePath,
  args: [...browser.args],
  env: { ...(process.env as Record<string, string>), ...browser.env },
});
try {
  const page = await chrome.newPage({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
  });
  await page.goto(demo.link);
  await page.waitForURL(/\/connections/);
  for (const { name, show } of views) {
    await show(page, new URL(demo.link).origin);
    for (const theme of themes) await picture(page, name, theme);
    console.log(name);
  }
} finally {
  await chrome.close();
  await demo.stop();
}

async function picture(page: Page, name: string, theme: (typeof themes)[number]): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.waitForFunction(() =>
    document.getAnimations().every((one) => !(one instanceof CSSTransition) || one.playState !== "running"),
  );
  // What is under the mouse looks otherwise.
  await page.mouse.move(1439, 899);
  await page.screenshot({ path: path.join(import.meta.dirname, `${name}-${theme}.png`), caret: "initial" });
}

/** @throws with what it printed when it ends before its link is there */
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
