import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { passwordFromFile } from "#lib/cli/password-file.ts";

const folder = mkdtempSync(path.join(tmpdir(), "cloak-db-pgpass-"));
const file = path.join(folder, "pgpass");
const place = { host: "db.example.test", port: "5432", database: "shop", user: "app" };

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["the first line that fits", "x:5432:shop:app:no\n*:*:shop:app:yes\n*:*:*:*:later\n", "yes"],
  ["comments are passed over", "#db.example.test:5432:shop:app:no\n*:*:*:app:yes\n", "yes"],
  ["escaped colons and backslashes", "*:*:*:*:a\\:b\\\\c\n", "a:b\\c"],
  ["a colon that nobody escaped", "*:*:*:*:a:b\r\n", "a:b"],
  ["no line fits", "*:*:*:other:no\nshort:line\n", undefined],
  ["an escaped name", "*:*:sh\\op:app:yes", "yes"],
])("%s", async (_name, text, password) => {
  writeFileSync(file, text, { mode: 0o600 });
  expect((await passwordFromFile(file, place))?.reveal()).toBe(password);
});

test("a file that others may read is left alone, and none is no mistake", async () => {
  writeFileSync(file, "*:*:*:*:yes\n");
  chmodSync(file, 0o640);
  expect(await passwordFromFile(file, place)).toBeUndefined();
  expect(await passwordFromFile(path.join(folder, "none"), place)).toBeUndefined();
});
