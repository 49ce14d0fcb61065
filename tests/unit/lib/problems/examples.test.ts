import { expect, test } from "vitest";
import { problemCodes } from "#lib/problems/catalogue.ts";
import { examples } from "#lib/problems/examples.ts";

test("every problem shows what it looks like elsewhere", () => {
  expect(problemCodes.filter((code) => (examples[code] ?? "").trim() === "")).toEqual([]);
});
