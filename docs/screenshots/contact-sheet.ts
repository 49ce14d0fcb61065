// `npm run contact-sheet -- FOLDER`: every route of the demo in three languages, four looks and two widths, and the
// README's views in English, as pictures and one page (index.html) that lays them side by side.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "@playwright/test";
import { consolePages } from "#tests/support/console-pages.ts";
import { views } from "./views.ts";
import { withDemo } from "./with-demo.ts";

const languages = ["en-GB", "fr-FR", "zh-TW"] as const;
const widths = [1440, 390] as const;
const looks = [
  { name: "light", media: { colorScheme: "light", contrast: "no-preference" } },
  { name: "dark", media: { colorScheme: "dark", contrast: "no-preference" } },
  { name: "contrast", media: { colorScheme: "light", contrast: "more" } },
  { name: "contrast-dark", media: { colorScheme: "dark", contrast: "more" } },
] as const;

const routes = [
  ...consolePages,
  "/connections?search=nothing-is-called-so",
  "/connections/new?provider=neon",
  "/help?q=self+signed+certificate",
  // Last: nobody is signed in there.
  "/login",
];

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Usage: npm run contact-sheet -- FOLDER");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const taken: string[] = [];

await withDemo(async (browser, link) => {
  const { origin } = new URL(link);
  const state = await signedIn(browser, link);
  for (const language of languages) {
    const context = await browser.newContext({
      locale: language,
      timezoneId: "UTC",
      reducedMotion: "reduce",
    });
    await context.addCookies(state.cookies);
    const page = await context.newPage();
    for (const route of routes) {
      if (route === "/login") await context.clearCookies();
      await page.goto(`${origin}${route}`, { waitUntil: "networkidle" });
      await everyLook(page, `${language}${route}`);
      console.log(`${language} ${route}`);
    }
    await context.close();
  }
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC", reducedMotion: "reduce" });
  await context.addCookies(state.cookies);
  const page = await context.newPage();
  for (const { name, show } of views) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await show(page, origin);
    await everyLook(page, `en-GB/view/${name}`);
    console.log(`view ${name}`);
  }
});
writeFileSync(path.join(folder, "index.html"), sheet(taken));
console.log(`${taken.length} pictures: ${path.join(folder, "index.html")}`);

async function signedIn(browser: Browser, link: string) {
  const page = await browser.newPage();
  await page.goto(link);
  await page.waitForURL(/\/connections/);
  const state = await page.context().storageState();
  await page.close();
  return state;
}

async function everyLook(page: Page, what: string): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    for (const { name, media } of looks) {
      await page.emulateMedia(media);
      await page.mouse.move(0, 0);
      const file = `${what.replace(/[^\w-]+/g, "_")}-${width}-${name}.png`;
      await page.screenshot({ path: path.join(folder ?? "", file) });
      taken.push(file);
    }
  }
}

function sheet(files: readonly string[]): string {
  const figures = files.map(
    (file) =>
      `<figure><a href="${file}"><img loading="lazy" src="${file}" alt=""></a><figcaption>${file}</figcaption></figure>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>Contact sheet</title>
<style>body{font:12px system-ui;background:#888;display:flex;flex-wrap:wrap;gap:8px}figure{margin:0}img{height:270px;display:block}</style>
${figures.join("\n")}
`;
}
