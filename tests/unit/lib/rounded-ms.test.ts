import { expect, test } from "vitest";
import { readableMs, roundedMs } from "#lib/rounded-ms.ts";

test.each([
  [0, 0, "0.0"],
  [0.04, 0.04, "0.0"],
  [1.005_1, 1.01, "1.0"],
  [9.949, 9.95, "9.9"],
  [9.951, 9.95, "10"],
  [12.344_9, 12.34, "12"],
  [99.996, 100, "100"],
])("%d ms are told as %d, and to people as %s", (ms, told, read) => {
  expect(roundedMs(ms)).toBe(told);
  expect(readableMs(ms)).toBe(read);
});
