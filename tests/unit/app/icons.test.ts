import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import manifest from "#app/manifest.ts";
import { markShape } from "#components/ui/mark-shape.ts";

const root = join(import.meta.dirname, "../../..");
const read = (file: string) => readFileSync(join(root, file));

test("the icon is the mark of the pages", () => {
  const drawn = [
    ...read("app/icon.svg")
      .toString()
      .matchAll(/ d="([^"]+)"/g),
  ].map((match) => match[1]);
  expect(drawn).toEqual(Object.values(markShape));
});

test.each((manifest().icons ?? []).filter(({ type }) => type === "image/png"))(
  "$src is as large as the manifest says",
  ({ src, sizes }) => {
    expect(pngSize(read(`public${src}`))).toBe(sizes);
  },
);

test("the favicon has the three sizes that browsers and desktops ask for", () => {
  const ico = read("app/favicon.ico");
  const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_, index) =>
    pngSize(ico.subarray(ico.readUInt32LE(6 + 16 * index + 12))),
  );
  expect(sizes).toEqual(["16x16", "32x32", "48x48"]);
});

test("a phone's home screen gets its own", () => {
  expect(pngSize(read("app/apple-icon.png"))).toBe("180x180");
});

/** PNG (RFC 2083): eight bytes of signature, then the chunk IHDR, which begins with width and height. */
function pngSize(png: Uint8Array): string {
  const bytes = Buffer.from(png);
  expect(bytes.toString("latin1", 1, 4)).toBe("PNG");
  return `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`;
}
