import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { differences } from "#tests/conformance/differences.ts";

const root = join(import.meta.dirname, "../../..");
const ids = differences.map(({ id }) => id);

test("every difference from libpq stands in the table, and nothing else does", () => {
  const page = readFileSync(join(root, "docs/libpq-differences.md"), "utf8");
  const inTable = [...page.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map((match) => match[1]);
  expect(inTable.filter((id) => id?.includes("-") && !id.includes("="))).toEqual(ids);
});

test("every difference from libpq is pinned by a test of its own", () => {
  const text = readFileSync(join(root, "tests/integration/cli/libpq-differences.test.ts"), "utf8");
  expect(ids.filter((id) => !text.includes(`describe("${id}"`))).toEqual([]);
});
