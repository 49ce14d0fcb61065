import { expect, test } from "vitest";
import { removedProfiles } from "#lib/saved/removed-profiles.ts";
import type { RemovedRecord } from "#lib/vault/collection.ts";

const record = { sealed: "record" } as unknown as RemovedRecord;

test("a removal can be undone once, by the one who removed it", () => {
  const removed = removedProfiles(() => 0);
  removed.keep("alice", "shop", record);
  expect(removed.take("bob", "shop")).toBeUndefined();
  expect(removed.take("alice", "shop")).toBe(record);
  expect(removed.take("alice", "shop")).toBeUndefined();
});

test("after an hour it is gone", () => {
  let now = 0;
  const removed = removedProfiles(() => now);
  removed.keep("alice", "shop", record);
  now = 60 * 60 * 1000;
  expect(removed.take("alice", "shop")).toBeUndefined();
});

test("what is kept has an upper bound; the oldest goes first", () => {
  const removed = removedProfiles(() => 0);
  for (let index = 0; index <= 200; index += 1) removed.keep("alice", `c${index}`, record);
  expect(removed.take("alice", "c0")).toBeUndefined();
  expect(removed.take("alice", "c200")).toBe(record);
});
