import { expect, test } from "vitest";
import { runTimeLimit } from "#app/_server/run-time-limit.ts";

test.each([
  ["member", true, undefined, 60_000],
  ["member", true, 5_000, 5_000],
  ["member", true, 86_400_000, 60_000],
  ["member", true, 0, 60_000],
  ["owner", true, undefined, 60_000],
  ["owner", true, 3_600_000, 3_600_000],
  ["owner", true, 0, 0],
  ["member", false, undefined, 300_000],
  ["member", false, 86_400_000, 86_400_000],
  ["member", false, 0, 0],
] as const)("%s, read-only %s, asks for %s: %s ms", (role, readOnly, timeoutMs, limit) => {
  expect(runTimeLimit({ role }, { readOnly, timeoutMs })).toBe(limit);
});
