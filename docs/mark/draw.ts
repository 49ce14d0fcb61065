// `npm run icons`: makes every picture file of the mark from app/icon.svg, with the tests' browser.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Browser, chromium } from "@playwright/test";
import { findBrowser } from "#tests/support/browser.ts";

const root = path.join(import.meta.dirname, "../..");
const svg = readFileSync(path.join(root, "app/icon.svg"), "utf8");
/** Systems round these corners themselves, and a maskable one may lose all but the inner 80 %. */
const square = svg.replace(/ rx="\d+"/, "");
const maskable = square.replace(/<g transform="[^"]*">/, '<g transform="translate(6.4 6.2) scale(.6)">');

const browser = await findBrowser();
const chrome = await chromium.launch({
  executablePath: browser.executablePath,
  args: [...browser.args],
  env: { ...(process.env as Record<string, string>), ...browser.env },
});
try {
  const small = await Promise.all(
    [16, 32, 48].map(async (size) => ({ size, png: await draw(chrome, svg, size) })),
  );
  write("app/favicon.ico", ico(small));
  write("app/apple-icon.png", await draw(chrome, square, 180));
  write("public/icon-192.png", await draw(chrome, svg, 192));
  write("public/icon-512.png", await draw(chrome, svg, 512));
  write("public/icon-maskable-512.png", await draw(chrome, maskable, 512));
} finally {
  await chrome.close();
}

async function draw(chrome: Browser, picture: string, size: number): Promise<Buffer> {
  const page = await chrome.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${picture}`);
  const png = await page.screenshot({ omitBackground: true });
  await page.close();
  return png;
}

/** An ICO file: a directory of PNGs, each with its size and place. */
function ico(pictures: readonly { readonly size: number; readonly png: Buffer }[]): Buffer {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let place = head.length;
  for (const [index, { size, png }] of pictures.entries()) {
    const entry = 6 + 16 * index;
    head.writeUInt8(size, entry);
    head.writeUInt8(size, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(png.length, entry + 8);
    head.writeUInt32LE(place, entry + 12);
    place += png.length;
  }
  return Buffer.concat([head, ...pictures.map(({ png }) => png)]);
}

function write(file: string, bytes: Buffer): void {
  writeFileSync(path.join(root, file), bytes);
  console.log(file, bytes.length);
}
