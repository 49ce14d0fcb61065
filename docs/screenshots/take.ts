// `npm run screenshots`: walks the demo and takes the README's pictures, in light and dark.
import path from "node:path";
import type { Page } from "@playwright/test";
import { views } from "./views.ts";
import { withDemo } from "./with-demo.ts";

const themes = ["light", "dark"] as const;

await withDemo(async (browser, link) => {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
  });
  await page.goto(link);
  await page.waitForURL(/\/connections/);
  for (const { name, show } of views) {
    await show(page, new URL(link).origin);
    for (const theme of themes) await picture(page, name, theme);
    console.log(name);
  }
});

async function picture(page: Page, name: string, theme: (typeof themes)[number]): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.waitForFunction(() =>
    document.getAnimations().every((one) => !(one instanceof CSSTransition) || one.playState !== "running"),
  );
  // What is under the mouse looks otherwise.
  await page.mouse.move(1439, 899);
  await page.screenshot({ path: path.join(import.meta.dirname, `${name}-${theme}.png`), caret: "initial" });
}
