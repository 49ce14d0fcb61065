// How far what is shown moves while a page comes up (Cumulative Layout Shift), for every page at both widths.
// Run: npm run bench -- layout-shift
import { type BrowserContext, chromium } from "@playwright/test";
import { findBrowser } from "#tests/support/browser.ts";
import { withEveryPage } from "./support/every-page.ts";

const goal = 0.02;
const widths = [390, 1440];

const { executablePath, args, env } = await findBrowser();
const browser = await chromium.launch({ executablePath, args: [...args], env: { ...process.env, ...env } });
try {
  await withEveryPage(async ({ origin, pages }) => {
    for (const { name, path, cookie } of pages) {
      const found: string[] = [];
      for (const width of widths) {
        const context = await browser.newContext({
          viewport: { width, height: 844 },
          extraHTTPHeaders: cookie === "" ? {} : { Cookie: cookie },
        });
        const { shift, moved } = await shiftOf(context, `${origin}${path}`);
        const missed = shift > goal ? `  MISSED: ${moved.join(", ")}` : "";
        found.push(`${width}: ${shift.toFixed(3)}${missed}`);
        await context.close();
      }
      console.log(`${name.padEnd(32)} ${found.join("   ")}`);
    }
    console.log(`goal ≤ ${goal} everywhere`);
  });
} finally {
  await browser.close();
}

/** @returns the sum of all shifts, and what has moved */
async function shiftOf(
  context: BrowserContext,
  url: string,
): Promise<{ readonly shift: number; readonly moved: readonly string[] }> {
  const page = await context.newPage();
  await page.addInitScript(() => {
    const seen = { shift: 0, moved: [] as string[] };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as LayoutShift[]) {
        seen.shift += entry.value;
        for (const { node } of entry.sources)
          if (node instanceof HTMLElement) seen.moved.push(`${node.tagName}.${node.className}`.slice(0, 80));
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(url, { waitUntil: "networkidle" });
  // What is loaded lazily stands by now.
  await page.waitForTimeout(500);
  return page.evaluate(() => (window as unknown as { seen: { shift: number; moved: string[] } }).seen);
}

/** https://wicg.github.io/layout-instability/ */
interface LayoutShift {
  readonly value: number;
  readonly sources: readonly { readonly node: Node | null }[];
}
