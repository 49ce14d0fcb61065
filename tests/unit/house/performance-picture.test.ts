import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Growth, growthPicture } from "../../../docs/performance/growth-picture.ts";

const text = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8");
const lastRun: Readonly<Record<string, Growth>> = JSON.parse(text("bench/last-run.json"));

test("docs/performance.svg is what the last run has measured: else run `npm run bench -- growth`", () => {
  expect(text("docs/performance.svg") === growthPicture(Object.values(lastRun))).toBe(true);
});

test("every line of it has points from one to many, and each is in the picture's words", () => {
  const words = growthPicture(Object.values(lastRun));
  const lines = Object.values(lastRun).flatMap(({ lines }) => Object.values(lines));
  expect(lines.length).toBeGreaterThan(8);
  for (const line of lines) {
    expect(line.length).toBeGreaterThan(2);
    for (const [count, ms] of line) expect(words).toContain(`${ms} ms at ${count}`);
  }
});
