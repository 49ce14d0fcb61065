import { expect, test } from "vitest";
import { shareOf } from "#lib/session/server-places.ts";

test.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [5, 4],
  [6, 5],
  [20, 5],
  [24, 6],
  [97, 24],
  [160, 40],
  [5_000, 40],
])("of %i sessions that a server has, %i are the console's", (all, ours) => {
  expect(shareOf(all)).toBe(ours);
});
