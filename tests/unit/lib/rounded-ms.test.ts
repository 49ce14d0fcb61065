import { expect, test } from "vitest";
import { readableMs, roundedMs } from "#lib/rounded-ms.ts";

test.each([
  [0, 0, 0],
  [1.005_1, 1.01, 1],
  [12.344_9, 12.34, 12.3],
  [99.996, 100, 100],
  [0.04, 0.04, 0],
])("%d ms are told as %d, and to people as %d", (ms, told, read) => {
  expect(roundedMs(ms)).toBe(told);
  expect(readableMs(ms)).toBe(read);
});
