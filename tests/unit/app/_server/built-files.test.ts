import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { builtFilesDoor } from "#app/_server/built-files.ts";
import type { Asked } from "#app/_server/front-door.ts";

const folder = mkdtempSync(join(tmpdir(), "cloak-db-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "chunks"));
/** As `bin/compress-files.js` leaves them. */
for (const name of ["chunks/one.js", "chunks/gone.js"]) {
  const content = Buffer.from("a".repeat(500));
  writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content));
  writeFileSync(join(folder, `${name}.gz`), gzipSync(content));
}
writeFileSync(join(folder, "one.txt"), "text");
writeFileSync(join(folder, "chunks/late.js"), "not compressed");
const door = builtFilesDoor(folder);

const takes = (target: string, headers: Record<string, string> = { "accept-encoding": "br" }) => {
  const match = door.target.exec(target);
  return match !== null && door.takes({ headers } as unknown as IncomingMessage, match.slice(1));
};
const answer = (name: string) =>
  door.answer({ headers: new Headers({ "accept-encoding": "br" }) } as Asked, [name]);

test.each([
  ["a script", "/_next/static/chunks/one.js", true],
  ["what has no compressed form", "/_next/static/chunks/late.js", false],
  ["what is no script or style", "/_next/static/one.txt", false],
  ["a compressed form by its own name", "/_next/static/chunks/one.js.br", false],
  ["a way out of the folder", "/_next/static/chunks/../chunks/one.js", false],
  ["a way written in signs", "/_next/static/chunks%2Fone.js", false],
  ["a query", "/_next/static/chunks/one.js?a", false],
])("%s: %s", (_, target, expected) => {
  expect(takes(target)).toBe(expected);
});

test("whoever takes no coding is the framework's", () => {
  expect(takes("/_next/static/chunks/one.js", {})).toBe(false);
  expect(takes("/_next/static/chunks/one.js", { "accept-encoding": "br;q=0" })).toBe(false);
});

test("a file is sent as it was compressed; one that a newer build took away is not found", async () => {
  const sent = await answer("chunks/one.js");
  expect(brotliDecompressSync(Buffer.from(await sent.arrayBuffer())).toString()).toBe("a".repeat(500));
  for (const ending of ["", ".br", ".gz"]) rmSync(join(folder, `chunks/gone.js${ending}`));
  expect((await answer("chunks/gone.js")).status).toBe(404);
});
